"""Who opened what of one client, as the clinician in care and the owner see it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from clients.admin.audit_log import A_PAGE
from clients.models import Client, Response
from clients.services.reviewing import open_client, open_response
from practices.accounts.models import User
from tests import factories
from tests.harness.browsers import Browser, Browsers


def page_of(browser: Browser, client: Client, **query: object) -> str:
    return " ".join(browser.get(f"/admin/clients/client/{client.pk}/openings/", query).content.decode().split())


def test_it_says_when_who_as_what_and_why(
    browser_of: Browsers,
    clinician: User,
    supervisor: User,
    other_clinician: User,
    client_person: Client,
    submitted: Response,
    at: datetime,
) -> None:
    open_response(submitted, by=clinician, at=at)
    open_client(client_person, by=supervisor, at=at, purpose="supervision")
    open_response(submitted, by=other_clinician, at=at, purpose="break-glass")

    page = page_of(browser_of(clinician), client_person)

    assert 'Clara Clinician <span class="soft">(clinician)</span>' in page
    assert '<td>“A small step”</td> <td class="soft">To review it</td>' in page
    assert '<td>The client page</td> <td class="soft">As a supervisor</td>' in page
    assert '<td>“A small step”</td> <td class="soft">With a reason, for one hour</td>' in page


def test_the_owner_sees_that_something_was_read_but_not_what(
    browser_of: Browsers, clinician: User, owner: User, client_person: Client, submitted: Response, at: datetime
) -> None:
    open_response(submitted, by=clinician, at=at)

    page = page_of(browser_of(owner), client_person)

    assert f"<td>Something {client_person.first_name} sent</td>" in page
    assert "A small step" not in page


def test_a_page_that_was_opened_once_stands_there_once(
    browser_of: Browsers, clinician: User, client_person: Client, submitted: Response
) -> None:
    browser = browser_of(clinician)
    browser.get(f"/admin/queue/{submitted.pk}/")
    browser.get(f"/admin/clients/client/{client_person.pk}/page/")
    browser.post(f"/admin/queue/{submitted.pk}/review/", {"do": "read"})

    page = page_of(browser, client_person)
    told = browser_of(client_person.user).get("/portal/seen/").content.decode()

    assert (page.count("“A small step”"), page.count("The client page")) == (1, 1)
    assert (told.count("read “A small step”"), told.count("looked at your page")) == (1, 1)
    assert " times" not in told


def test_it_is_linked_for_those_who_may_see_it_only(
    browser_of: Browsers, clinician: User, owner: User, front_desk: User, supervisor: User, client_person: Client
) -> None:
    def links(user: User) -> bool:
        page = browser_of(user).get(f"/admin/clients/client/{client_person.pk}/page/").content.decode()
        return f"/admin/clients/client/{client_person.pk}/openings/" in page

    assert [links(user) for user in (clinician, owner, front_desk, supervisor)] == [True, True, False, False]


def test_nobody_sees_it_of_a_client_who_is_not_theirs(
    browser_of: Browsers, clinician: User, other_clinician: User, client_person: Client
) -> None:
    factories.broken_glass(client_person, by=other_clinician)

    for user in (other_clinician, clinician):
        path = f"/admin/clients/client/{client_person.pk}/openings/"
        assert browser_of(user).get(path).status_code == (404 if user is other_clinician else 200)


def test_before_anybody_looked_it_says_what_will_stand_there(
    browser_of: Browsers, owner: User, client_person: Client
) -> None:
    assert "Nobody has opened anything yet" in page_of(browser_of(owner), client_person)


def test_older_ones_follow_and_queries_stay_the_same(
    browser_of: Browsers,
    clinician: User,
    client_person: Client,
    submitted: Response,
    at: datetime,
    queries_of: Callable[[Callable[[], Any]], int],
) -> None:
    browser = browser_of(clinician)
    open_response(submitted, by=clinician, at=at)
    few = queries_of(lambda: page_of(browser, client_person))
    for number in range(A_PAGE + 2):
        open_response(submitted, by=clinician, at=at - timedelta(minutes=number + 1))

    assert queries_of(lambda: page_of(browser, client_person)) == few

    path = f"/admin/clients/client/{client_person.pk}/openings/"
    first = browser.get(path)
    second = browser.get(path, {"before": str(first.context["before"])})
    assert (len(first.context["openings"]), len(second.context["openings"])) == (A_PAGE, 3)
    assert second.context["before"] is None
    assert "Newest" in second.content.decode()
