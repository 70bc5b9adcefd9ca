"""Leaving: the account closes on the last day, by itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min

from practices.accounts.models import User
from practices.accounts.services.accounts import deactivate_staff, end_sessions, keep_an_owner
from practices.accounts.services.changing import take_back_invitations_of
from practices.accounts.services.supervising import end_supervisions
from practices.audit.models import Action, record
from practices.tenancy import current_clinic
from practices.wakeups import wake

CLOSE_TASK = "practices.accounts.tasks.close_accounts"


class NotLeavingError(Exception):
    """No last day is set, or it is over."""


@transaction.atomic
def close_account_on(user: User, *, until: datetime, keep_invitations: bool = False, by: User, at: datetime) -> None:
    """Sign the person out everywhere now; their account closes at `until`, supervisions with it.

    Invitations that they sent are taken back, unless they are kept. Raises LastOwnerError.
    """
    keep_an_owner(without=user)
    end_supervisions(user, until=until, by=by, at=at)
    if not keep_invitations:
        take_back_invitations_of(user, by=by, at=at)
    if until <= at:
        deactivate_staff(user, by=by, at=at)
        return
    User.objects.filter(pk=user.pk).update(leaves_at=until)
    end_sessions(user)
    record(Action.STAFF_LEAVING, subject=user, by=by, at=at)
    wake(current_clinic().pk, CLOSE_TASK, due_at=until)


@transaction.atomic
def keep_account(user: User, *, by: User, at: datetime) -> datetime:
    """They do not leave after all; returns when the account would have closed. Raises NotLeavingError."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.is_active or locked.leaves_at is None or locked.leaves_at <= at:
        raise NotLeavingError("They are not about to leave: they stay, or their account is closed already.")
    User.objects.filter(pk=user.pk).update(leaves_at=None)
    record(Action.STAFF_STAYS, subject=user, by=by, at=at)
    return locked.leaves_at


def close_due(*, at: datetime) -> int:
    """Close the accounts of those whose last day is over; returns how many. Doubled, it does nothing more."""
    due = User.objects.active_staff().filter(leaves_at__lte=at).order_by("pk")
    return sum(_close_if_due(user, at=at) for user in due)


@transaction.atomic
def _close_if_due(user: User, *, at: datetime) -> bool:
    """Not if the day was moved or taken back in the same moment. Locks in the order in which leave() does."""
    keep_an_owner(without=user)
    still = User.objects.active_staff().filter(pk=user.pk, leaves_at__lte=at).select_for_update(no_key=True)
    if not still.exists():
        return False
    deactivate_staff(user, by=None, at=at)
    return True


def next_leaver() -> datetime | None:
    """When the next account closes by itself."""
    due: datetime | None = User.objects.active_staff().aggregate(due=Min("leaves_at"))["due"]
    return due
