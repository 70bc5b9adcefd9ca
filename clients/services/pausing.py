"""A client's pause from work: nothing opens from one day to another, and afterwards it goes on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from clients.models import Client, Occurrence
from clients.models.work import OccurrenceQuerySet
from clients.recurrence import moment_on
from clients.services.announcing import announce_due, wake_for_reminders
from clients.services.moving import move
from clients.states import Move
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.days import end_of
from practices.tenancy import current_clinic

LONGEST = timedelta(days=92)
FARTHEST = timedelta(days=366)
DAY = timedelta(days=1)


class CannotPauseError(Exception):
    """There can be no such pause; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a pause makes of one time: left out, or with another opening and another due moment."""

    occurrence: Occurrence
    left_out: bool = False
    opens_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def opens_later(self) -> bool:
        return self.opens_at is not None and self.opens_at != self.occurrence.opens_at


def what_would_be_held(
    occurrences: OccurrenceQuerySet, *, first: date, last: date, zone: ZoneInfo, since: datetime | None, at: datetime
) -> list[Held]:
    """What becomes of these if nothing opens from the first day to the last; those that opened before `since` stay open.

    Of repeated work, the times that would open then are left out. Work that is done once opens on the day after, with as much
    time for it. What is open and due then is due as many days later as the pause is long.
    """
    begins, ends = moment_on(first, time(), zone), end_of(last, zone)
    from_here = max(begins, since) if since else begins
    found = []
    waiting = occurrences.unfinished().filter(due_at__gt=max(begins, at), assignment__withdrawn_at=None)
    for one in waiting.select_related("assignment__version").order_by("assignment_id", "number"):
        unopened = one.state == Occurrence.State.OPEN and from_here <= one.opens_at < ends
        if unopened and one.assignment.times > 1:
            found.append(Held(occurrence=one, left_out=True))
        elif unopened:
            days = (last + DAY - one.opens_at.astimezone(zone).date()).days
            found.append(
                Held(occurrence=one, opens_at=shifted(one.opens_at, days, zone), due_at=shifted(one.due_at, days, zone))
            )
        elif one.due_at < ends:
            days = (last + DAY - first).days
            found.append(Held(occurrence=one, opens_at=one.opens_at, due_at=shifted(one.due_at, days, zone)))
    return found


def shifted(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """So many days later, at the same hour by the zone's own clock."""
    local = moment.astimezone(zone)
    return moment_on(local.date() + days * DAY, local.time(), zone)


def check_pause(client: Client, *, first: date, last: date, at: datetime) -> None:
    """Raise CannotPauseError for days that can't be."""
    today = at.astimezone(client.zone(current_clinic())).date()
    if first < today:
        raise CannotPauseError("A pause begins today or later.")
    if last < first:
        raise CannotPauseError("A pause ends on the day it begins or later.")
    if last - first >= LONGEST or first - today > FARTHEST:
        raise CannotPauseError("Choose at most 92 days, within a year.")
    if client.has_pause(today):
        raise CannotPauseError("There is a pause already. End that one first.")


def lock(client: Client) -> Client:
    """What is to be sent first, then the client: the order of sending, so that the two can't deadlock."""
    unsent = Occurrence.objects.unfinished().filter(assignment__client=client)
    list(unsent.select_for_update(of=("self",), no_key=True).only("pk").order_by("pk"))
    return Client.objects.select_for_update(no_key=True).get(pk=client.pk)


@transaction.atomic
def pause_work(client: Client, *, first: date, last: date, by: User, at: datetime) -> list[Held]:
    """Nothing opens for the client on these days, and no mail about work is sent. Returns what that changed.

    The client is locked, so of two pauses the second is refused. Raises CannotPauseError.
    """
    client = lock(client)
    check_pause(client, first=first, last=last, at=at)
    client.pause_from, client.pause_until = first, last
    client.save(update_fields=["pause_from", "pause_until"])
    own = Occurrence.objects.filter(assignment__client=client)
    # An earlier pause is over: what it moved is where it belongs.
    own.exclude(planned_opens_at=None).update(planned_opens_at=None, planned_due_at=None)
    held = hold_for_pause(client, own, since=at, at=at)
    record(Action.WORK_PAUSED, subject=client, client=client.pk, by=by, at=at)
    return held


