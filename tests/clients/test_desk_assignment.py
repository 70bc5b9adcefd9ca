"""The page of one piece of work that was given, and what its clinician changes there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from clients.admin import pages
from clients.models import Assignment, Client, Occurrence
from clients.recurrence import daily
from clients.services.answering import put_off
from clients.services.assigning import withdraw_work
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.factories import AT
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(browser_of: Browsers, clinician: User) -> Browser:
    return browser_of(clinician)


@pytest.fixture
def url(assignment: Assignment) -> str:
    return f"/admin/assignments/{assignment.pk}/"


def page_of(browser: Browser, url: str) -> str:
    return str(browser.get(url).content.decode())


def test_it_shows_each_time_and_how_it_stands(
    browser_of: Browsers, client_person: Client, clinician: User, exercise: Exercise, clock: Any
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, days=1, rule=daily(5))
    first, _, _, fourth, _ = given.occurrences.select_related("assignment__client__user").order_by("number")
    factories.response(first)
    clock.shift(timedelta(days=3))
    put_off(fourth, reason=Occurrence.NotNow.LATER, at=AT + timedelta(days=3))

    page = page_of(browser_of(clinician), f"/admin/assignments/{given.pk}/")

    assert "You gave it Monday, every day, 5 times." in page
    words = " ".join(page.split())
    for name, chip in (
        ("Day 1 of 5", "Sent"),
        ("Day 2 of 5", "Not done"),
        ("Day 4 of 5", "Put off"),
        ("Day 5 of 5", "To come"),
    ):
        assert chip in words[words.index(f">{name}<") :][:700]
    assert factories.ANSWERS["words"] not in page


def test_more_time_is_given(browser: Browser, occurrence: Occurrence, url: str, client_person: Client) -> None:
    answer = browser.post(f"{url}due/", {"time": str(occurrence.pk), "to": "2026-11-30"}, follow=True)

    occurrence.refresh_from_db()
    assert f"{occurrence.due_at:%d %b %H:%M}" == "30 Nov 21:00"
    assert "Cleo has until then." in answer.content.decode()


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Choose a day"),
        ("soon", "Write the day like"),
        ("2026-11-15", "That day is over"),
        ("2028-01-01", "a year"),
    ],
)
def test_a_day_that_can_not_be_is_refused_at_the_field(
    browser: Browser, occurrence: Occurrence, url: str, to: str, words: str
) -> None:
    answer = browser.post(f"{url}due/", {"time": str(occurrence.pk), "to": to})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_time_of_other_work_is_no_time_of_this(
    browser: Browser, client_person: Client, clinician: User, url: str, exercise: Exercise
) -> None:
    other = factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get()
    due_at = other.due_at

    answer = browser.post(f"{url}due/", {"time": str(other.pk), "to": "2026-11-30"})

    other.refresh_from_db()
    assert answer.status_code == 422
    assert other.due_at == due_at


def test_a_line_is_written_above_the_work(
    browser: Browser, browser_of: Browsers, client_person: Client, assignment: Assignment, url: str
) -> None:
    browser.post(f"{url}note/", {"note": "Take the small chair."})

    assert "Take the small chair." in browser_of(client_person.user).get("/portal/").content.decode()
    assert "You wrote it today." in page_of(browser, url)


def test_a_line_that_is_too_long_is_kept_in_the_field(browser: Browser, assignment: Assignment, url: str) -> None:
    answer = browser.post(f"{url}note/", {"note": "x" * 2001})

    assert answer.status_code == 422
    assert "x" * 2001 in answer.content.decode()


def test_work_is_taken_back(browser: Browser, assignment: Assignment, url: str) -> None:
    browser.post(f"{url}withdraw/")

    assignment.refresh_from_db()
    assert assignment.withdrawn_at is not None
    assert "Nothing of it is open any more" in page_of(browser, url)


@pytest.mark.parametrize(("page", "posted"), [("due/", {"to": "2026-11-30"}), ("note/", {"note": "Too late."})])
def test_what_was_taken_back_meanwhile_is_not_changed(
    browser: Browser, occurrence: Occurrence, clinician: User, url: str, page: str, posted: dict[str, str]
) -> None:
    withdraw_work(occurrence.assignment, by=clinician, at=AT)

    answer = browser.post(f"{url}{page}", posted | {"time": str(occurrence.pk)})

    assert answer.status_code == 422
    assert Assignment.objects.get().note is None


@pytest.mark.parametrize("page", ["", "due/", "note/", "withdraw/"])
def test_it_is_for_the_clinician_in_care_alone(
    browser_of: Browsers,
    request: pytest.FixtureRequest,
    supervisor: User,
    other_clinician: User,
    south: Clinic,
    url: str,
    page: str,
) -> None:
    with inside(south):
        stranger = factories.staff()

    def status(browser: Browser) -> int:
        return int((browser.post(url + page) if page else browser.get(url)).status_code)

    assert status(browser_of(other_clinician)) == status(browser_of(stranger, south)) == 404
    for role in ("supervisor", "owner", "front_desk", "editor"):
        assert status(browser_of(request.getfixturevalue(role))) == 403


def test_looking_is_written_down_before_it_is_shown(
    browser: Browser, client_person: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of(browser, url)
    assert AuditEvent.objects.filter(action=Action.CLIENT_OPENED, client_id=client_person.pk).count() == 1

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(pages, "open_client", refuse)

    assert browser.get(url).status_code == 503


def test_the_client_page_leads_there(browser: Browser, client_person: Client, url: str, assignment: Assignment) -> None:
    page = browser.get(f"/admin/clients/client/{client_person.pk}/page/").content.decode()

    assert f'href="{url}"' in page


def test_one_time_costs_as_many_queries_as_fifty(
    browser: Browser,
    client_person: Client,
    clinician: User,
    exercise: Exercise,
    url: str,
    queries_of: Callable[[Callable[[], Any]], int],
) -> None:
    few = queries_of(lambda: browser.get(url))
    many = factories.assignment(client_person, by=clinician, exercise=exercise, days=1, rule=daily(50))

    assert queries_of(lambda: browser.get(f"/admin/assignments/{many.pk}/")) == few
