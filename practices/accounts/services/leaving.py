"""Leaving: the account closes on the last day, by itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min

from practices.accounts.models import Invitation, User
from practices.accounts.services.accounts import deactivate_staff, end_sessions, keep_an_owner
from practices.accounts.services.invitations import revoke_invitation
from practices.accounts.services.supervising import end_supervisions
from practices.audit.models import Action, record
from practices.tenancy import current_clinic
from practices.wakeups import wake

CLOSE_TASK = "practices.accounts.tasks.close_accounts"


@transaction.atomic
def close_account_on(user: User, *, until: datetime, by: User, at: datetime) -> None:
    """Sign the person out everywhere now; their account closes at `until`, supervisions with it.

    Invitations that they sent are taken back. Raises LastOwnerError.
    """
    keep_an_owner(without=user)
    end_supervisions(user, until=until, by=by, at=at)
    for invitation in Invitation.objects.pending().filter(invited_by=user).order_by("pk"):
        revoke_invitation(invitation, by=by, at=at)
    if until <= at:
        deactivate_staff(user, by=by, at=at)
        return
    User.objects.filter(pk=user.pk).update(leaves_at=until)
    end_sessions(user)
    record(Action.STAFF_LEAVING, subject=user, by=by, at=at)
    wake(current_clinic().pk, CLOSE_TASK, due_at=until)


def close_due(*, at: datetime) -> int:
    """Close the accounts of those whose last day is over; returns how many. Doubled, it does nothing more."""
    due = User.objects.active_staff().filter(leaves_at__lte=at).order_by("pk")
    for user in due:
        deactivate_staff(user, by=None, at=at)
    return len(due)


def next_leaver() -> datetime | None:
    """When the next account closes by itself."""
    due: datetime | None = User.objects.active_staff().aggregate(due=Min("leaves_at"))["due"]
    return due
