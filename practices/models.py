"""The public schema: clinics, their addresses, their wrapped keys and when each next has something to do."""

import re
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from practices.connections import connection
from practices.identifiers import new_id

SCHEMA_NAME = re.compile(r"^[a-z][a-z0-9_]{2,40}\Z")
RESERVED_NAMES = frozenset(
    {
        *("admin", "api", "app", "assets", "blog", "demo", "ext", "inbox", "information_schema", "mail", "media"),
        *("ns", "platform", "postgres", "public", "root", "smtp", "static", "status", "support", "www"),
        # Mails come from <schema>@…, and clinics may be found at <schema>.…: these names mean something there.
        *("abuse", "account", "accounts", "autoconfig", "autodiscover", "billing", "console", "dns", "ftp", "help"),
        *("hostmaster", "imap", "info", "localhost", "login", "mailer_daemon", "mta_sts", "noreply", "no_reply"),
        *("open", "pop", "postmaster", "security", "signup", "sign_up", "webmail", "webmaster", "wpad"),
    }
)


# PostgreSQL's own schemas, and those that are made before a clinic has them.
RESERVED_BEGINNINGS = ("aside_", "pg_", "spare_", "template_")


def validate_schema_name(name: str) -> None:
    """Refuse what is not a plain lower-case name of 3 to 41 letters, digits and _, or is kept for ourselves."""
    if not SCHEMA_NAME.match(name):
        raise ValidationError("Use 3 to 41 small letters, digits and _, starting with a letter.")
    if name in RESERVED_NAMES or name.startswith(RESERVED_BEGINNINGS):
        raise ValidationError(f"“{name}” is kept for the platform itself; choose another name.")


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("This is no time zone; write one such as Europe/London.")


def validate_accent(colour: str) -> None:
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValidationError("Write the colour as # and six digits, such as #2f5d46.")


def validate_leave_url(url: str) -> None:
    if not re.fullmatch(r"https://[a-z0-9.-]+(/[\w./-]*)?", url):
        raise ValidationError("Write an https address, such as https://www.example.org/.")


def validate_crisis_contacts(contacts: object) -> None:
    """A list of {"label", "number"}: who answers, and the number to call."""
    if not isinstance(contacts, list):
        raise ValidationError("Give a list of contacts.")
    for contact in contacts:
        if not isinstance(contact, dict) or set(contact) != {"label", "number"}:
            raise ValidationError("Each contact has a label and a number.")
        if not re.fullmatch(r"\+?[0-9][0-9 ()-]{1,24}", str(contact["number"])):
            raise ValidationError(f"“{contact['number']}” is no telephone number.")


