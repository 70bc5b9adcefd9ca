"""The client page, the list of clients, and who may see what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from clients.models import Client, Occurrence, Response
from clients.recurrence import weekly
from clients.services import reviewing
from clients.services.answering import put_off
from clients.services.caseload import end_care
from clients.services.reviewing import open_response, review_response
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")


def page_of(browser: Browser, client: Client, **asked: Any) -> str:
    return str(browser.get(f"/admin/clients/client/{client.pk}/page/", asked).content.decode())


def test_a_clinician_sees_work_scores_and_replies(
    browser_of: Browsers, clinician: User, client_person: Client, submitted: Response, at: Any
) -> None:
    review_response(submitted, reply="Glad you wrote it.", by=clinician, at=at)

    page = page_of(browser_of(clinician), client_person)

    assert "Cleo sent “A small step”" in page
    assert "You read “A small step” and replied" in page
    assert "Glad you wrote it." in page
    assert "6 of 10" in page
    assert factories.ANSWERS["words"] not in page


@pytest.mark.parametrize("role", ["owner", "front_desk"])
def test_those_who_do_not_care_see_only_open_or_done(
    browser_of: Browsers,
    request: pytest.FixtureRequest,
    clinician: User,
    client_person: Client,
    submitted: Response,
    at: Any,
    role: str,
) -> None:
    review_response(submitted, reply="Glad you wrote it.", by=clinician, at=at)

    page = page_of(browser_of(request.getfixturevalue(role)), client_person)

    assert "1 of 1 done" in page
    for hidden in ("A small step", "Glad you wrote it.", "6 of 10", "What happened"):
        assert hidden not in page
    assert not AuditEvent.objects.filter(action=Action.CLIENT_OPENED).exists()


def test_the_page_is_for_those_who_may(
    browser_of: Browsers, other_clinician: User, editor: User, south: Clinic, client_person: Client
) -> None:
    with inside(south):
        stranger = factories.staff()
    address = f"/admin/clients/client/{client_person.pk}/"

    assert browser_of(other_clinician).get(f"{address}page/").status_code == 404
    assert browser_of(other_clinician).get(f"{address}change/").status_code == 404
    assert browser_of(stranger, south).get(f"{address}page/").status_code == 404
    assert browser_of(editor).get(f"{address}page/").status_code == 403
    assert browser_of(editor).get(f"{address}change/").status_code == 403


def test_care_that_ended_closes_the_page(
    browser_of: Browsers, clinician: User, owner: User, client_person: Client
) -> None:
    end_care(client_person.care.get(), by=owner, at=factories.LONG_AGO + timedelta(days=1))

    assert browser_of(clinician).get(f"/admin/clients/client/{client_person.pk}/page/").status_code == 404


def test_looking_is_written_down_before_it_is_shown(
    browser_of: Browsers, clinician: User, client_person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(clinician)
    page_of(browser, client_person)
    assert AuditEvent.objects.get(action=Action.CLIENT_OPENED).actor == clinician.pk

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(reviewing, "record", fail)

    assert browser.get(f"/admin/clients/client/{client_person.pk}/page/").status_code == 503


def test_the_timeline_tells_who_else_opened_and_what_was_put_off(
    browser_of: Browsers,
    clinician: User,
    other_clinician: User,
    client_person: Client,
    exercise: Exercise,
    submitted: Response,
    at: Any,
) -> None:
    open_response(submitted, by=other_clinician, at=at)
    second = factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get()
    put_off(second, reason=Occurrence.NotNow.LATER, at=at)

    page = page_of(browser_of(clinician), client_person)

    assert "Oscar Other opened “A small step”" in page
    assert "Cleo put off “A small step”" in page


def test_the_timeline_shows_more_when_asked(
    browser_of: Browsers, clinician: User, client_person: Client, exercise: Exercise
) -> None:
    for _ in range(20):
        factories.assignment(client_person, by=clinician, exercise=exercise)
    browser = browser_of(clinician)

    assert page_of(browser, client_person).count("You gave") == 15
    assert page_of(browser, client_person, events=30).count("You gave") == 20
    assert page_of(browser, client_person, events="many").count("You gave") == 15


def test_the_client_page_costs_the_same_for_little_and_for_much(
    browser_of: Browsers, clinician: User, client_person: Client, exercise: Exercise, queries_of: Callable[..., int]
) -> None:
    def give(number: int) -> None:
        for _ in range(number):
            occurrence = factories.assignment(
                client_person, by=clinician, exercise=exercise, rule=weekly(2)
            ).occurrences
            sent = factories.response(occurrence.get(number=1))
            open_response(sent, by=factories.staff(), at=factories.AT)

    browser = browser_of(clinician)
    give(1)
    few = queries_of(lambda: page_of(browser, client_person, events=100))
    give(20)

    assert queries_of(lambda: page_of(browser, client_person, events=100)) == few


def test_the_list_says_how_work_stands(
    browser_of: Browsers, clinician: User, other_client: Client, submitted: Response
) -> None:
    page = browser_of(clinician).get("/admin/clients/client/").content.decode()

    assert "Cleo Client" in page
    assert "Clara Clinician" in page
    assert "Otto" not in page


def test_the_list_is_searched_and_filtered(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client, other_client: Client
) -> None:
    browser = browser_of(owner)

    found = browser.get("/admin/clients/client/", {"q": "otto"}).content.decode()
    theirs = browser.get("/admin/clients/client/", {"clinician": str(clinician.pk)}).content.decode()
    nonsense = browser.get("/admin/clients/client/", {"clinician": "nobody"})

    assert "Otto" in found and "Cleo" not in found
    assert "Cleo" in theirs and "Otto" not in theirs
    assert nonsense.status_code == 200


def test_the_list_costs_the_same_for_one_and_for_many(
    browser_of: Browsers, clinician: User, exercise: Exercise, queries_of: Callable[..., int]
) -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            factories.assignment(factories.client(clinician), by=clinician, exercise=exercise)

    browser = browser_of(clinician)
    fill(1)
    few = queries_of(lambda: browser.get("/admin/clients/client/"))
    fill(40)

    assert queries_of(lambda: browser.get("/admin/clients/client/")) == few
