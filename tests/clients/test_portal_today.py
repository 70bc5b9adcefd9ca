"""Today: what is next, what else is open, what became of what was sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from clients.models import Assignment, Client, Occurrence, Response
from clients.services.answering import put_off
from clients.services.assigning import withdraw_work
from clients.services.reviewing import review_response
from content.models import Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.accounts.services import make_user
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser, Browsers

Queries = Callable[[Callable[[], object]], int]
pytestmark = pytest.mark.usefixtures("clock")
LOG = factories.SCHEMA | {
    "prompts": [
        *factories.SCHEMA["prompts"],
        {"id": "log", "kind": "day_log", "text": "Did you find a moment?", "days": 7},
    ]
}


def today(browser: Browser) -> str:
    return str(browser.get("/portal/").content.decode())


def test_the_next_thing_stands_on_top_with_verb_minutes_and_due(browser: Browser, occurrence: Occurrence) -> None:
    page = today(browser)

    assert "Work through: A small step" in page
    assert "About 5 minutes" in page
    assert "By Sunday evening" in page
    assert "Start" in page


def test_a_draft_is_carried_on_where_it_was_left(browser: Browser, occurrence: Occurrence) -> None:
    factories.draft(occurrence, answers={"words": "Rain."})

    page = today(browser)

    assert "Carry on where you left off" in page
    assert f"/portal/occurrences/{occurrence.pk}/#q-mood" in page
    assert "1 of 3 answered" in page


def test_what_is_late_is_said_plainly_and_can_still_be_sent(
    browser_of: Browsers, client_person: Client, occurrence: Occurrence, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=8))

    assert "Was due on Sunday; you can still send it" in today(browser_of(client_person.user))


def test_what_was_put_off_makes_room_for_the_rest(
    browser: Browser, client_person: Client, clinician: User, occurrence: Occurrence, at: datetime
) -> None:
    other = factories.exercise(title="Another step")
    factories.assignment(client_person, by=clinician, exercise=other, days=14)
    put_off(occurrence, reason=Occurrence.NotNow.SMALLER, at=at)

    page = today(browser)

    assert page.index("Another step") < page.index("A small step")
    assert "You said: It is too much for me" in page


def test_not_now_is_saved_with_its_reason(browser: Browser, occurrence: Occurrence, clinician: User) -> None:
    answer = browser.post(f"/portal/occurrences/{occurrence.pk}/not-now/", {"reason": "why"}, follow=True)

    occurrence.refresh_from_db()
    assert occurrence.not_now == "why"
    assert "can see what you said" in answer.content.decode()


@pytest.mark.parametrize("reason", ["", "nonsense", "LATER"])
def test_not_now_needs_one_of_its_reasons(browser: Browser, occurrence: Occurrence, reason: str) -> None:
    answer = browser.post(f"/portal/occurrences/{occurrence.pk}/not-now/", {"reason": reason}, follow=True)

    occurrence.refresh_from_db()
    assert occurrence.not_now == ""
    assert "Pick what would help" in answer.content.decode()


def test_not_now_after_sending_changes_nothing(browser: Browser, submitted: Response) -> None:
    answer = browser.post(f"/portal/occurrences/{submitted.occurrence_id}/not-now/", {"reason": "why"})

    assert answer.status_code == 409
    assert "This is closed" in answer.content.decode()


def test_a_reply_is_seen_with_who_read_it(browser: Browser, submitted: Response, clinician: User, at: datetime) -> None:
    review_response(submitted, reply="Let us start there.", by=clinician, at=at)

    page = today(browser)

    assert "Clara read it" in page
    assert "Let us start there." in page


def test_this_weeks_practice_has_its_days(browser: Browser, client_person: Client, clinician: User) -> None:
    factories.assignment(client_person, by=clinician, exercise=factories.exercise(schema=LOG))

    page = today(browser)

    assert "This week’s practice" in page
    assert "Add a line for today" in page
    assert "Monday 16 November: no entry yet, today" in page


def test_with_nothing_open_it_says_when_the_next_thing_opens(
    browser: Browser, client_person: Client, clinician: User, exercise: Exercise, at: datetime
) -> None:
    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=at.date() + timedelta(days=3))

    page = today(browser)

    assert "Nothing is open" in page
    assert "The next thing opens Thursday morning" in page


def test_what_was_taken_back_is_gone(browser: Browser, assignment: Assignment, clinician: User, at: datetime) -> None:
    withdraw_work(assignment, by=clinician, at=at)

    assert "A small step" not in today(browser)


def test_others_work_is_not_seen(browser_of: Browsers, other_client: Client, occurrence: Occurrence) -> None:
    assert "A small step" not in today(browser_of(other_client.user))


def test_a_visit_is_noted(browser: Browser, client_person: Client, at: datetime) -> None:
    today(browser)

    assert Client.objects.get(pk=client_person.pk).last_seen_at == at


def test_staff_have_no_portal(browser_of: Browsers, clinician: User) -> None:
    assert browser_of(clinician).get("/portal/").status_code == 403


def test_visitors_are_asked_to_sign_in(visitor: Browser, north: Clinic) -> None:
    assert visitor.get("/portal/").status_code == 302


def test_an_account_without_a_client_has_no_portal(browser_of: Browsers, north: Clinic) -> None:
    stray = make_user(email="stray@example.org", display_name="Stray", kind=Kind.CLIENT)

    assert browser_of(stray).get("/portal/").status_code == 404


def test_fifty_things_cost_as_many_queries_as_one(
    browser: Browser,
    queries_of: Queries,
    client_person: Client,
    clinician: User,
    exercise: Exercise,
    occurrence: Occurrence,
) -> None:
    with_one = queries_of(lambda: today(browser))
    for _ in range(25):
        factories.response(factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get())
        factories.assignment(client_person, by=clinician, exercise=exercise)

    assert queries_of(lambda: today(browser)) == with_one
