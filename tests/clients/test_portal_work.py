"""Answering: saving by button and by itself, two windows, looking it over, sending once."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from clients.models import Assignment, Client, Occurrence, Response, SafetyAlert
from clients.services.assigning import withdraw_work
from clients.services.caseload import end_care
from content.models import Article
from practices.accounts.models import User
from practices.json_gate import LARGEST
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.harness.browsers import Browser

Browsers = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("clock")
ALARMING = factories.ANSWERS | {"safe": "no"}


@pytest.fixture
def browser(browser_of: Browsers, client_person: Client) -> Browser:
    return browser_of(client_person.user)


@pytest.fixture
def url(occurrence: Occurrence) -> str:
    return f"/portal/work/{occurrence.pk}/"


def autosave(browser: Browser, url: str, fields: dict[str, list[str]], version: int = 0) -> Any:
    return browser.post(
        f"{url}draft/", json.dumps({"version": version, "fields": fields}), content_type="application/json"
    )


def send(browser: Browser, url: str, *, version: int = 1, request_id: UUID | None = None) -> Any:
    return browser.post(f"{url}send/", {"version": version, "request_id": request_id or uuid4()})


def stored(occurrence: Occurrence) -> Response:
    return Response.objects.get(occurrence=occurrence)


def test_the_work_page_asks_everything_and_says_that_it_is_a_draft(browser: Browser, url: str) -> None:
    page = browser.get(url).content.decode()

    assert "What happened?" in page
    assert "Only you can see it until you press send" in page
    assert "Look it over and send" in page


def test_an_article_is_answered_where_its_questions_stand(
    browser: Browser, client_person: Client, clinician: User, article: Article
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=article.exercise).occurrences.get()

    page = browser.get(f"/portal/work/{given.pk}/").content.decode()

    assert page.index("Some weeks feel like one long list.") < page.index('name="a-rest"')
    assert "Question 1 of 1" in page
    assert "Author" in page


def test_saving_by_button_comes_back_to_the_same_spot(browser: Browser, url: str, occurrence: Occurrence) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain all day.", "keep-words": "yes", "next": "save"})

    assert answer["Location"] == f"{url}#q-mood"
    assert stored(occurrence).kept == {"words": "Rain all day."}


def test_looking_over_saves_first(browser: Browser, url: str, occurrence: Occurrence) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain.", "next": "look"})

    assert answer["Location"] == f"{url}send/"
    assert stored(occurrence).answers == {"words": "Rain."}


def test_what_cannot_be_taken_stays_on_the_page_and_the_rest_is_saved(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain.", "a-mood": "eleven", "next": "look"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please look at this again" in page
    assert "Pick a whole number from 0 to 10." in page
    assert 'name="version" value="1"' in page
    assert stored(occurrence).answers == {"words": "Rain."}


def test_of_two_windows_the_second_is_told_and_both_texts_are_kept(browser: Browser, url: str) -> None:
    browser.post(url, {"version": 0, "a-words": "First window.", "next": "save"})

    answer = browser.post(url, {"version": 0, "a-words": "Second window.", "next": "save"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This was also changed in another window" in page
    assert "First window." in page
    assert "Second window." in page
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize("version", ["", "-1", "one", "²", "1e309", "9" * 5000])
def test_a_version_that_is_none_fits_no_draft_and_loses_nothing(browser: Browser, url: str, version: str) -> None:
    answer = browser.post(url, {"version": version, "a-words": "Rain all day.", "next": "save"})

    assert answer.status_code == 409
    assert "Rain all day." in answer.content.decode()


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


def test_looking_over_shows_what_is_sent_what_is_kept_and_who_can_read_it(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    factories.draft(occurrence, kept=("mood",))

    page = browser.get(f"{url}send/").content.decode()

    assert "The boat was late again." in page
    assert "Not sent. You will still find it under Mine." in page
    assert "Clara Clinician" in page
    assert "Send to Clara" in page


def test_with_nothing_written_there_is_nothing_to_look_over(browser: Browser, url: str) -> None:
    assert browser.get(f"{url}send/")["Location"] == url


def test_sending_makes_the_response_and_says_what_happens_next(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    factories.draft(occurrence, kept=("mood",))

    answer = send(browser, url)

    response = Response.objects.submitted().get(occurrence=occurrence)
    assert response.kept == {"mood": 6}
    assert answer.url == f"/portal/mine/{response.pk}/?sent=now"
    page = browser.get(answer.url).content.decode()
    assert "It is sent" in page
    assert "Clara can read it now" in page


def test_sending_twice_makes_one_response(browser: Browser, url: str, occurrence: Occurrence) -> None:
    factories.draft(occurrence)
    request_id = uuid4()

    first, second = send(browser, url, request_id=request_id), send(browser, url, request_id=request_id)
    from_another_window = send(browser, url)

    assert first.url == second.url == from_another_window.url
    assert Response.objects.submitted().count() == 1


def test_what_is_missing_is_named_and_nothing_is_sent(browser: Browser, url: str, occurrence: Occurrence) -> None:
    factories.draft(occurrence, answers={"mood": 3})

    answer = send(browser, url)

    assert answer.status_code == 422
    assert "Something is still missing" in answer.content.decode()
    assert not Response.objects.submitted().exists()


def test_a_draft_that_was_changed_meanwhile_is_looked_over_again(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    factories.draft(occurrence)
    autosave(browser, url, {"a-words": ["Changed."]}, version=1)

    answer = send(browser, url, version=1)

    assert answer["Location"] == f"{url}send/"
    assert not Response.objects.submitted().exists()
    assert "Look it over once more" in browser.get(answer.url).content.decode()


@pytest.mark.parametrize(("version", "request_id"), [("x", "x"), ("", ""), ("1", "7"), ("9" * 30, "x")])
def test_a_broken_send_form_is_asked_for_again(
    browser: Browser, url: str, occurrence: Occurrence, version: str, request_id: str
) -> None:
    factories.draft(occurrence)

    answer = browser.post(f"{url}send/", {"version": version, "request_id": request_id})

    assert answer.status_code == 400
    assert "press Send once more" in answer.content.decode()


def test_an_id_that_closed_other_work_closes_nothing_else(
    browser: Browser, url: str, occurrence: Occurrence, client_person: Client, clinician: User
) -> None:
    factories.draft(occurrence)
    elsewhere = factories.assignment(client_person, by=clinician, exercise=factories.exercise(title="Another step"))
    used = factories.response(elsewhere.occurrences.get()).request_id

    assert send(browser, url, request_id=used).status_code == 400
    assert send(browser, url).status_code == 302


def test_an_answer_that_trips_the_safety_rule_shows_whom_to_call(
    browser: Browser, url: str, occurrence: Occurrence, north: Clinic
) -> None:
    north.crisis_contacts = [{"label": "Crisis line", "number": "0808 157 0142"}]
    north.save()
    factories.draft(occurrence, answers=ALARMING)

    before = browser.get(f"{url}send/").content.decode()
    after = browser.get(send(browser, url).url).content.decode()

    assert SafetyAlert.objects.count() == 1
    for page in (before, after):
        assert "You do not have to be alone with it" in page
        assert "Clara will be told" in page


def test_an_alert_reaches_the_owners_when_there_is_no_clinician(
    browser: Browser, url: str, occurrence: Occurrence, client_person: Client, owner: User, at: datetime
) -> None:
    end_care(client_person.care.get(), by=owner, at=at)
    factories.draft(occurrence, answers=ALARMING)

    page = browser.get(send(browser, url).url).content.decode()

    assert OutboxMail.objects.filter(kind=MailKind.ALERT).count() == 1
    assert "North will be told" in page
    assert "Nobody at North yet" in page


def test_work_that_was_taken_back_cannot_be_sent(
    browser: Browser, url: str, draft: Response, assignment: Assignment, clinician: User, at: datetime
) -> None:
    withdraw_work(assignment, by=clinician, at=at)

    assert browser.get(url).status_code == 404
    assert browser.get(f"{url}send/").status_code == 409
    assert send(browser, url).status_code == 409
    assert not Response.objects.submitted().exists()


def test_work_that_was_sent_leads_to_what_was_sent(browser: Browser, url: str, submitted: Response) -> None:
    assert browser.get(url)["Location"] == f"/portal/mine/{submitted.pk}/"
    assert browser.get(f"{url}send/")["Location"] == f"/portal/mine/{submitted.pk}/"
    assert browser.post(url, {"version": 1, "a-words": "x"}).status_code == 409


@pytest.mark.parametrize("page", ["", "draft/", "send/", "not-now/"])
def test_others_and_staff_cannot_reach_the_work(
    browser_of: Browsers, other_client: Client, clinician: User, south: Clinic, url: str, page: str
) -> None:
    foreign = browser_of(other_client.user)
    body = json.dumps({"version": 0, "fields": {}})

    answers = [
        foreign.post(url + page, body, content_type="application/json"),
        browser_of(clinician).post(url + page, body, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404, 403]


def test_the_same_address_at_another_clinic_asks_to_sign_in(browser: Browser, south: Clinic, url: str) -> None:
    stranger = type(browser)(south)
    stranger.cookies = browser.cookies

    assert stranger.get(url).status_code == 302
