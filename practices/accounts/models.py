"""People and their sessions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from practices.accounts.permissions import Act, Kind, Role, granted
from practices.models import ClinicModel
from practices.tenancy import current_clinic
from practices.vault import BlindIndexField, Purpose, SealedTextField, blind_index, plain_address


@dataclass(frozen=True, slots=True)
class Origin:
    """The request by which somebody acts, for the audit."""

    request_id: UUID
    address: str | None


class UserQuerySet(models.QuerySet["User"]):
    def by_email(self, email: str) -> "UserQuerySet":
        """Whoever has this address here; it is sealed, so it is found by its blind index."""
        return self.filter(email_index=blind_index(email))

    def staff(self) -> "UserQuerySet":
        """All who work or worked here."""
        return self.filter(kind=Kind.STAFF)

    def active_staff(self) -> "UserQuerySet":
        return self.filter(kind=Kind.STAFF, is_active=True)

    def active_clients(self) -> "UserQuerySet":
        return self.filter(kind=Kind.CLIENT, is_active=True)

    def with_role(self, role: Role) -> "UserQuerySet":
        return self.active_staff().filter(roles__contains=[role])

    def staying(self) -> "UserQuerySet":
        """Those who are not about to leave."""
        return self.filter(leaves_at=None)

    def get_by_natural_key(self, email: str) -> "User":
        return self.by_email(email).get()


class User(ClinicModel, AbstractBaseUser):
    """Somebody who signs in at this clinic. At two clinics, the same person has two accounts."""

    email = SealedTextField(purpose=Purpose.CONTACT)
    email_index = BlindIndexField(of="email", max_length=32, unique=True)
    display_name = models.CharField("name", max_length=120)
    credentials = models.CharField(max_length=60, blank=True, help_text="As in a byline: MSW, LMFT, PhD.")
    kind = models.CharField(max_length=8, choices=[(kind, kind.value) for kind in Kind], default=Kind.STAFF)
    roles = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    # Names the file of their photo, anew for each photo.
    photo = models.UUIDField(null=True, editable=False)
    is_active = models.BooleanField("account open", default=True)
    # Until when somebody who is leaving works here; then the account closes by itself.
    leaves_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # The Monday of the last week of which a clinician was mailed.
    told_of_week = models.DateField(null=True, editable=False)

    objects = UserQuerySet.as_manager()

    USERNAME_FIELD = "email_index"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]
    origin: Origin | None = None

    class Meta:
        verbose_name = "staff member"
        constraints = [
            models.CheckConstraint(name="user_kind_known", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(
                name="user_roles_are_for_staff",
                condition=Q(kind=Kind.STAFF, roles__len__gt=0) | (~Q(kind=Kind.STAFF) & Q(roles=[])),
            ),
            models.CheckConstraint(
                name="user_roles_known", condition=Q(roles__contained_by=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"User {self.pk}"

    def clean(self) -> None:
        """AbstractBaseUser would normalise the blind index as text."""

    def set_email(self, email: str) -> None:
        """Keep the address sealed, and its blind index for sign-in."""
        self.email = plain_address(email)
        self.email_index = blind_index(email)

    @property
    def acts(self) -> frozenset[Act]:
        return granted(self.kind, self.roles, editors_look_first=current_clinic().editors_look_first)

    def may(self, act: Act) -> bool:
        return self.is_active and act in self.acts

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens for them at all; what they find there is decided act by act."""
        return self.is_active and self.kind in (Kind.STAFF, Kind.OPERATOR)

    @property
    def is_client(self) -> bool:
        return self.kind == Kind.CLIENT

    @property
    def roles_in_words(self) -> str:
        return ", ".join(self.roles) or self.kind

    @property
    def byline(self) -> str:
        return f"{self.display_name}, {self.credentials}" if self.credentials else self.display_name

    @property
    def first_name(self) -> str:
        return self.display_name.partition(" ")[0]

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Django's own permissions are not used: ask may()."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


def display_name_of(user: User) -> str:
    return user.display_name


def token_hash(token: str) -> bytes:
    """How a token is kept; bound to the clinic, so that a row carried to another one opens nothing there."""
    return hashlib.sha256(current_clinic().pk.bytes + token.encode()).digest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=token_hash(token))

    def to_address(self, email: str) -> "InvitationQuerySet":
        return self.filter(address_index=blind_index(email))

    def pending(self) -> "InvitationQuerySet":
        """Neither used nor taken back; its link may have run out."""
        return self.filter(used_at=None, revoked_at=None)

    def acceptable(self, at: datetime) -> "InvitationQuerySet":
        return self.pending().filter(expires_at__gt=at)


class Invitation(ClinicModel):
    """Somebody was asked to work here. The mail holds the token; here is only its hash."""

    class State(models.TextChoices):
        OPEN = "open"
        EXPIRED = "expired"
        USED = "used"
        REVOKED = "taken back"

    address = SealedTextField(purpose=Purpose.CONTACT)
    address_index = BlindIndexField(of="address", max_length=32)
    token_hash = models.BinaryField(max_length=32, unique=True)
    roles = ArrayField(models.CharField(max_length=10))
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="invitations_made")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    account = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_index"],
                condition=Q(used_at=None, revoked_at=None),
                name="invitation_one_open_an_address",
            ),
            models.CheckConstraint(
                name="invitation_roles_known",
                condition=Q(roles__contained_by=[role.value for role in Role], roles__len__gt=0),
            ),
            models.CheckConstraint(
                name="invitation_used_made_an_account",
                condition=Q(used_at=None, account=None) | Q(used_at__isnull=False, account__isnull=False),
            ),
            models.CheckConstraint(name="invitation_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(
                name="invitation_expires_after_sending", condition=Q(expires_at__gt=models.F("sent_at"))
            ),
        ]

    @property
    def roles_in_words(self) -> str:
        return ", ".join(self.roles)

    def state(self, at: datetime) -> State:
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if at < self.expires_at else self.State.EXPIRED


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def current(self) -> "SupervisionQuerySet":
        """Begun and not ended, by the database's clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), starts_at__lte=Now())

    def going_on(self, at: datetime) -> "SupervisionQuerySet":
        """Not ended by then."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def of(self, person: User) -> "SupervisionQuerySet":
        """Those that this person has a part in, with both names."""
        own = self.filter(Q(supervisor=person) | Q(supervisee=person)).select_related("supervisor", "supervisee")
        return own.order_by("supervisor__display_name", "supervisee__display_name")


class Supervision(ClinicModel):
    """A supervisor reads the caseload of a supervisee, from and until."""

    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervisees")
    supervisee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervisors")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "supervisee"], condition=Q(ends_at=None), name="supervision_once_at_a_time"
            ),
            models.CheckConstraint(
                name="supervision_ends_after_start", condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="supervision_is_of_somebody_else", condition=~Q(supervisor=models.F("supervisee"))
            ),
        ]


class Session(AbstractBaseSession):
    """A signed-in browser; it knows whose it is, so that it can be ended."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "session"

    def __str__(self) -> str:
        return "Session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from practices.accounts.sessions import SessionStore

        return SessionStore
