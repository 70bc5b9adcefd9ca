"""A client does the smaller version of some work instead, or the full one after all. What was written in either is kept."""

from datetime import datetime

from django.db import transaction

from clients.models import Assignment, Occurrence
from clients.services.answering import OccurrenceClosedError
from clients.services.moving import move
from clients.states import Move
from content.models import ExerciseVersion
from practices.accounts.models import User
from practices.audit.models import Action, record


class NothingSmallerError(Exception):
    """No smaller version is offered of it, or it is one itself."""


@transaction.atomic
def take_smaller(occurrence: Occurrence, *, by: User, at: datetime) -> Occurrence:
    """The smaller version is to be done this time, until the same moment. Returns it.

    The time is claimed first, so pressed twice it is made once. Raises NothingSmallerError, OccurrenceClosedError.
    """
    given = occurrence.assignment
    if given.smaller is None or given.instead_of_id is not None:
        raise NothingSmallerError
    claimed = give_way(occurrence, at=at)
    made = Assignment.objects.filter(instead_of=occurrence).first()
    if not claimed:
        now = Occurrence.objects.get(pk=occurrence.pk)
        if made and now.state == Occurrence.State.REPLACED:
            return occurrence_of(made)
        raise OccurrenceClosedError(now.why_closed(at))
    smaller = occurrence_of(made) if made else make_smaller(occurrence, given.smaller, at=at)
    come_back(smaller, at=at)
    record(Action.SMALLER_TAKEN, subject=smaller, client=given.client_id, by=by, at=at)
    return smaller


@transaction.atomic
def take_full(occurrence: Occurrence, *, by: User, at: datetime) -> Occurrence:
    """The full version is to be done after all. Returns it. Raises NothingSmallerError, OccurrenceClosedError."""
    full = occurrence.assignment.instead_of
    if full is None:
        raise NothingSmallerError
    if not give_way(occurrence, at=at):
        raise OccurrenceClosedError(Occurrence.objects.get(pk=occurrence.pk).why_closed(at))
    come_back(full, at=at)
    record(Action.FULL_TAKEN, subject=full, client=occurrence.assignment.client_id, by=by, at=at)
    return full


def give_way(occurrence: Occurrence, *, at: datetime) -> int:
    return move(Occurrence.objects.answerable(at).filter(pk=occurrence.pk), Move.GIVE_WAY)


def come_back(occurrence: Occurrence, *, at: datetime) -> int:
    """It counts as begun, so that the next time does not close it."""
    return move(Occurrence.objects.filter(pk=occurrence.pk), Move.COME_BACK, started_at=at)


def occurrence_of(made: Assignment) -> Occurrence:
    """The one time of work that is done once."""
    return Occurrence.objects.select_related("assignment__client", "assignment__version").get(assignment=made)


def make_smaller(occurrence: Occurrence, version: ExerciseVersion, *, at: datetime) -> Occurrence:
    """Work of its own, so that what is sent stays with the version that was answered; with the clinician's line."""
    given = occurrence.assignment
    made = Assignment.objects.create(
        client=given.client,
        version=version,
        assigned_by=given.assigned_by,
        assigned_at=at,
        starts_on=given.starts_on,
        note=given.note,
        noted_by=given.writer if given.note else None,
        noted_at=(given.noted_at or given.assigned_at) if given.note else None,
        instead_of=occurrence,
        asked_at=at,
    )
    return Occurrence.objects.create(
        assignment=made,
        number=1,
        opens_at=occurrence.opens_at,
        due_at=occurrence.due_at,
        closes_at=occurrence.closes_at,
        announced_at=at,
        soon_for=occurrence.soon_for,
        late_for=occurrence.late_for,
    )
