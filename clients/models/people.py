"""Clients and who cares for them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind, Role
from practices.models import Clinic, ClinicModel
from practices.vault import Purpose, SealedJSONField


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, staff: User) -> "ClientQuerySet":
        """Whose name and state of work this member of staff may see.

        Clinicians: their caseload. Owner and front desk: everybody, but never what was written. Others: nobody.
        """
        if not staff.may(Act.LIST_CLIENTS):
            return self.none()
        if staff.may(Act.GIVE_CARE):
            return self.all()
        return self.in_care_of(staff)

    def in_care_of(self, staff: User) -> "ClientQuerySet":
        """The caseload: clients with a current care relation to this member of staff."""
        if not staff.may(Act.READ_RESPONSES):
            return self.none()
        return self.filter(Exists(CareRelation.objects.current().filter(client=OuterRef("pk"), clinician=staff)))


class Client(ClinicModel):
    """A person receiving care. Contact data is sealed; the account is what they sign in with."""

    class Status(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        PAUSED = "paused"
        DISCHARGED = "discharged"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="client")
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)
    pronouns = models.CharField(max_length=30, blank=True)
    contact = SealedJSONField(purpose=Purpose.CONTACT, null=True)
    timezone = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.INVITED)
    since = models.DateField("with us since")
    last_seen_at = models.DateTimeField(null=True)
    # The local date of the last mail about work: at most one a day.
    mailed_on = models.DateField(null=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_name", "first_name"], name="client_name")]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def zone(self, clinic: Clinic) -> ZoneInfo:
        return ZoneInfo(self.timezone) if self.timezone else clinic.zone


class CareRelationQuerySet(models.QuerySet["CareRelation"]):
    def current(self) -> "CareRelationQuerySet":
        """Begun and not ended, by the database's clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), starts_at__lte=Now())


class CareRelation(ClinicModel):
    """A clinician cares for a client, from and until."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="care")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="care_given")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

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


def clinicians_of(client: Client) -> models.QuerySet[User]:
    """Who may read what this client sends: active clinicians with a current care relation, by name."""
    return User.objects.filter(
        pk__in=CareRelation.objects.current().filter(client=client).values("clinician"),
        kind=Kind.STAFF,
        is_active=True,
        roles__contains=[Role.CLINICIAN],
    ).order_by("display_name")