class Clinic(TenantMixin):
    """One practice: the tenant. Its schema is made by services, never by saving this row."""

    class Kind(models.TextChoices):
        CLINIC = "clinic"
        PLATFORM = "platform"

    class Status(models.TextChoices):
        PROVISIONING = "provisioning", "being opened"
        OPEN = "open"
        SUSPENDED = "suspended"
        CLOSING = "closing"
        ERASING = "erasing", "being erased"

    class TextSize(models.TextChoices):
        NORMAL = "normal"
        LARGER = "larger"
        LARGEST = "largest"

    auto_create_schema = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The id under which it was first opened, if it came from an export: each import makes another clinic of it.
    origin = models.UUIDField(null=True, unique=True, editable=False)
    type = models.CharField(max_length=10, choices=Kind, default=Kind.CLINIC)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROVISIONING)
    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=64, default="Europe/London", validators=[validate_timezone])
    locale = models.CharField(max_length=10, default="en-gb")
    country = models.CharField(max_length=2, default="GB")
    accent = models.CharField(max_length=7, default="#2f5d46", validators=[validate_accent])
    text_size = models.CharField(
        max_length=7, choices=TextSize, default=TextSize.NORMAL, db_default=TextSize.NORMAL.value
    )
    # Names the file of the logo, anew for each; see practices/theming.py.
    logo = models.UUIDField(null=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    logo_alt = models.CharField(max_length=120, blank=True, default="", db_default="")
    logo_says_name = models.BooleanField(default=False, db_default=False)
    address_line = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    response_time = models.CharField(max_length=80, default="within two working days")
    crisis_contacts = models.JSONField(default=list, blank=True, validators=[validate_crisis_contacts])
    leave_url = models.CharField(max_length=200, default="https://www.wikipedia.org/", validators=[validate_leave_url])
    created_at = models.DateTimeField(auto_now_add=True)
    # Hours of the day, by each client's own clock, between which nobody is written to.
    quiet_from = models.PositiveSmallIntegerField(default=21, db_default=21)
    quiet_until = models.PositiveSmallIntegerField(default=8, db_default=8)
    # Minutes after which an alert that nobody has acknowledged is passed on.
    alert_minutes = models.PositiveSmallIntegerField(default=60, db_default=60)
    editors_look_first = models.BooleanField(default=False, db_default=False)
    # The owner has put the list of the first hour away.
    first_hour_over = models.BooleanField(default=False, db_default=False)
    closing_since = models.DateTimeField(null=True, blank=True)
    # Why it may not be erased, in the operator's words: the number of a case, a letter of a court.
    legal_hold = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="clinic_type_known", condition=models.Q(type__in=["clinic", "platform"])),
            models.CheckConstraint(
                name="clinic_text_size_known", condition=models.Q(text_size__in=["normal", "larger", "largest"])
            ),
            models.CheckConstraint(
                name="clinic_logo_is_described",
                condition=models.Q(logo=None)
                | (models.Q(logo_width__gt=0, logo_height__gt=0) & ~models.Q(logo_alt="")),
            ),
            models.CheckConstraint(
                name="clinic_quiet_at_night",
                condition=models.Q(quiet_until__lt=models.F("quiet_from"), quiet_from__lte=24),
            ),
            models.CheckConstraint(
                name="clinic_closing_since_known",
                condition=~models.Q(status="closing") | models.Q(closing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Clinic {self.pk}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def shared_locale(self) -> str:
        """As other sites want it, such as en_GB; a language alone is taken for that of the clinic's country."""
        language, _, territory = self.locale.partition("-")
        return f"{language}_{(territory or self.country).upper()}"


# Being made, or being taken apart: only what began that goes on with it.
NOT_WHOLE = (Clinic.Status.PROVISIONING, Clinic.Status.ERASING)


class Domain(DomainMixin):
    """A host name that leads to a clinic; mails link to the primary one.

    With a token it is not in use yet: the host must first answer with it, which shows that it leads here.
    """

    token = models.CharField(max_length=43, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="domain_primary_was_checked", condition=models.Q(is_primary=False) | models.Q(token="")
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_per_clinic"
            ),
        ]

    def __str__(self) -> str:
        return f"Domain {self.pk}"


class ClinicKey(models.Model):
    """A clinic's data key for one purpose, wrapped by the master key.

    The active one seals. A retired one opens what has not been sealed anew yet; when all of it has been, it is spent, and is
    destroyed once no process can still be using it.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"
        SPENT = "spent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=10)
    wrapped = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "purpose"], condition=models.Q(state="active"), name="clinic_key_one_active"
            )
        ]

    def __str__(self) -> str:
        return f"ClinicKey {self.pk}"


class ClinicWakeup(models.Model):
    """The next moment at which a clinic has work of one kind; the kind is the name of the task that does it.

    `since` is the moment from which that work waits: unlike `due_at` it stays when a task is asked for, or has to try again.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_wakeup"
        constraints = [models.UniqueConstraint(fields=["clinic", "kind"], name="clinic_wakeup_one_per_kind")]
        indexes = [models.Index(fields=["due_at"], name="clinic_wakeup_due")]

    def __str__(self) -> str:
        return f"ClinicWakeup {self.pk}"


class ClinicUsage(models.Model):
    """How much a clinic holds, in numbers alone: counted in it by night; see clients/services/usage.py.

    In public, so that the operator's list of a thousand clinics is one query and visits none of them.
    """

    clinic = models.OneToOneField(Clinic, on_delete=models.CASCADE, primary_key=True, related_name="usage")
    clients = models.PositiveIntegerField(null=True)
    storage_bytes = models.BigIntegerField(null=True)
    # Of the last thirty days.
    mails = models.PositiveIntegerField(null=True)
    mails_failed = models.PositiveIntegerField(null=True)
    # When somebody last did something here.
    active_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clinic_usage"

    def __str__(self) -> str:
        return f"ClinicUsage {self.pk}"


class Heartbeat(models.Model):
    """When something that should run all the time was last heard of."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "heartbeat"

    def __str__(self) -> str:
        return f"Heartbeat {self.pk}"


class ClinicMigration(models.Model):
    """How far a clinic's schema is migrated: a clinic that is not at the head answers 503.

    `before` is the head that it was at until then. A release that finds its own there goes on with the clinic, since migrations
    only add to what the release before them needs.
    """

    class State(models.TextChoices):
        DONE = "done"
        FAILED = "failed"

    clinic = models.OneToOneField(Clinic, on_delete=models.CASCADE, primary_key=True, related_name="migration")
    head = models.CharField(max_length=64)
    before = models.CharField(max_length=64, blank=True, default="", db_default="")
    state = models.CharField(max_length=6, choices=State)
    error = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"ClinicMigration {self.pk}"


class MeasureWording(models.Model):
    """The official wording of a measure, taken in once by the operator for every clinic.

    In public, so that one backup and every process has it; no row of a clinic points here.
    """

    key = models.CharField(primary_key=True, max_length=40)
    schema = models.JSONField()
    imported_at = models.DateTimeField()

    class Meta:
        db_table = "measure_wording"

    def __str__(self) -> str:
        return f"MeasureWording {self.pk}"


class SchemaSnapshot(models.Model):
    """The SQL that makes a schema of one type as the migrations of one release leave it; see practices/snapshots.py.

    In public, so that every process has it. It is run by the owner of the tables, so the app's role may not write it.
    """

    head = models.CharField(primary_key=True, max_length=64)
    token = models.CharField(max_length=63)
    sql = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "schema_snapshot"

    def __str__(self) -> str:
        return f"SchemaSnapshot {self.pk}"


class SpareSchema(models.Model):
    """A clinic's schema that is ready before anybody has asked for it; see practices/spares.py."""

    schema_name = models.CharField(primary_key=True, max_length=63)
    head = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "spare_schema"

    def __str__(self) -> str:
        return f"SpareSchema {self.pk}"


class CrossedClinicError(RuntimeError):
    """A row that was loaded in one clinic was about to be written in another."""


class ClinicModel(models.Model):
    """A row in a clinic's schema: keyed by time-ordered UUID and never written into another clinic than its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "ClinicModel":
        row = super().from_db(*args, **kwargs)
        row._state.schema_name = connection.schema_name  # type: ignore[attr-defined]
        return row

    def _stay_in_clinic(self) -> None:
        home = getattr(self._state, "schema_name", connection.schema_name)
        if home != connection.schema_name:
            raise CrossedClinicError(f"{self} belongs to another clinic.")

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        self._stay_in_clinic()
        super().save_base(*args, **kwargs)
        self._state.schema_name = connection.schema_name  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._stay_in_clinic()
        return super().delete(*args, **kwargs)
