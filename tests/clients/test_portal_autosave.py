"""Autosave: what it says, what it refuses, and that it loses nothing."""

import json
from datetime import datetime
from typing import Any

import pytest

from clients.models import Assignment, Client, Occurrence, Response
from clients.services.assigning import withdraw_work
from practices.accounts.models import User
from practices.json_gate import LARGEST
from practices.models import Clinic
from tests import factories
from tests.clients.answering import autosave, stored
from tests.harness.browsers import Browser

pytestmark = pytest.mark.usefixtures("clock")


def test_autosave_says_when_it_saved(browser: Browser, url: str, occurrence: Occurrence) -> None:
    answer = autosave(browser, url, {"a-words": ["Rain."], "a-mood": ["4"]})

    assert answer.json() == {
        "version": 1,
        "saved": "Saved 10:00",
        "progress": "2 of 3 answered",
        "done": 2,
        "problems": {},
    }
    assert stored(occurrence).answers == {"words": "Rain.", "mood": 4}
    assert Occurrence.objects.get(pk=occurrence.pk).state == Occurrence.State.STARTED


def test_autosave_that_is_sent_twice_is_saved_once(browser: Browser, url: str, occurrence: Occurrence) -> None:
    autosave(browser, url, {"a-words": ["Rain."]})

    again = autosave(browser, url, {"a-words": ["Rain."]})

    assert again.status_code == 200
    assert again.json()["version"] == stored(occurrence).version == 1


def test_autosave_tells_of_another_window_with_what_it_wrote(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    autosave(browser, url, {"a-words": ["First."]})

    answer = autosave(browser, url, {"a-words": ["Second."]})

    assert answer.status_code == 409
    assert answer.json() == {
        "reason": "conflict",
        "message": "This was also changed in another window.",
        "version": 1,
        "other": {"words": "First."},
    }
    assert stored(occurrence).answers == {"words": "First."}


def test_autosave_keeps_the_old_answer_where_the_new_one_does_not_fit(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    autosave(browser, url, {"a-words": ["Rain."], "a-mood": ["4"]})

    answer = autosave(browser, url, {"a-words": ["Rain, then sun."], "a-mood": ["40"]}, version=1)

    assert answer.json()["problems"] == {"a-mood": "Pick a whole number from 0 to 10."}
    assert stored(occurrence).answers == {"words": "Rain, then sun.", "mood": 4}


def test_a_tick_only_for_me_is_remembered_before_there_is_an_answer(browser: Browser, url: str) -> None:
    autosave(browser, url, {"keep-words": ["yes"]})

    assert 'name="keep-words" value="yes" checked' in browser.get(url).content.decode()


def test_an_answer_with_a_safety_rule_cannot_be_kept(browser: Browser, url: str, occurrence: Occurrence) -> None:
    autosave(browser, url, {"a-safe": ["no"], "keep-safe": ["yes"]})

    assert stored(occurrence).answers == {"safe": "no"}
    assert "keep-safe" not in browser.get(url).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"version": 0}',
        '{"version": "0", "fields": {}}',
        '{"version": -1, "fields": {}}',
        '{"version": true, "fields": {}}',
        '{"version": 0, "fields": []}',
        '{"version": 0, "fields": {"a-words": "text"}}',
        '{"version": 0, "fields": {"a-words": [7]}}',
        '{"version": 0, "fields": {"a-words": ["\\u0000"]}}',
        '{"version": 0, "fields": {"a-words": ["\\ud800"]}}',
        '{"version": 0, "fields": {}, "more": 1}',
        '{"version": NaN, "fields": {}}',
    ],
)
def test_autosave_refuses_what_it_cannot_read_in_words(
    browser: Browser, url: str, occurrence: Occurrence, body: str
) -> None:
    answer = browser.post(f"{url}draft/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["message"]
    assert not Response.objects.filter(occurrence=occurrence).exists()


def test_autosave_names_a_question_that_is_not_part_of_the_work(browser: Browser, url: str) -> None:
    answer = autosave(browser, url, {"a-words": ["Rain."], "a-stray": ["x"]})

    assert answer.status_code == 400
    assert "“stray”" in answer.json()["message"]


def test_autosave_refuses_what_is_too_large(browser: Browser, url: str) -> None:
    answer = autosave(browser, url, {"a-words": ["x" * LARGEST]})

    assert answer.status_code == 413
    assert answer.json()["message"]


def test_autosave_of_a_huge_version_is_a_conflict_and_no_error(browser: Browser, url: str) -> None:
    autosave(browser, url, {"a-words": ["Rain."]})

    assert autosave(browser, url, {"a-words": ["Sun."]}, version=10**30).status_code == 409


def test_autosave_of_work_that_was_taken_back_says_so_and_keeps_the_draft(
    browser: Browser, url: str, occurrence: Occurrence, assignment: Assignment, clinician: User, at: datetime
) -> None:
    autosave(browser, url, {"a-words": ["Rain."]})
    withdraw_work(assignment, by=clinician, at=at)

    answer = autosave(browser, url, {"a-words": ["Rain and sun."]}, version=1)

    assert answer.status_code == 409
    assert answer.json()["reason"] == "closed"
    assert stored(occurrence).answers == {"words": "Rain."}


def test_autosave_after_sending_says_that_it_is_closed(browser: Browser, url: str, submitted: Response) -> None:
    answer = autosave(browser, url, {"a-words": ["Something else."]}, version=1)

    assert answer.status_code == 409
    assert answer.json()["reason"] == "closed"
    submitted.refresh_from_db()
    assert submitted.answers["words"] == factories.ANSWERS["words"]


def test_autosave_costs_few_queries(
    browser: Browser, url: str, occurrence: Occurrence, django_assert_max_num_queries: Any
) -> None:
    autosave(browser, url, {"a-words": ["One."]})

    # the schema, session, user, the work with its draft, and one UPDATE between BEGIN and COMMIT
    with django_assert_max_num_queries(7):
        assert autosave(browser, url, {"a-words": ["Two."]}, version=1).status_code == 200


def test_autosave_needs_the_token(north: Clinic, client_person: Client, url: str) -> None:
    browser = Browser(north, enforce_csrf_checks=True).sign_in(client_person.user)

    assert autosave(browser, url, {"a-words": ["Rain."]}).status_code == 403
    token = browser.get(f"{url}draft/").json()["token"]
    body = json.dumps({"version": 0, "fields": {"a-words": ["Rain."]}})
    answer = browser.post(f"{url}draft/", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200
