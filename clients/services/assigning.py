"""Giving work to clients, and taking it back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from clients.models import Assignment, Client, Occurrence
from clients.recurrence import MORNING, Timing, kind_of
from clients.services.announcing import announce_due, wake_for_reminders
from clients.services.moving import move
from clients.services.pausing import hold_for_pause
from clients.states import Move
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.tenancy import current_clinic

MOST_TIMES = 92
MOST_DAYS = 28
LONGEST = timedelta(days=366)


class CannotAssignError(Exception):
    """The work can't be given like this; the text says why."""


class AlreadyOpenError(Exception):
    """Some of the clients have this exercise and have not finished it; `assignments` are those."""

    def __init__(self, assignments: list[Assignment]) -> None:
        super().__init__("This is open already.")
        self.assignments = assignments


@transaction.atomic
def assign_work(
    exercise: Exercise,
    *,
    client: Client,
    timing: Timing,
    note: str = "",
    smaller: Exercise | None = None,
    by: User,
    at: datetime,
) -> Assignment:
    """Give the exercise's current version to the client, with all its occurrences; what is open now is announced by mail.

    What starts today opens at once; what would open in a pause of the client's is left out, or opens after it.
    Raises CannotAssignError for an exercise that can't be given, a client who has left,
    or dates that lie behind us.
    """
    clinic = current_clinic()
    zone = client.zone(clinic)
    if exercise.current is None or exercise.retired_at is not None:
        raise CannotAssignError("This exercise is not published, so it can't be given.")
    if smaller and (smaller == exercise or smaller.current is None or smaller.retired_at is not None):
        raise CannotAssignError("Choose another exercise, which is published, as the smaller version.")
    if client.status == Client.Status.DISCHARGED:
        raise CannotAssignError("This client has left the clinic, so they can't be given work.")
    check_timing(timing)
    windows = timing.windows(zone)
    if windows[0][1] <= at:
        raise CannotAssignError("That day is over. Choose a later one.")
    assignment = Assignment.objects.create(
        client=client,
        version=exercise.current,
        assigned_by=by,
        assigned_at=at,
        repeat=Assignment.Repeat(kind_of(timing.rule)),
        rule=timing.rule,
        starts_on=timing.dates[0],
        note=note.strip() or None,
        smaller=smaller.current if smaller else None,
    )
    Occurrence.objects.bulk_create(
        Occurrence(
            assignment=assignment,
            number=number,
            opens_at=opens_now(opens_at, timing, at=at.astimezone(zone)),
            due_at=due_at,
            closes_at=windows[number][0] if number < len(windows) else None,
        )
        for number, (opens_at, due_at) in enumerate(windows, start=1)
    )
    hold_for_pause(client, Occurrence.objects.filter(assignment=assignment), since=None, at=at)
    record(Action.WORK_ASSIGNED, subject=assignment, client=client.pk, by=by, at=at)
    announce_due(clinic, at=at)
    wake_for_reminders(clinic, at=at)
    return assignment


def check_timing(timing: Timing) -> None:
    """Raise CannotAssignError for what is too often, too long, or too short for anybody."""
    if not (1 <= timing.times <= MOST_TIMES and 1 <= timing.days <= MOST_DAYS):
        raise CannotAssignError(f"Choose 1 to {MOST_TIMES} times and 1 to {MOST_DAYS} days.")
    dates = timing.dates
    if dates[-1] - dates[0] > LONGEST:
        raise CannotAssignError("The last day would be more than a year after the first. Choose fewer times.")
    if timing.is_too_short:
        raise CannotAssignError("Leave three hours or more between the hour it opens and the hour it is due.")


def opens_now(opens_at: datetime, timing: Timing, *, at: datetime) -> datetime:
    """What opens today in the morning opens at once; what would have opened on a day before, too, and not earlier."""
    if opens_at.date() < at.date():
        return at
    is_today = opens_at.date() == at.date() and timing.opens == MORNING
    return min(opens_at, at) if is_today else opens_at


@transaction.atomic
def assign_to_all(
    exercise: Exercise,
    *,
    clients: Collection[Client],
    timing: Timing,
    note: str = "",
    smaller: Exercise | None = None,
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
    return [
        assign_work(exercise, client=client, timing=timing, note=note, smaller=smaller, by=by, at=at)
        for client in locked
    ]


@transaction.atomic
def withdraw_work(assignment: Assignment, *, by: User, at: datetime) -> None:
    """Take back what is not yet sent, its smaller version too; a draft stays with the client's data, unseen by staff."""
    if move(Assignment.objects.filter(pk=assignment.pk), Move.WITHDRAW, withdrawn_at=at):
        smaller = Assignment.objects.filter(instead_of__assignment=assignment)
        move(Occurrence.objects.filter(Q(assignment=assignment) | Q(assignment__in=smaller)), Move.WITHDRAW)
        move(smaller, Move.WITHDRAW, withdrawn_at=at)
        record(Action.WORK_WITHDRAWN, subject=assignment, client=assignment.client_id, by=by, at=at)