def hold_for_pause(
    client: Client, occurrences: OccurrenceQuerySet, *, since: datetime | None, at: datetime
) -> list[Held]:
    """Apply the client's pause to these, if there is one."""
    zone = client.zone(current_clinic())
    if client.pause_from is None or client.pause_until is None or not client.has_pause(at.astimezone(zone).date()):
        return []
    held = what_would_be_held(
        occurrences, first=client.pause_from, last=client.pause_until, zone=zone, since=since, at=at
    )
    for one in held:
        leave_out(one.occurrence) if one.left_out else hold_off(one)
    set_closing({one.occurrence.assignment_id for one in held})
    return held


def leave_out(occurrence: Occurrence) -> None:
    move(Occurrence.objects.filter(pk=occurrence.pk), Move.LEAVE_OUT)


def hold_off(held: Held) -> None:
    """Move it, and keep what was planned."""
    planned = {"planned_opens_at": held.occurrence.opens_at, "planned_due_at": held.occurrence.due_at}
    rows = Occurrence.objects.filter(pk=held.occurrence.pk)
    move(rows, Move.HOLD_OFF, opens_at=held.opens_at, due_at=held.due_at, **planned)


@transaction.atomic
def resume_work(client: Client, *, by: User, at: datetime) -> bool:
    """The pause ends now, or never begins: what was left out from today on comes back, what was moved opens when it was to.

    What should have opened in the meantime opens now, with as much time for it. Returns whether there was a pause.
    """
    client = lock(client)
    zone = client.zone(current_clinic())
    today = at.astimezone(zone).date()
    if not client.has_pause(today) or client.pause_from is None:
        return False
    spent = max((today - client.pause_from).days, 0)
    own = Occurrence.objects.filter(assignment__client=client, assignment__withdrawn_at=None)
    touched = set(own.exclude(planned_opens_at=None).values_list("assignment_id", flat=True))
    touched |= bring_back(own.filter(opens_at__gte=moment_on(today, time(), zone)))
    for one in own.unfinished().exclude(planned_opens_at=None):
        take_up(one, spent=spent, zone=zone, at=at)
    set_closing(touched)
    client.pause_from, client.pause_until = (client.pause_from, today - DAY) if spent else (None, None)
    client.save(update_fields=["pause_from", "pause_until"])
    record(Action.WORK_RESUMED, subject=client, client=client.pk, by=by, at=at)
    announce_due(current_clinic(), at=at)
    wake_for_reminders(current_clinic(), at=at)
    return True


def bring_back(occurrences: OccurrenceQuerySet) -> set[UUID]:
    """What was left out of these is to be done; returns of which assignments that is."""
    found = set(occurrences.standing([Occurrence.State.SKIPPED]).values_list("assignment_id", flat=True))
    move(occurrences, Move.BRING_BACK)
    return found


def take_up(one: Occurrence, *, spent: int, zone: ZoneInfo, at: datetime) -> None:
    """Give back what a pause took from it, of which `spent` days are over. A due day that was moved by hand since then stays."""
    opens_at, due_at = one.planned_opens_at or one.opens_at, one.planned_due_at or one.due_at
    if one.opens_at > at:
        days = max((at.astimezone(zone).date() - opens_at.astimezone(zone).date()).days, 0)
        opens_at = max(opens_at, at)
    else:
        days, opens_at = spent, one.opens_at
    if one.planned_due_at:
        due_at = shifted(due_at, days, zone)
    rows = Occurrence.objects.filter(pk=one.pk)
    move(rows, Move.HOLD_OFF, opens_at=opens_at, due_at=due_at, planned_opens_at=None, planned_due_at=None)


def set_closing(assignments: Iterable[UUID]) -> None:
    """Of repeated work, each time closes when the next that is not left out opens, and no sooner than it is due."""
    times = Occurrence.objects.filter(assignment__in=assignments).exclude(state=Occurrence.State.SKIPPED)
    for _, group in groupby(times.order_by("assignment_id", "number"), key=lambda one: one.assignment_id):
        row = list(group)
        for one, following in zip(row, [*row[1:], None], strict=True):
            closes_at = max(following.opens_at, one.due_at) if following else None
            if closes_at != one.closes_at:
                Occurrence.objects.filter(pk=one.pk).update(closes_at=closes_at)
