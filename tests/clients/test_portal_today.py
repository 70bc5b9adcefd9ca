"""Today: what is next, what else is open, what became of what was sent."""

from datetime import timedelta

import pytest

from clients.models import Client, Occurrence
from clients.services.answering import put_off
from clients.services.assigning import withdraw_work
from clients.services.reviewing import review_response
from practices.accounts.permissions import Kind
from practices.accounts.services import make_user
from tests import factories

pytestmark = pytest.mark.usefixtures("clock")
LOG = factories.SCHEMA | {
    "prompts": [
        *factories.SCHEMA["prompts"],
        {"id": "log", "kind": "day_log", "text": "Did you find a moment?", "days": 7},
    ]
}


@pytest.fixture
def browser(browser_of, client_person):
    return browser_of(client_person.user)


def today(browser):
    return browser.get("/portal/").content.decode()


def test_the_next_thing_stands_on_top_with_verb_minutes_and_due(browser, occurrence):
    page = today(browser)

    assert "Work through: A small step" in page
    assert "About 5 minutes" in page
    assert "By Sunday evening" in page
    assert "Start" in page


def test_a_draft_is_carried_on_where_it_was_left(browser, occurrence):
    factories.draft(occurrence, answers={"words": "Rain."})

    page = today(browser)

    assert "Carry on where you left off" in page
    assert f"/portal/work/{occurrence.pk}/#q-mood" in page
    assert "1 of 3 answered" in page


def test_what_is_late_is_said_plainly_and_can_still_be_sent(browser_of, client_person, occurrence, clock):
    clock.shift(timedelta(days=8))

    assert "Was due on Sunday; you can still send it" in today(browser_of(client_person.user))


def test_what_was_put_off_makes_room_for_the_rest(browser, client_person, clinician, occurrence, at):
    other = factories.exercise(title="Another step")
    factories.assignment(client_person, by=clinician, exercise=other, days=14)
    put_off(occurrence, reason=Occurrence.NotNow.SMALLER, at=at)

    page = today(browser)

    assert page.index("Another step") < page.index("A small step")
    assert "You said: It is too much for me" in page


def test_not_now_is_saved_with_its_reason(browser, occurrence, clinician):
    answer = browser.post(f"/portal/work/{occurrence.pk}/not-now/", {"reason": "why"}, follow=True)

    occurrence.refresh_from_db()
    assert occurrence.not_now == "why"
    assert "can see which one you picked" in answer.content.decode()


@pytest.mark.parametrize("reason", ["", "nonsense", "LATER"])
def test_not_now_needs_one_of_its_reasons(browser, occurrence, reason):
    answer = browser.post(f"/portal/work/{occurrence.pk}/not-now/", {"reason": reason}, follow=True)

    occurrence.refresh_from_db()
    assert occurrence.not_now == ""
    assert "Pick what would help" in answer.content.decode()


def test_not_now_after_sending_changes_nothing(browser, submitted):
    answer = browser.post(f"/portal/work/{submitted.occurrence_id}/not-now/", {"reason": "why"})

    assert answer.status_code == 409
    assert "This is closed" in answer.content.decode()


def test_a_reply_is_seen_with_who_read_it(browser, submitted, clinician, at):
    review_response(submitted, reply="Let us start there.", by=clinician, at=at)

    page = today(browser)

    assert "Clara read it" in page
    assert "Let us start there." in page


def test_this_weeks_practice_has_its_days(browser, client_person, clinician):
    factories.assignment(client_person, by=clinician, exercise=factories.exercise(schema=LOG))

    page = today(browser)

    assert "This week’s practice" in page
    assert "Add a line for today" in page
    assert "Monday 16 November: no entry yet, today" in page


def test_with_nothing_open_it_says_when_the_next_thing_opens(browser, client_person, clinician, exercise, at):
    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=at.date() + timedelta(days=3))

    page = today(browser)

    assert "Nothing is open" in page
    assert "The next thing opens Thursday morning" in page


def test_what_was_taken_back_is_gone(browser, assignment, clinician, at):
    withdraw_work(assignment, by=clinician, at=at)

    assert "A small step" not in today(browser)


def test_others_work_is_not_seen(browser_of, other_client, occurrence):
    assert "A small step" not in today(browser_of(other_client.user))


def test_a_visit_is_noted(browser, client_person, at):
    today(browser)

    assert Client.objects.get(pk=client_person.pk).last_seen_at == at


def test_staff_have_no_portal(browser_of, clinician):
    assert browser_of(clinician).get("/portal/").status_code == 403


def test_visitors_are_asked_to_sign_in(visitor, north):
    assert visitor.get("/portal/").status_code == 302


def test_an_account_without_a_client_has_no_portal(browser_of, north):
    stray = make_user(email="stray@example.org", display_name="Stray", kind=Kind.CLIENT)

    assert browser_of(stray).get("/portal/").status_code == 404


def test_fifty_things_cost_as_many_queries_as_one(browser, queries_of, client_person, clinician, exercise, occurrence):
    with_one = queries_of(lambda: today(browser))
    for _ in range(25):
        factories.response(factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get())
        factories.assignment(client_person, by=clinician, exercise=exercise)

    assert queries_of(lambda: today(browser)) == with_one
