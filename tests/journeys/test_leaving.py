"""Somebody leaves, in one act: whoever takes over sees the clients at once, and what was written stays under its name."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.services.reviewing import review_response
from practices.accounts.models import Session, User
from practices.accounts.services.accounts import reactivate_staff
from practices.accounts.services.leaving import close_due
from practices.tenancy import inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import Cast

REPLY = "That was a good week to notice it."


def test_a_clinician_leaves_and_a_colleague_takes_over(
    site: Site, cast: Cast, open_page: Callable[..., Page], axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    heir = given_a_colleague_and_a_reply_of_claras(site, cast)
    olive, clara, helen, cleo = open_page(), open_page(), open_page(), open_page(PHONE)
    given_clara_is_at_her_desk(clara, site, cast)

    when_the_owner_says_who_takes_over_and_until_when(olive, site, cast, axe, fits)
    then_it_is_said_what_will_happen(olive, axe)
    when_it_is_done(olive)

    then_clara_is_signed_out_at_once(clara)
    then_the_colleague_has_the_client(helen, site, heir)
    then_the_client_reads_both_names(cleo, site, cast)
    then_clara_reads_until_her_last_day_and_changes_nothing(clara, site, cast)
    when_the_last_day_is_over_her_account_is_closed_and_no_session_comes_back(clara, site, cast)


def given_a_colleague_and_a_reply_of_claras(site: Site, cast: Cast) -> User:
    before = timezone.now() - timedelta(days=2)
    with inside(site.database.north):
        given = factories.assignment(cast.cleo, by=cast.clara, exercise=factories.exercise(), at=before)
        response = factories.response(given.occurrences.get(), at=before)
        review_response(response, reply=REPLY, by=cast.clara, at=before + timedelta(hours=1))
        return factories.staff(name="Helen Heir", email="helen@example.org")


def given_clara_is_at_her_desk(page: Page, site: Site, cast: Cast) -> None:
    site.sign_in(page, cast.clara)
    page.goto(site.url("/admin/clients/client/"))
    expect(page.get_by_role("link", name="Cleo Cole")).to_be_visible()


def when_the_owner_says_who_takes_over_and_until_when(
    page: Page, site: Site, cast: Cast, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    site.sign_in(page, cast.olive)
    page.goto(site.url("/admin/accounts/user/"))
    page.get_by_role("link", name="Clara Clinician").click()
    page.get_by_role("link", name="They are leaving").click()
    axe(page)
    fits(page)
    last_day = (timezone.now() + timedelta(days=3)).date()
    page.get_by_label("Their last day").fill(last_day.isoformat())
    page.get_by_label("Who takes over").select_option(label="Helen Heir")
    page.get_by_role("button", name="See what will happen").click()


def then_it_is_said_what_will_happen(page: Page, axe: Callable[[Page], None]) -> None:
    expect(page.get_by_text("Clara Clinician is signed out everywhere at once (1 session).")).to_be_visible()
    expect(page.get_by_text("Helen Heir sees 1 client from now on.")).to_be_visible()
    axe(page)


def when_it_is_done(page: Page) -> None:
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Clara Clinician is signed out. Their account closes on their last day.")).to_be_visible()


def then_clara_is_signed_out_at_once(page: Page) -> None:
    page.get_by_role("link", name="Cleo Cole").click()
    expect(page.get_by_role("region", name="I work here")).to_be_visible()


def then_the_colleague_has_the_client(page: Page, site: Site, heir: User) -> None:
    site.sign_in(page, heir)
    page.goto(site.url("/admin/clients/client/"))
    page.get_by_role("link", name="Cleo Cole").click()
    expect(page.get_by_role("link", name="Assign", exact=True).first).to_be_visible()


def then_the_client_reads_both_names(page: Page, site: Site, cast: Cast) -> None:
    site.sign_in(page, cast.cleo.user)
    page.goto(site.url("/portal/mine/?show=replies"))
    row = page.get_by_role("main").get_by_role("listitem").filter(has_text="Clara")
    row.get_by_role("link").first.click()
    expect(page.get_by_text(REPLY)).to_be_visible()


def then_clara_reads_until_her_last_day_and_changes_nothing(page: Page, site: Site, cast: Cast) -> None:
    site.sign_in(page, cast.clara)
    page.goto(site.url("/admin/clients/client/"))
    page.get_by_role("link", name="Cleo Cole").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cleo")
    expect(page.get_by_role("main").get_by_role("link", name="Assign", exact=True)).to_have_count(0)


def when_the_last_day_is_over_her_account_is_closed_and_no_session_comes_back(
    page: Page, site: Site, cast: Cast
) -> None:
    later = timezone.now() + timedelta(days=5)
    with inside(site.database.north):
        assert close_due(at=later) == 1
        reactivate_staff(User.objects.get(pk=cast.clara.pk), by=cast.olive, at=later)
        assert not Session.objects.filter(user_id=cast.clara.pk).exists()
    page.reload()
    expect(page.get_by_role("region", name="I work here")).to_be_visible()
