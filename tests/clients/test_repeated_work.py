"""Repeated work: what is not begun makes room for the next."""

from datetime import timedelta

import pytest

from clients.models import Client, Occurrence
from clients.recurrence import weekly as weekly_rule
from clients.services.announcing import next_reminder
from clients.services.answering import OccurrenceClosedError, save_draft
from content.models import Exercise
from practices.accounts.models import User
from tests import factories
from tests.factories import AT

WEEK = timedelta(days=7)


def weekly(client: Client, clinician: User, exercise: Exercise) -> list[Occurrence]:
    assignment = factories.assignment(client, by=clinician, exercise=exercise, rule=weekly_rule(3))
    return list(
        assignment.occurrences.select_related("assignment__client__user", "assignment__version").order_by("number")
    )


def test_a_week_that_was_not_begun_closes_when_the_next_one_opens(client_person, clinician, exercise):
    first, second, _ = weekly(client_person, clinician, exercise)

    with pytest.raises(OccurrenceClosedError):
        save_draft(first, answers={}, kept=(), expected_version=0, at=second.opens_at)

    assert not first.is_answerable(second.opens_at)
    assert list(Occurrence.objects.answerable(second.opens_at)) == [second]


def test_a_week_that_was_begun_stays_open(client_person, clinician, exercise):
    first, second, _ = weekly(client_person, clinician, exercise)
    factories.draft(first)

    first.refresh_from_db()

    assert first.is_answerable(AT + WEEK)
    assert set(Occurrence.objects.answerable(AT + WEEK)) == {first, second}


def test_the_last_week_never_closes_by_itself(client_person, clinician, exercise):
    *_, last = weekly(client_person, clinician, exercise)

    assert last.is_answerable(AT + 52 * WEEK)


def test_a_closed_week_is_not_announced_any_more(client_person, clinician, exercise):
    first, _, last = weekly(client_person, clinician, exercise)

    assert next_reminder(AT) == first.due_at - timedelta(days=1)
    assert next_reminder(last.opens_at + WEEK) == last.opens_at
