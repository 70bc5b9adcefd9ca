"""The review queue: what waits, opening it, reading it, going on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.urls import reverse

from clients.models import Assignment, Client, Occurrence, Response, Review, SafetyAlert
from clients.recurrence import weekly
from clients.services import reviewing
from clients.services.alerts import acknowledge_alert
from clients.services.answering import put_off
from clients.services.reviewing import review_response
from content.models import Exercise
from content.services.exercises import publish_exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")
ALARMING = factories.ANSWERS | {"safe": "no"}


def opened_by(user: User) -> int:
    return AuditEvent.objects.filter(action=Action.RESPONSE_OPENED, actor=user.pk).count()


def queue_page(browser: Browser, show: str = "") -> str:
    return str(browser.get("/admin/queue/", {"show": show} if show else {}).content.decode())


def test_a_clinician_begins_at_the_queue(browser_of: Browsers, clinician: User) -> None:
    assert browser_of(clinician).get("/admin/")["Location"] == "/admin/queue/"


def test_what_was_sent_is_new_until_it_is_read(
    browser_of: Browsers, clinician: User, submitted: Response, at: Any
) -> None:
    browser = browser_of(clinician)
    before = queue_page(browser)

    review_response(submitted, by=clinician, at=at)

    assert "Cleo Client" in before
    assert "Cleo Client" not in queue_page(browser)


def test_the_list_opens_nothing(browser_of: Browsers, clinician: User, submitted: Response) -> None:
    page = queue_page(browser_of(clinician))

    assert opened_by(clinician) == 0
    assert factories.ANSWERS["words"] not in page


def test_a_clinician_sees_only_their_own_caseload(
    browser_of: Browsers, other_clinician: User, submitted: Response
) -> None:
    browser = browser_of(other_clinician)

    assert "Cleo" not in queue_page(browser)
    assert browser.get(f"/admin/queue/{submitted.pk}/").status_code == 404
    assert browser.post(f"/admin/queue/{submitted.pk}/review/", {"do": "read"}).status_code == 404
    assert Review.objects.count() == 0


@pytest.mark.parametrize("role", ["owner", "editor", "front_desk"])
def test_other_staff_have_no_queue(
    browser_of: Browsers, request: pytest.FixtureRequest, submitted: Response, role: str
) -> None:
    browser = browser_of(request.getfixturevalue(role))

    assert browser.get("/admin/queue/").status_code == 403
    assert browser.get(f"/admin/queue/{submitted.pk}/").status_code == 403
    assert browser.post(f"/admin/queue/{submitted.pk}/review/", {"do": "read"}).status_code == 403


def test_clients_and_visitors_are_not_let_in(
    browser_of: Browsers, visitor: Browser, client_person: Client, submitted: Response
) -> None:
    for browser in (visitor, browser_of(client_person.user)):
        answer = browser.get(f"/admin/queue/{submitted.pk}/")

        assert answer.status_code in (302, 403)


def test_a_response_of_another_clinic_is_not_there(browser_of: Browsers, south: Clinic, submitted: Response) -> None:
    with inside(south):
        stranger = factories.staff()

    assert browser_of(stranger, south).get(f"/admin/queue/{submitted.pk}/").status_code == 404


def test_opening_shows_the_answers_and_is_written_down(
    browser_of: Browsers, clinician: User, submitted: Response
) -> None:
    page = browser_of(clinician).get(f"/admin/queue/{submitted.pk}/").content.decode()

    assert factories.ANSWERS["words"] in page
    assert "What happened?" in page
    event = AuditEvent.objects.get(action=Action.RESPONSE_OPENED)
    assert (event.actor, event.subject_id) == (clinician.pk, submitted.pk)
    assert event.client_id == submitted.occurrence.assignment.client_id


def test_what_cannot_be_written_down_is_not_shown(
    browser_of: Browsers, clinician: User, submitted: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(reviewing, "record", fail)

    answer = browser_of(clinician).get(f"/admin/queue/{submitted.pk}/")

    assert answer.status_code == 503
    assert factories.ANSWERS["words"] not in answer.content.decode()


def test_an_answer_that_was_kept_shows_a_lock_and_nothing_else(
    browser_of: Browsers, clinician: User, occurrence: Occurrence
) -> None:
    sent = factories.response(occurrence, kept=("words",))

    page = browser_of(clinician).get(f"/admin/queue/{sent.pk}/").content.decode()

    assert "What happened?" in page
    assert "Only for Cleo" in page
    assert factories.ANSWERS["words"] not in page


def test_answers_are_shown_against_the_version_that_was_answered(
    browser_of: Browsers, clinician: User, submitted: Response, exercise: Exercise, at: Any
) -> None:
    prompts = [{"id": "words", "kind": "long_text", "text": "A newer question"}]
    publish_exercise(
        exercise, schema=factories.SCHEMA | {"prompts": prompts, "scoring": None, "safety": []}, by=clinician, at=at
    )

    page = browser_of(clinician).get(f"/admin/queue/{submitted.pk}/").content.decode()

    assert "What happened?" in page
    assert "A newer question" not in page
    assert "version 1" in page


def test_a_draft_is_not_there(browser_of: Browsers, clinician: User, draft: Response) -> None:
    assert browser_of(clinician).get(f"/admin/queue/{draft.pk}/").status_code == 404


def test_a_reply_is_sent_and_the_next_response_opens(
    browser_of: Browsers, clinician: User, submitted: Response, exercise: Exercise
) -> None:
    other = factories.client(clinician, first_name="Mei")
    waiting = factories.response(factories.assignment(other, by=clinician, exercise=exercise).occurrences.get())

    answer = browser_of(clinician).post(
        f"/admin/queue/{submitted.pk}/review/", {"reply": "Glad you wrote it.", "do": "send"}
    )

    assert answer["Location"] == f"/admin/queue/{waiting.pk}/"
    review = Review.objects.get(response=submitted)
    assert (review.reply, review.by) == ("Glad you wrote it.", clinician)


def test_mark_read_only_sends_nothing(browser_of: Browsers, clinician: User, submitted: Response) -> None:
    answer = browser_of(clinician).post(f"/admin/queue/{submitted.pk}/review/", {"reply": "A thought", "do": "read"})

    assert answer["Location"] == "/admin/queue/"
    assert Review.objects.get().reply is None


def test_an_empty_reply_is_not_sent(browser_of: Browsers, clinician: User, submitted: Response) -> None:
    answer = browser_of(clinician).post(f"/admin/queue/{submitted.pk}/review/", {"reply": " ", "do": "send"})

    assert answer.status_code == 422
    assert "Write a line first" in answer.content.decode()
    assert Review.objects.count() == 0


def test_a_reply_that_comes_too_late_is_not_lost(
    browser_of: Browsers, clinician: User, other_clinician: User, submitted: Response, at: Any
) -> None:
    review_response(submitted, by=other_clinician, at=at)

    answer = browser_of(clinician).post(f"/admin/queue/{submitted.pk}/review/", {"reply": "My line.", "do": "send"})

    assert answer.status_code == 422
    assert "My line." in answer.content.decode()


def test_a_second_reply_from_another_window_is_not_lost(
    browser_of: Browsers, clinician: User, submitted: Response
) -> None:
    browser = browser_of(clinician)
    url = f"/admin/queue/{submitted.pk}/review/"
    browser.post(url, {"reply": "The first.", "do": "send"})

    again = browser.post(url, {"reply": "The first.", "do": "send"})
    other = browser.post(url, {"reply": "The second.", "do": "send"})

    assert again.status_code == 302
    assert other.status_code == 422
    assert "your reply was not sent" in other.content.decode()
    assert "The second." in other.content.decode()


def test_what_to_assign_next_leads_to_assigning_it(
    browser_of: Browsers, clinician: User, submitted: Response, exercise: Exercise
) -> None:
    answer = browser_of(clinician).post(
        f"/admin/queue/{submitted.pk}/review/", {"do": "read", "next": str(exercise.pk)}
    )

    client = submitted.occurrence.assignment.client_id
    assert answer["Location"] == f"{reverse('admin:assign')}?client={client}&exercise={exercise.pk}&from=queue"


def test_an_alert_comes_first_until_it_is_acknowledged(
    browser_of: Browsers, clinician: User, occurrence: Occurrence
) -> None:
    sent = factories.response(occurrence, answers=ALARMING)
    alert = SafetyAlert.objects.get(response=sent)
    browser = browser_of(clinician)
    before = queue_page(browser, show="late")

    browser.post(f"/admin/alerts/{alert.pk}/acknowledge/")

    assert "Alert" in before
    alert.refresh_from_db()
    assert alert.acknowledged_by == clinician
    after = queue_page(browser)
    assert "safety question" not in after
    assert "Cleo Client" in after


def test_an_alert_that_was_read_but_not_acknowledged_stays(
    browser_of: Browsers, clinician: User, occurrence: Occurrence, at: Any
) -> None:
    sent = factories.response(occurrence, answers=ALARMING)

    review_response(sent, by=clinician, at=at)
    waiting = queue_page(browser_of(clinician))
    acknowledge_alert(sent.alert, by=clinician, at=at)

    assert "safety question" in waiting
    assert "Cleo Client" not in queue_page(browser_of(clinician))


def test_nobody_acknowledges_for_somebody_elses_client(
    browser_of: Browsers, other_clinician: User, owner: User, occurrence: Occurrence
) -> None:
    alert = factories.response(occurrence, answers=ALARMING).alert

    assert browser_of(other_clinician).post(f"/admin/alerts/{alert.pk}/acknowledge/").status_code == 404
    assert browser_of(owner).post(f"/admin/alerts/{alert.pk}/acknowledge/").status_code == 403


def test_put_off_is_stuck(browser_of: Browsers, clinician: User, occurrence: Occurrence, at: Any) -> None:
    put_off(occurrence, reason=Occurrence.NotNow.SMALLER, at=at)

    assert "Too much for me" in queue_page(browser_of(clinician), show="stuck")


def test_begun_is_stuck_only_once_it_lies_there(
    browser_of: Browsers, clinician: User, draft: Response, clock: time_machine.Traveller
) -> None:
    fresh = queue_page(browser_of(clinician))
    clock.shift(timedelta(days=4))

    assert "Begun, not sent" not in fresh
    assert "Begun, not sent" in queue_page(browser_of(clinician))


def test_due_and_not_begun_is_late(
    browser_of: Browsers, clinician: User, occurrence: Occurrence, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=9))

    assert "Cleo Client" in queue_page(browser_of(clinician), show="late")


def test_what_a_later_sending_has_overtaken_is_not_late(
    browser_of: Browsers, clinician: User, client_person: Client, exercise: Exercise, clock: time_machine.Traveller
) -> None:
    work = factories.assignment(client_person, by=clinician, exercise=exercise, rule=weekly(3))
    clock.shift(timedelta(days=9))
    factories.response(work.occurrences.get(number=2), at=factories.AT + timedelta(days=8))

    assert "Cleo Client" not in queue_page(browser_of(clinician), show="late")


def test_the_queue_costs_the_same_for_one_and_for_many(
    browser_of: Browsers, clinician: User, exercise: Exercise, queries_of: Callable[..., int]
) -> None:
    def fill(number: int) -> None:
        for position in range(number):
            person = factories.client(clinician)
            work: Assignment = factories.assignment(person, by=clinician, exercise=exercise, rule=weekly(2))
            first = work.occurrences.get(number=1)
            if position % 2:
                put_off(first, reason=Occurrence.NotNow.LATER, at=factories.AT)
            else:
                factories.response(first)

    browser = browser_of(clinician)
    fill(2)
    few = queries_of(lambda: browser.get("/admin/queue/"))
    fill(48)

    assert queries_of(lambda: browser.get("/admin/queue/")) == few
