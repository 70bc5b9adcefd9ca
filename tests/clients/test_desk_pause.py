"""The page on which a client gets a pause."""

from datetime import timedelta

import pytest
import time_machine

from clients.models import Client, Occurrence
from clients.recurrence import daily
from content.models import Exercise
from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")
DAYS = {"first": "2026-11-19", "last": "2026-11-24"}


@pytest.fixture
def browser(browser_of: Browsers, clinician: User) -> Browser:
    return browser_of(clinician)


@pytest.fixture
def url(client_person: Client) -> str:
    return f"/admin/clients/client/{client_person.pk}/pause/"


@pytest.fixture
def resume(client_person: Client) -> str:
    return f"/admin/clients/client/{client_person.pk}/resume/"


def client_page(browser: Browser, client: Client) -> str:
    return str(browser.get(f"/admin/clients/client/{client.pk}/page/").content.decode())


def test_it_is_shown_first_what_a_pause_changes(
    browser: Browser, client_person: Client, clinician: User, url: str
) -> None:
    diary, once, long = (factories.exercise(title=title) for title in ("Sleep diary", "A letter", "A walk"))
    factories.assignment(client_person, by=clinician, exercise=diary, days=1, rule=daily(12))
    factories.assignment(client_person, by=clinician, exercise=once, starts_on=factories.AT.date() + timedelta(days=4))
    factories.assignment(client_person, by=clinician, exercise=long, days=4)

    page = browser.post(url, DAYS).content.decode()

    assert "<b>Sleep diary.</b> 6 times of 12 left out." in page
    assert "<b>A letter.</b> Opens 25 November, due 1 December instead of 26 November." in page
    assert "<b>A walk.</b> Due 25 November instead of 19 November." in page
    assert Client.objects.get(pk=client_person.pk).pause_from is None
    assert not Occurrence.objects.filter(state="skipped").exists()


def test_then_it_begins_and_stands_on_the_clients_page_and_on_theirs(
    browser: Browser, browser_of: Browsers, client_person: Client, url: str, clock: time_machine.Traveller
) -> None:
    answer = browser.post(url, DAYS | {"do": "pause"}, follow=True)

    assert "Cleo has a pause: 19 November 2026 to 24 November 2026." in answer.content.decode()
    assert "<dt>Pause</dt><dd>19 November 2026 to 24 November 2026</dd>" in client_page(browser, client_person)
    assert "You have a pause" not in browser_of(client_person.user).get("/portal/").content.decode()
    clock.shift(timedelta(days=4))
    assert (
        "You have a pause until Tuesday 24 November." in browser_of(client_person.user).get("/portal/").content.decode()
    )


def test_it_is_taken_back_before_it_begins(browser: Browser, client_person: Client, url: str, resume: str) -> None:
    browser.post(url, DAYS | {"do": "pause"})
    assert "Take the pause back" in browser.get(url).content.decode()

    browser.post(resume)

    assert Client.objects.get(pk=client_person.pk).pause_from is None
    assert "<dt>Pause</dt>" not in client_page(browser, client_person)


def test_to_end_what_is_no_pause_changes_nothing(browser: Browser, client_person: Client, resume: str) -> None:
    assert browser.post(resume).status_code == 302


@pytest.mark.parametrize("do", ["look", "pause"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": ""}, "Choose a day"),
        ({"last": "soon"}, "Write the day like"),
        ({"first": "2026-11-15"}, "today or later"),
        ({"last": "2026-11-18"}, "on the day it begins or later"),
        ({"last": "2027-11-18"}, "at most 92 days"),
    ],
)
def test_bad_days_are_said_and_kept(
    browser: Browser, client_person: Client, url: str, do: str, changes: dict[str, str], words: str
) -> None:
    answer = browser.post(url, DAYS | changes | {"do": do})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Client.objects.get(pk=client_person.pk).pause_from is None


def test_giving_work_says_that_there_is_a_pause(
    browser: Browser, client_person: Client, exercise: Exercise, url: str
) -> None:
    browser.post(url, DAYS | {"do": "pause"})

    page = browser.get("/admin/assign/", {"client": str(client_person.pk), "exercise": str(exercise.pk)})

    assert "Cleo Client has a pause, 19 November 2026 to 24 November 2026." in page.content.decode()


@pytest.mark.parametrize("page", ["pause", "resume"])
def test_a_pause_is_for_the_clinician_in_care_to_give(
    browser_of: Browsers,
    request: pytest.FixtureRequest,
    client_person: Client,
    supervisor: User,
    other_clinician: User,
    south: Clinic,
    page: str,
) -> None:
    with inside(south):
        stranger = factories.staff()
    address = f"/admin/clients/client/{client_person.pk}/{page}/"

    assert browser_of(other_clinician).post(address, DAYS | {"do": "pause"}).status_code == 404
    assert browser_of(stranger, south).post(address, DAYS | {"do": "pause"}).status_code == 404
    for role in ("supervisor", "owner", "front_desk", "editor"):
        assert browser_of(request.getfixturevalue(role)).post(address, DAYS | {"do": "pause"}).status_code == 403
    assert Client.objects.get(pk=client_person.pk).pause_from is None
