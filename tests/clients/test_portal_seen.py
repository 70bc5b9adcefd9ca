"""The client sees who looked at what they sent, in what part, and who can."""

from collections.abc import Callable
from datetime import datetime, timedelta

from clients.models import Client, Response
from clients.services.reviewing import open_client, open_response
from practices.accounts.models import User
from tests import factories
from tests.harness.browsers import Browser, Browsers


def seen(browser: Browser, **query: object) -> str:
    return browser.get("/portal/seen/", query).content.decode()


def test_each_looking_is_told_with_name_role_and_grounds(
    browser: Browser,
    client_person: Client,
    clinician: User,
    supervisor: User,
    other_clinician: User,
    submitted: Response,
    at: datetime,
) -> None:
    open_response(submitted, by=clinician, at=at)
    open_client(client_person, by=supervisor, at=at, purpose="supervision")
    factories.broken_glass(client_person, by=other_clinician, at=at)
    open_response(submitted, by=other_clinician, at=at, purpose="break-glass")

    page = " ".join(seen(browser).split())

    assert 'Clara Clinician <span class="soft">(clinician)</span>' in page
    assert "read “A small step”</a>." in page
    assert "(supervisor)" in page
    assert "and your scores, as your clinician’s supervisor." in page
    assert "asked to see your work for one hour, and gave a reason. Your clinician and the owner were told." in page
    assert "read “A small step”, in place of your clinician, with a reason</a>." in page
    assert factories.REASON not in page


def test_the_same_on_one_day_is_one_line(browser: Browser, clinician: User, submitted: Response, at: datetime) -> None:
    for minutes in (0, 10, 20):
        open_response(submitted, by=clinician, at=at + timedelta(minutes=minutes))
    open_response(submitted, by=clinician, at=at + timedelta(days=1))

    page = seen(browser)

    assert "read “A small step”</a>, 3 times." in page
    assert page.index("Tuesday 17 November") < page.index("Monday 16 November")


def test_who_can_read_it_from_now_on_is_named(browser: Browser, supervisor: User) -> None:
    page = seen(browser)

    assert "<b>Clara Clinician</b>, your clinician" in page
    assert "<b>Sam Supervisor</b>, Clara’s supervisor" in page
    assert "Nobody has looked yet" in page


def test_nobody_sees_what_was_looked_at_of_somebody_else(
    browser_of: Browsers, other_client: Client, clinician: User, submitted: Response, at: datetime
) -> None:
    open_response(submitted, by=clinician, at=at)

    page = seen(browser_of(other_client.user))

    assert "Nobody has looked yet" in page
    assert "Clara" not in page


def test_it_is_paged_and_costs_the_same_however_long(
    browser: Browser, clinician: User, submitted: Response, at: datetime, queries_of: Callable[..., int]
) -> None:
    open_response(submitted, by=clinician, at=at)
    few = queries_of(lambda: seen(browser))
    for day in range(60):
        open_response(submitted, by=clinician, at=at - timedelta(days=day + 1))

    assert queries_of(lambda: seen(browser)) == few
    assert "Page 1 of 2" in seen(browser)
    assert "Page 2 of 2" in seen(browser, page=99)
