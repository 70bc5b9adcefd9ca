"""A clinician opens a colleague's client when they must: with a reason, for an hour, told to everybody it concerns."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from clients.models import BreakGlass, Client
from clients.models.people import GLASS_STAYS_OPEN, acting_for
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

MOST_IN_A_DAY = 5
A_DAY = timedelta(days=1)
OVER_THE_LIMIT = "break-glass limit"


class CannotBreakGlassError(Exception):
    """The glass stays whole; the text says why."""


class TooOftenError(CannotBreakGlassError):
    """As often as is allowed in one day."""


@transaction.atomic
def break_glass(client: Client, *, reason: str, by: User, at: datetime) -> BreakGlass:
    """Let `by` read the client for an hour; the client's clinicians and the owners are told by mail, without a name.

    The user's row is locked, so of two forms sent at once the second finds the first one's hour. Raises CannotBreakGlassError
    for whoever may not, or may read the client anyway, and TooOftenError after MOST_IN_A_DAY within 24 hours.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if not Client.objects.out_of_reach_of(by).filter(pk=client.pk).exists():
        raise CannotBreakGlassError("You can read this client already.")
    if BreakGlass.objects.filter(user=by, starts_at__gt=at - A_DAY).count() >= MOST_IN_A_DAY:
        raise TooOftenError("You have done this five times within a day. Ask the owner.")
    glass = BreakGlass.objects.create(
        user=by, client=client, reason=reason.strip(), starts_at=at, until=at + GLASS_STAYS_OPEN
    )
    record(Action.GLASS_BROKEN, subject=glass, client=client.pk, by=by, at=at, purpose="break-glass")
    told = {user.pk: user for user in (*acting_for(client), *User.objects.with_role(Role.OWNER))}
    for user in told.values():
        if user.pk != by.pk:
            tell(user, at=at)
    return glass


def tell(user: User, *, at: datetime) -> None:
    """A neutral mail, to where this member of staff sees what happened."""
    queue_mail(MailKind.GLASS_BROKEN, to=user.email, path=reverse("admin:glass_openings"), at=at)


@transaction.atomic
def end_glass(glass: BreakGlass, *, by: User, at: datetime) -> None:
    """Close it before its hour is over. Nothing happens if it is closed."""
    if BreakGlass.objects.current().filter(pk=glass.pk).update(ended_at=at):
        record(Action.GLASS_CLOSED, subject=glass, client=glass.client_id, by=by, at=at, purpose="break-glass")


@transaction.atomic
def note_refusal(*, by: User, at: datetime) -> None:
    """Somebody wanted more than a day's openings: written down each time, and the owners are told once a day."""
    refusals = AuditEvent.objects.filter(action=Action.DENIED, actor=by.pk, purpose=OVER_THE_LIMIT, at__gt=at - A_DAY)
    if not refusals.exists():
        for owner in User.objects.with_role(Role.OWNER):
            tell(owner, at=at)
    record(Action.DENIED, by=by, at=at, purpose=OVER_THE_LIMIT)
