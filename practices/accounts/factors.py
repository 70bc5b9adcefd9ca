"""Second factors: sealed for one person at one clinic, changed with everything that must follow."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from practices.accounts.models import Session, User
from practices.accounts.services import end_sessions
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.vault import Purpose, VaultError
from practices.vault.keyring import open_here, seal_here

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
MODEL, COLUMN = "mfa.Authenticator", "data"


class LastFactorError(Exception):
    """Staff must keep one second factor."""


def seal_seed(seed: str, *, user: User) -> str:
    """The seed as it may lie in the database; bound to clinic and person, so a copied row opens for nobody else."""
    sealed = seal_here(seed.encode(), purpose=Purpose.TOTP, model=MODEL, column=COLUMN, row=user.pk)
    return urlsafe_b64encode(sealed).decode()


def open_seed(sealed: str, *, user: User) -> str:
    """Raises VaultError if it was sealed for somebody else or at another clinic, or is nothing sealed."""
    try:
        value = urlsafe_b64decode(sealed)
    except ValueError:
        raise VaultError(f"Not a sealed value. {MODEL}.{COLUMN}, of person {user.pk}.") from None
    return open_here(value, model=MODEL, column=COLUMN, row=user.pk).decode()


def has_second_factor(user: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    found: bool = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()
    return found


@transaction.atomic
def add_authenticator_app(user: User, *, seed: str) -> None:
    """From now on this person is asked for the app's six digits; recovery codes are made along with it."""
    data = {"secret": seal_seed(seed, user=user)}
    Authenticator.objects.create(user_id=user.pk, type=Authenticator.Type.TOTP, data=data)
    add_recovery_codes(user)


def app_seeds() -> dict[User, str]:
    """Each person's seed, opened, for the demo and its tests alone: it stands in for everybody's phone."""
    apps = (
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("user__created_at")
    )
    return {app.user: open_seed(app.data["secret"], user=app.user) for app in apps}


def add_recovery_codes(user: User) -> None:
    """Ten codes for the day on which the phone is gone, unless there are some."""
    data = {"seed": seal_seed(RecoveryCodes.generate_seed(), user=user), "used_mask": 0}
    Authenticator.objects.get_or_create(
        user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": data}
    )


@transaction.atomic
def reset_second_factor(user: User, *, by: User, at: datetime) -> None:
    """Take a colleague's factors away, who sets up new ones at the next sign-in; their sessions end and they are told."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    record(Action.FACTORS_RESET, subject=user, by=by, at=at)
    queue_mail(MailKind.SIGN_IN_CHANGED, to=user.email, at=at)


def ways_in_changed(user: User, *, kept_session: str | None, at: datetime) -> None:
    """What follows when somebody changed how they sign in: their other sessions end, it is on record, they are told."""
    Session.objects.filter(user_id=user.pk).exclude(session_key=kept_session).delete()
    record(Action.FACTORS_CHANGED, subject=user, by=user, at=at)
    queue_mail(MailKind.SIGN_IN_CHANGED, to=user.email, at=at)


def keep_a_factor(user: User, *, without: Authenticator) -> None:
    """Raises LastFactorError for staff who have no other; their row is locked, so two can't go at once."""
    if user.is_client:
        return
    User.objects.select_for_update().get(pk=user.pk)
    if not Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=without.pk).exists():
        raise LastFactorError("Add another way first: an account at work always has a second step.")
