"""Looking it over, and sending once."""

from datetime import datetime
from uuid import uuid4

import pytest

from clients.models import Assignment, Client, Occurrence, Response, SafetyAlert
from clients.services.assigning import withdraw_work
from clients.services.caseload import end_care
from practices.accounts.models import User
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.clients.answering import autosave, send
from tests.harness.browsers import Browser

pytestmark = pytest.mark.usefixtures("clock")
ALARMING = factories.ANSWERS | {"safe": "no"}


def test_looking_over_shows_what_is_sent_what_is_kept_and_who_can_read_it(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    factories.draft(occurrence, kept=("mood",))

    page = browser.get(f"{url}send/").content.decode()

    assert "The boat was late again." in page
    assert "Not sent. You will still find it under Mine." in page
    assert "Clara Clinician" in page
    assert "Send to Clara" in page


def test_supervisors_are_named_with_those_who_can_read_it(
    browser: Browser, url: str, occurrence: Occurrence, supervisor: User
) -> None:
    factories.draft(occurrence)

    page = browser.get(f"{url}send/").content.decode()

    assert "<b>Sam Supervisor</b>, Clara’s supervisor" in page
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
