"""The owner's overview: numbers, nobody's name, and nothing of fewer than five."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clients.admin.overview import hours_in_words
from clients.completion import added_up, by_week, reading
from clients.models import Occurrence, Response
from clients.services.reviewing import review_response
from content.models import Exercise
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser, Browsers

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def give(
    clinician: User, exercise: Exercise, *, people: int, done: int = 0, at: datetime = factories.AT
) -> list[Response]:
    """Work for so many people, of whom so many have sent theirs."""
    sent = []
    for number in range(people):
        person = factories.client(clinician, first_name=f"Person{number}")
        occurrence = factories.assignment(person, by=clinician, exercise=exercise, at=at).occurrences.get()
        if number < done:
            sent.append(factories.response(occurrence, at=at))
    return sent


def overview_page(browser: Browser) -> str:
    return str(browser.get("/admin/overview/").content.decode())


def test_work_is_counted_on_time_late_missed_and_open(clinician: User, exercise: Exercise, at: datetime) -> None:
    give(clinician, exercise, people=3, done=1)
    late = factories.client(clinician)
    occurrence = factories.assignment(late, by=clinician, exercise=exercise).occurrences.get()
    factories.response(occurrence, at=at + timedelta(days=8))

    now = by_week(Occurrence.objects.all(), weeks=2, zone=LONDON, at=at)[-1].tally
    later = by_week(Occurrence.objects.all(), weeks=2, zone=LONDON, at=at + timedelta(days=10))[0].tally

    assert (now.on_time, now.open, now.missed) == (1, 2, 0)
    assert (later.on_time, later.late, later.missed, later.people) == (1, 1, 2, 4)


def test_a_week_begins_on_monday_in_the_clinics_own_zone(clinician: User, exercise: Exercise, at: datetime) -> None:
    give(clinician, exercise, people=1)
    # Due at three in the morning of Monday in London: in New York that is still Sunday.
    Occurrence.objects.update(due_at=datetime(2026, 11, 23, 3, tzinfo=LONDON))
    later = at + timedelta(days=14)

    starts = [
        next(
            week.starts_on for week in by_week(Occurrence.objects.all(), weeks=4, zone=zone, at=later) if week.tally.all
        )
        for zone in (LONDON, NEW_YORK)
    ]

    assert starts == [date(2026, 11, 23), date(2026, 11, 16)]


def test_what_is_due_later_counts_in_the_present_week(clinician: User, exercise: Exercise, at: datetime) -> None:
    person = factories.client(clinician)
    factories.assignment(person, by=clinician, exercise=exercise, days=28)

    weeks = by_week(Occurrence.objects.all(), weeks=3, zone=LONDON, at=at)

    assert [week.tally.open for week in weeks] == [0, 0, 1]
    assert added_up(weeks).done_share == 0


def test_half_of_what_was_read(clinician: User, exercise: Exercise, at: datetime) -> None:
    for sent, hours in zip(give(clinician, exercise, people=4, done=4), (1, 2, 4, 240), strict=True):
        assert sent.submitted_at
        review_response(sent, by=clinician, at=sent.submitted_at + timedelta(hours=hours))

    found = reading(Response.objects.submitted(), since=at - timedelta(days=1))

    assert found.half == timedelta(hours=3)
    assert (found.responses, found.read, found.day, found.longer) == (4, 4, 3, 1)
    assert found.too_few


@pytest.mark.usefixtures("clock")
def test_enough_people_are_shown(browser_of: Browsers, owner: User, clinician: User, exercise: Exercise) -> None:
    give(clinician, exercise, people=6, done=3, at=factories.AT - timedelta(days=14))

    page = overview_page(browser_of(owner))

    assert exercise.title in page
    assert "50 %" in page
    assert "Clara Clinician" in page
    assert "Person" not in page


@pytest.mark.usefixtures("clock")
def test_too_few_people_are_not_shown(browser_of: Browsers, owner: User, clinician: User, exercise: Exercise) -> None:
    give(clinician, exercise, people=4, done=3, at=factories.AT - timedelta(days=14))

    page = overview_page(browser_of(owner))

    assert exercise.title not in page
    assert "75 %" not in page
    assert "under 5" in page
    assert "1 exercise given to fewer than 5 clients is not shown" in page


@pytest.mark.usefixtures("clock")
def test_an_empty_clinic_has_an_overview(browser_of: Browsers, owner: User) -> None:
    assert browser_of(owner).get("/admin/overview/").status_code == 200


@pytest.mark.parametrize("role", ["clinician", "editor", "front_desk"])
def test_the_overview_is_the_owners(
    browser_of: Browsers, request: pytest.FixtureRequest, north: Clinic, role: str
) -> None:
    assert browser_of(request.getfixturevalue(role)).get("/admin/overview/").status_code == 403


@pytest.mark.usefixtures("clock")
def test_the_overview_costs_the_same_for_few_and_for_many(
    browser_of: Browsers, owner: User, clinician: User, exercise: Exercise, queries_of: Callable[..., int]
) -> None:
    browser = browser_of(owner)
    give(clinician, exercise, people=6, done=3)
    few = queries_of(lambda: overview_page(browser))

    for _ in range(3):
        give(factories.staff(), factories.exercise(by=clinician), people=6, done=3)

    assert queries_of(lambda: overview_page(browser)) == few


def test_durations_are_said_in_words() -> None:
    said: list[Any] = [
        hours_in_words(taken)
        for taken in (None, timedelta(minutes=5), timedelta(hours=1), timedelta(hours=19), timedelta(days=3))
    ]

    assert said == ["–", "under an hour", "1 hour", "19 hours", "3 days"]
