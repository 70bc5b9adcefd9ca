"""Changing work that was given, for one person: more time, a line from the clinician, something smaller."""

from datetime import date, datetime, timedelta

from django.db import transaction

from clients.models import Assignment, Occurrence
from clients.recurrence import moment_on
from clients.services.announcing import announce_words, wake_for_reminders
from clients.services.moving import move
from clients.states import ASSIGNMENT, OCCURRENCE, Move, StateError
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.tenancy import current_clinic
from practices.vault import sealed

FARTHEST = timedelta(days=366)


class DayError(Exception):
    """The work can't be due on that day; the text says why."""


class NotSmallerError(Exception):
    """That can't be offered in place of the work; the text says why."""


@transaction.atomic
def move_due(occurrence: Occurrence, *, to: date, by: User, at: datetime) -> None:
    """The client has until that day, at the same hour by their own clock; of repeated work the next one closes it no sooner.

    Raises DayError for a day that is over or far away, StateError for what was sent or taken back meanwhile.
    """
    zone = occurrence.assignment.client.zone(current_clinic())
    if to - at.astimezone(zone).date() > FARTHEST:
        raise DayError("Choose a day within a year.")
    due_at = moment_on(to, occurrence.due_at.astimezone(zone).time(), zone)
    if due_at <= max(at, occurrence.opens_at):
        raise DayError("That day is over, or before the work opens. Choose a later one.")
    closes_at = max(occurrence.closes_at, due_at) if occurrence.closes_at else None
    rows = Occurrence.objects.filter(pk=occurrence.pk)
    if not move(rows, Move.MOVE_DUE, due_at=due_at, planned_due_at=None, closes_at=closes_at, eased_at=at):
        raise StateError(OCCURRENCE.reason(rows.get().state))
    record(Action.WORK_MOVED, subject=occurrence, client=occurrence.assignment.client_id, by=by, at=at)
    wake_for_reminders(current_clinic(), at=at)


@transaction.atomic
def write_note(assignment: Assignment, *, note: str, by: User, at: datetime) -> None:
    """The client finds this line above the work, in place of the one before; an empty one takes it away.

    It is announced if some of the work is open now. Raises StateError for work that was taken back.
    """
    assignment.note = note.strip() or None
    rows = Assignment.objects.filter(pk=assignment.pk)
    if not move(rows, Move.WRITE_NOTE, noted_by=by, noted_at=at, **sealed(assignment, "note")):
        raise StateError(ASSIGNMENT.reason(rows.get().state))
    record(Action.NOTE_WRITTEN, subject=assignment, client=assignment.client_id, by=by, at=at)
    if assignment.note and Occurrence.objects.answerable(at).filter(assignment=assignment).exists():
        announce_words(assignment.client, at=at)


@transaction.atomic
def offer_smaller(assignment: Assignment, *, exercise: Exercise | None, by: User, at: datetime) -> None:
    """The client may do this exercise instead, as it is now, each time anew; None takes the offer back.

    What they put off counts as heeded. Raises NotSmallerError, and StateError for work that was taken back.
    """
    if exercise and (exercise.current is None or exercise.retired_at is not None):
        raise NotSmallerError("This exercise is not published, so it can’t be offered.")
    if exercise and exercise.pk == assignment.version.exercise_id:
        raise NotSmallerError("That is the same exercise. Choose a smaller one.")
    rows = Assignment.objects.filter(pk=assignment.pk)
    if not move(rows, Move.OFFER_SMALLER, smaller=exercise.current if exercise else None):
        raise StateError(ASSIGNMENT.reason(rows.get().state))
    if exercise:
        Occurrence.objects.unfinished().filter(assignment=assignment).update(eased_at=at)
    record(Action.SMALLER_OFFERED, subject=assignment, client=assignment.client_id, by=by, at=at)
