"""Clients and who cares for them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from clients import consent
from practices.accounts.models import Supervision, User
from practices.accounts.permissions import Act, Kind, Role
from practices.models import Clinic, ClinicModel
from practices.vault import Purpose, SealedJSONField, SealedTextField

NOBODY = Q(pk__in=[])
GLASS_STAYS_OPEN = timedelta(minutes=60)


def _in_care(staff: User) -> Q:
    if not staff.may(Act.READ_RESPONSES):
        return NOBODY
    return Q(Exists(CareRelation.objects.acting().filter(client=OuterRef("pk"), clinician=staff)))


def _handed_over(staff: User) -> Q:
    if not staff.may(Act.READ_RESPONSES):
        return NOBODY
    return Q(Exists(CareRelation.objects.handing_over().filter(client=OuterRef("pk"), clinician=staff)))


def _supervised(staff: User) -> Q:
    if not staff.may(Act.SUPERVISE):
        return NOBODY
    supervisees = supervisees_of(staff).values("pk")
    return Q(Exists(CareRelation.objects.current().filter(client=OuterRef("pk"), clinician__in=supervisees)))


def _under_glass(staff: User) -> Q:
    if not staff.may(Act.BREAK_GLASS):
        return NOBODY
    return Q(Exists(BreakGlass.objects.current().filter(client=OuterRef("pk"), user=staff)))


def _readable(staff: User) -> Q:
    return _in_care(staff) | _handed_over(staff) | _supervised(staff) | _under_glass(staff)


class ClientQuerySet(models.QuerySet["Client"]):
    """Four different questions: whose name, whose words, who is cared for, and whose place here is arranged."""

    def visible_to(self, staff: User) -> "ClientQuerySet":
        """Whose name and state of work this member of staff may see.

        Owner and front desk: everybody, but never what was written. Others: those whom they may read.
        """
        if not staff.may(Act.LIST_CLIENTS):
            return self.none()
        return self.all() if staff.may(Act.GIVE_CARE) else self.read_by(staff)

    def read_by(self, staff: User) -> "ClientQuerySet":
        """Whose work and words this member of staff may read; to act on them takes care."""
        return self.filter(_readable(staff))

    def with_history_for(self, staff: User) -> "ClientQuerySet":
        """Of whom this member of staff may see who opened what: the owner of everybody, clinicians of those in their care."""
        return self.all() if staff.may(Act.READ_AUDIT) else self.in_care_of(staff)

    def named(self, name: str) -> "ClientQuerySet":
        """Who has each of these words in their name; of more than four words the first count."""
        parts = Q()
        for part in name.split()[:4]:
            parts &= Q(first_name__icontains=part) | Q(last_name__icontains=part)
        return self.filter(parts)

    def out_of_reach_of(self, staff: User) -> "ClientQuerySet":
        """Whom this member of staff may not read, and may break the glass for: by name only."""
        return self.exclude(_readable(staff)) if staff.may(Act.BREAK_GLASS) else self.none()

    def in_care_of(self, staff: User) -> "ClientQuerySet":
        """The caseload: clients with a current care relation to this member of staff, who has not handed them over."""
        return self.filter(_in_care(staff))

    def handed_over_by(self, staff: User) -> "ClientQuerySet":
        """Whom somebody else has taken over, and this member of staff still reads until a day that is set."""
        return self.filter(_handed_over(staff)).exclude(_in_care(staff))

    def supervised_by(self, staff: User) -> "ClientQuerySet":
        """The caseloads of those whom this member of staff supervises now."""
        return self.filter(_supervised(staff))

    def mailable(self) -> "ClientQuerySet":
        """Who may be told by mail that something waits: with us, by that channel, and they have not said no."""
        return self.filter(
            status__in=[Client.Status.INVITED, Client.Status.ACTIVE],
            channel=Client.Channel.MAIL,
            consent__in=[Client.Consent.UNASKED, Client.Consent.GIVEN],
        )

    def mailed_to_on(self, day: date) -> "ClientQuerySet":
        """Who has not asked for some days without a mail."""
        return self.exclude(no_mail_until__gte=day)

    def not_paused_on(self, day: date) -> "ClientQuerySet":
        return self.exclude(pause_from__lte=day, pause_until__gte=day)

    def arranged_by(self, staff: User) -> "ClientQuerySet":
        """Whose name, status and way in this member of staff may change: front desk and owner everybody's, clinicians their own."""
        if not staff.may(Act.ADD_CLIENTS):
            return self.none()
        return self.all() if staff.may(Act.GIVE_CARE) else self.in_care_of(staff)


