"""Giving work to clients, and taking it back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule
from django.db import transaction

from clients.models import Assignment, Client, Occurrence
from clients.services.announcing import announce_due, wake_for_opening
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.tenancy import current_clinic

MOST_WEEKS = 26
OPENS = time(7, 0)
EVENING = time(21, 0)


class CannotAssignError(Exception):
    """The work can't be given like this; the text says why."""


class AlreadyOpenError(Exception):
    """Some of the clients have this exercise and have not finished it; `assignments` are those."""

    def __init__(self, assignments: list[Assignment]) -> None:
        super().__init__("This is open already.")
        self.assignments = assignments


@dataclass(frozen=True, slots=True)
class Timing:
    """When work is to be done: from a day, `days` long, `weeks` times."""

    starts_on: date
    days: int = 7
    weeks: int = 1

    @property
    def repeat(self) -> Assignment.Repeat:
        return Assignment.Repeat.WEEKLY if self.weeks > 1 else Assignment.Repeat.ONCE

    @property
    def rule(self) -> str:
        """RFC 5545, section 3.3.10."""
        return f"FREQ=WEEKLY;COUNT={self.weeks}" if self.weeks > 1 else ""

    def windows(self, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Opening and due moment of each occurrence: 7 in the morning to 9 in the evening, by the zone's own clock.

        The days are reckoned as dates and only then given an hour, so a change of the clock moves nothing.
        """
        first = datetime.combine(self.starts_on, time())
        for start in rrule(WEEKLY, dtstart=first, count=self.weeks):
            last_day = start.date() + timedelta(days=self.days - 1)
            yield (
                datetime.combine(start.date(), OPENS, tzinfo=zone),
                datetime.combine(last_day, EVENING, tzinfo=zone),
            )


@transaction.atomic
def assign_work(
    exercise: Exercise, *, client: Client, timing: Timing, note: str = "", by: User, at: datetime
) -> Assignment:
    """Give the exercise's current version to the client, with all its occurrences; what is open now is announced by mail.

    What starts today opens at once. Raises CannotAssignError for an exercise that can't be given, a client who has left,
    or dates that lie behind us.
    """
    clinic = current_clinic()
    zone = client.zone(clinic)
    if exercise.current is None or exercise.retired_at is not None:
        raise CannotAssignError("This exercise is not published, so it can't be given.")
    if client.status == Client.Status.DISCHARGED:
        raise CannotAssignError("This client has left the clinic, so they can't be given work.")
    if not (1 <= timing.weeks <= MOST_WEEKS and 1 <= timing.days <= 28):
        raise CannotAssignError(f"Choose 1 to {MOST_WEEKS} weeks and 1 to 28 days.")
    windows = list(timing.windows(zone))
    if windows[0][1] <= at:
        raise CannotAssignError("That day is over. Choose a later one.")
    assignment = Assignment.objects.create(
        client=client,
        version=exercise.current,
        assigned_by=by,
        assigned_at=at,
        repeat=timing.repeat,
        rule=timing.rule,
        starts_on=timing.starts_on,
        note=note.strip() or None,
    )
    Occurrence.objects.bulk_create(
        Occurrence(
            assignment=assignment,
            number=number,
            opens_at=min(opens_at, at) if timing.starts_on == at.astimezone(zone).date() and number == 1 else opens_at,
            due_at=due_at,
            closes_at=windows[number][0] if number < len(windows) else None,
        )
        for number, (opens_at, due_at) in enumerate(windows, start=1)
    )
    record(Action.WORK_ASSIGNED, subject=assignment, client=client.pk, by=by, at=at)
    announce_due(clinic, at=at)
    wake_for_opening(clinic, at=at)
    return assignment


@transaction.atomic
def assign_to_all(
    exercise: Exercise,
    *,
    clients: Collection[Client],
    timing: Timing,
    note: str = "",
    despite: Collection[UUID] = (),
    by: User,
    at: datetime,
) -> list[Assignment]:
    """Give the work to each of these clients, or to none of them.

    The clients are locked, so of a form that is sent twice the second finds the first one's work open. `despite` holds the
    open assignments that the clinician was shown and gives the work despite. Raises AlreadyOpenError for others, and what
    assign_work raises.
    """
    locked = list(Client.objects.select_for_update().filter(pk__in=[client.pk for client in clients]).order_by("pk"))
    open_now = Assignment.objects.unfinished().filter(version__exercise=exercise, client__in=locked)
    unknown = list(open_now.exclude(pk__in=despite).select_related("client").order_by("assigned_at"))
    if unknown:
        raise AlreadyOpenError(unknown)
    return [assign_work(exercise, client=client, timing=timing, note=note, by=by, at=at) for client in locked]


@transaction.atomic
def withdraw_work(assignment: Assignment, *, by: User, at: datetime) -> None:
    """Take back what is not yet sent; a draft stays with the client's data, unseen by staff."""
    if Assignment.objects.filter(pk=assignment.pk, withdrawn_at=None).update(withdrawn_at=at):
        assignment.occurrences.unfinished().update(state=Occurrence.State.WITHDRAWN)
        record(Action.WORK_WITHDRAWN, subject=assignment, client=assignment.client_id, by=by, at=at)
