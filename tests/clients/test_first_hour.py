"""What a new clinic's owner is told to do first, and when it is gone."""

import re
from collections.abc import Callable

import pytest

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from practices.tenancy import hosts
from tests import factories
from tests.harness.browsers import Browser, Browsers

PAGE = "/admin/overview/"
PUT_AWAY = "/admin/overview/first-hour/put-away/"


@pytest.fixture
def desk(browser_of: Browsers, north: Clinic) -> Browser:
    """That of an owner who is alone in a clinic without anything."""
    Clinic.objects.filter(pk=north.pk).update(crisis_contacts=[])
    return browser_of(factories.staff(Role.OWNER, name="Olive Owner"))


def steps(browser: Browser) -> dict[str, str]:
    """Each step and its mark, as they stand on the page."""
    page = browser.get(PAGE).content.decode()
    [card] = re.findall(r'<section class="card first-hour".*?</section>', page, re.DOTALL) or [""]
    return dict(re.findall(r'<a href="[^"]+">([^<]+)</a>.*?(Done|To do)', card, re.DOTALL))


def test_each_step_is_ticked_by_what_is_there(desk: Browser, north: Clinic) -> None:
    assert set(steps(desk).values()) == {"To do"} and len(steps(desk)) == 5
    owner = User.objects.get(display_name="Olive Owner")
    acts: dict[str, Callable[[], object]] = {
        "Invite your colleagues": lambda: factories.invitation(by=owner),
        "Copy starter exercises in": factories.exercise,
        "Publish a first article": factories.article,
        "Check the crisis contacts": lambda: Clinic.objects.filter(pk=north.pk).update(
            crisis_contacts=[{"label": "Night line", "number": "116 123"}]
        ),
    }

    for title, act in acts.items():
        act()
        assert steps(desk)[title] == "Done"

    assert [title for title, mark in steps(desk).items() if mark == "To do"] == ["Invite a first client"]
    factories.client()
    assert steps(desk) == {}


def test_a_draft_is_no_first_article(desk: Browser) -> None:
    factories.article(published=False)

    assert steps(desk)["Publish a first article"] == "To do"


def test_each_step_leads_to_where_it_is_done(desk: Browser) -> None:
    page = desk.get(PAGE).content.decode()
    [card] = re.findall(r'<section class="card first-hour".*?</section>', page, re.DOTALL)

    addresses = re.findall(r'<a href="([^"]+)"', card)

    assert [desk.get(address).status_code for address in addresses] == [200] * 5


def test_it_can_be_put_away(desk: Browser, north: Clinic) -> None:
    assert desk.post(PUT_AWAY).status_code == 302
    hosts.clear()  # which the commit would do

    assert steps(desk) == {}
    assert desk.get(PAGE).status_code == 200


def test_it_is_one_query_and_none_once_it_is_put_away(
    desk: Browser, queries_of: Callable[[Callable[[], object]], int], north: Clinic
) -> None:
    with_list = queries_of(lambda: desk.get(PAGE))
    desk.post(PUT_AWAY)
    hosts.clear()

    assert queries_of(lambda: desk.get(PAGE)) == with_list - 1


def test_colleagues_count_whether_invited_or_here(desk: Browser) -> None:
    colleague: User = factories.staff()

    assert colleague.is_staff
    assert steps(desk)["Invite your colleagues"] == "Done"


def test_the_owners_own_invitation_is_no_colleague(desk: Browser) -> None:
    factories.invitation(Role.OWNER, by=None)

    assert steps(desk)["Invite your colleagues"] == "To do"