class Client(ClinicModel):
    """A person receiving care. Contact data is sealed; the account is what they sign in with."""

    class Status(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        PAUSED = "paused"
        DISCHARGED = "discharged"

    class Consent(models.TextChoices):
        UNASKED = "unasked", "not asked yet"
        GIVEN = "given"
        REFUSED = "refused", "said no"
        WITHDRAWN = "withdrawn", "taken back"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"

    class Channel(models.TextChoices):
        MAIL = "mail", "By mail, at most one a day"
        NONE = "none", "Not at all. I look in by myself"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="client")
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    pronouns = models.CharField(max_length=30, blank=True)
    contact = SealedJSONField(purpose=Purpose.CONTACT, null=True)
    timezone = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.INVITED)
    since = models.DateField("with us since")
    last_seen_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    channel = models.CharField(max_length=4, choices=Channel, default=Channel.MAIL)
    # What the newest Consent says, here too because every page of the client's reads this row.
    consent = models.CharField(max_length=9, choices=Consent, default=Consent.UNASKED)
    consent_version = models.PositiveSmallIntegerField(default=0)
    # A pause from work, by the client's own calendar: nothing opens on these days, and no mail about work is sent.
    pause_from = models.DateField(null=True)
    pause_until = models.DateField(null=True)
    # By the client's own clock: not before this hour, and not until this day is over.
    mail_hour = models.PositiveSmallIntegerField(null=True)
    no_mail_until = models.DateField(null=True)
    # The local date of the last mail about work: at most one a day.
    mailed_on = models.DateField(null=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_name", "first_name"], name="client_name")]
        constraints = [
            models.CheckConstraint(
                name="client_pause_has_two_ends",
                condition=Q(pause_from=None, pause_until=None)
                | Q(pause_from__isnull=False, pause_until__isnull=False, pause_until__gte=models.F("pause_from")),
            )
        ]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_agreed(self) -> bool:
        """To the text as it is now; whoever agreed to an older one is asked anew before they send."""
        return self.consent == self.Consent.GIVEN and self.is_asked

    @property
    def is_asked(self) -> bool:
        """Whether they have decided on the text as it is now."""
        return self.consent_version == consent.current()

    @property
    def waits_for_the_way_in(self) -> bool:
        """They were invited, have not come yet, and hear from the clinic by mail."""
        return self.status == self.Status.INVITED and self.channel == self.Channel.MAIL

    def zone(self, clinic: Clinic) -> ZoneInfo:
        return ZoneInfo(self.timezone) if self.timezone else clinic.zone

    def has_pause(self, today: date) -> bool:
        """One is on, or lies ahead."""
        return self.pause_until is not None and self.pause_until >= today

    def is_paused(self, today: date) -> bool:
        return self.has_pause(today) and self.pause_from is not None and self.pause_from <= today


class CareRelationQuerySet(models.QuerySet["CareRelation"]):
    def current(self) -> "CareRelationQuerySet":
        """Begun and not ended, by the database's clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), starts_at__lte=Now())

    def acting(self) -> "CareRelationQuerySet":
        """Current, and no end is set: the clinician reads, replies, assigns."""
        return self.filter(ends_at=None, starts_at__lte=Now())

    def handing_over(self) -> "CareRelationQuerySet":
        """Current, and somebody else has taken over: the clinician reads until the end."""
        return self.filter(ends_at__gt=Now(), starts_at__lte=Now())

    def by_staying(self) -> "CareRelationQuerySet":
        """No end is set, and the clinician can act and is not about to leave."""
        staying = {"clinician__is_active": True, "clinician__leaves_at": None}
        return self.filter(ends_at=None, clinician__roles__contains=[Role.CLINICIAN], **staying)

    def going_on(self, at: datetime) -> "CareRelationQuerySet":
        """Not ended by then."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class CareRelation(ClinicModel):
    """A clinician cares for a client, from and until. One whose end lies ahead was handed over: until then they read."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="care")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="care_given")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    # Whose care this one took over, if it began as a hand-over: so that it can be taken back before the day.
    instead_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="taken_over_by")

    objects = CareRelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "clinician"], condition=Q(ends_at=None), name="care_relation_once_at_a_time"
            ),
            models.CheckConstraint(
                name="care_relation_ends_after_start", condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at"))
            ),
        ]


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def current(self) -> "BreakGlassQuerySet":
        """Not ended early, and the hour is not over, by the database's clock."""
        return self.filter(ended_at=None, until__gt=Now())

    def visible_to(self, staff: User) -> "BreakGlassQuerySet":
        """That it happened, to whom and when: for the owner all, for others their own and those of their caseload."""
        if staff.may(Act.READ_AUDIT):
            return self.all()
        if not staff.may(Act.READ_RESPONSES):
            return self.none()
        return self.with_reason_for(staff)

    def with_reason_for(self, staff: User) -> "BreakGlassQuerySet":
        """Those whose reason, which may be clinical, this member of staff may read: their own and those of their caseload."""
        return self.filter(Q(user=staff) | Q(client__in=Client.objects.in_care_of(staff)))


class BreakGlass(ClinicModel):
    """A clinician opened a colleague's client, with a reason, for an hour at most."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="openings_by_others")
    reason = SealedTextField(purpose=Purpose.NOTES)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="break_glass_an_hour_at_most",
                condition=Q(
                    until__gt=models.F("starts_at"),
                    until__lte=models.ExpressionWrapper(
                        models.F("starts_at") + GLASS_STAYS_OPEN, output_field=models.DateTimeField()
                    ),
                ),
            ),
        ]
        indexes = [models.Index(fields=["-starts_at"], name="break_glass_starts")]


def clinicians_of(client: Client) -> models.QuerySet[User]:
    """Who may read what this client sends: active clinicians with a current care relation, by name."""
    return User.objects.filter(
        pk__in=CareRelation.objects.current().filter(client=client).values("clinician"),
        kind=Kind.STAFF,
        is_active=True,
        roles__contains=[Role.CLINICIAN],
    ).order_by("display_name")


def acting_for(client: Client) -> models.QuerySet[User]:
    """Who acts on what this client sends, and is told of it: those of `clinicians_of` who have not handed over, by name."""
    return clinicians_of(client).filter(pk__in=CareRelation.objects.acting().filter(client=client).values("clinician"))


def supervisees_of(staff: User) -> models.QuerySet[User]:
    """The clinicians whose caseload this member of staff supervises now, by name."""
    return (
        User.objects.with_role(Role.CLINICIAN)
        .filter(pk__in=Supervision.objects.current().filter(supervisor=staff).values("supervisee"))
        .order_by("display_name")
    )


def supervisions_of(client: Client) -> models.QuerySet[Supervision]:
    """By whom and over whom the client's clinicians are supervised now, by name; such a supervisor reads what is sent."""
    return (
        Supervision.objects.current()
        .filter(
            supervisee__in=clinicians_of(client).order_by(),
            supervisor__is_active=True,
            supervisor__roles__contains=[Role.SUPERVISOR],
        )
        .select_related("supervisor", "supervisee")
        .order_by("supervisor__display_name", "supervisee__display_name")
    )
