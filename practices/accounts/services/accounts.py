"""What happens to accounts: made, closed, opened again; sessions end when they must."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from practices.accounts.models import Session, User
from practices.accounts.permissions import Kind, Role
from practices.audit.models import Action, record


class AddressTakenError(Exception):
    """Somebody at this clinic already has this mail address."""


class LastOwnerError(Exception):
    """A clinic must keep one owner with an open account."""


def make_user(
    *, email: str, display_name: str, kind: Kind, roles: Collection[Role] = (), credentials: str = ""
) -> User:
    """An account without a password. Raises AddressTakenError."""
    user = User(display_name=display_name, kind=kind, roles=sorted(roles), credentials=credentials)
    user.set_email(email)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if "email_index" not in str(error):
            raise
        raise AddressTakenError("Somebody here already has this mail address.") from None
    return user


@transaction.atomic
def deactivate_staff(user: User, *, by: User | None, at: datetime) -> None:
    """Close the account now; authorship stays. Raises LastOwnerError.

    Sessions end, and so does the password: no kept cookie and no kept link to choose a new one is worth anything, now or
    when the account is opened again.
    """
    keep_an_owner(without=user)
    user.set_unusable_password()
    closed = {"is_active": False, "password": user.password}
    if User.objects.filter(pk=user.pk, is_active=True).update(**closed):
        end_sessions(user)
        record(Action.STAFF_DEACTIVATED, subject=user, by=by, at=at)


@transaction.atomic
def reactivate_staff(user: User, *, by: User, at: datetime) -> None:
    """Open a closed account again; old sessions stay ended, and a new password is chosen by a link that they ask for."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, leaves_at=None):
        end_sessions(user)
        record(Action.STAFF_REACTIVATED, subject=user, by=by, at=at)


def keep_an_owner(*, without: User) -> None:
    """Raise LastOwnerError unless another owner stays; the rows are locked, so two owners can't go at once."""
    staying = User.objects.with_role(Role.OWNER).staying()
    owners = staying.order_by("pk").select_for_update().values_list("pk", flat=True)
    if set(owners) == {without.pk}:
        raise LastOwnerError("The clinic needs one owner with an open account. Make somebody else an owner first.")


def end_sessions(user: User) -> int:
    """Sign the user out everywhere; returns how many sessions that were."""
    return Session.objects.filter(user_id=user.pk).delete()[0]
