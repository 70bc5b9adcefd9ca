"""A client says when and where, or why not now; the clinician sees it and makes it easier. With and without a script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from practices.tenancy import inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import WORK, Cast

PLAN = "On Sunday after lunch, at the kitchen table."
WHY = "My mother is ill, I can’t think."
LINE = "One word is plenty this week."
SMALL = {
    "format": 1,
    "minutes": 2,
    "introduction": "",
    "prompts": [{"id": "word", "kind": "short_text", "text": "One word for this week", "required": True}],
}
Check = Callable[[Page], None]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_agreeing_and_not_now(
    site: Site, cast: Cast, open_page: Callable[..., Page], axe: Check, fits: Check, scripts: bool
) -> None:
    given_a_worksheet_and_something_smaller(site, cast)
    phone, desk = open_page(PHONE, java_script_enabled=scripts), open_page()
    site.sign_in(phone, cast.cleo.user)
    site.sign_in(desk, cast.clara)

    def holds(page: Page) -> None:
        if scripts:  # axe is one itself
            axe(page)
            fits(page)

    when_cleo_starts_she_is_asked(phone, site, holds)
    when_she_says_when_and_where(phone, holds)
    then_she_is_not_asked_again(phone, site)
    then_clara_sees_what_she_plans(desk, site, cast, axe)

    when_it_is_too_much_she_says_why(phone, site)
    then_clara_reads_the_reason_and_sees_no_reproach(desk, site, cast)
    when_clara_makes_it_easier(desk, axe)
    then_cleo_sees_that_she_was_heard(phone, site, holds)

    when_cleo_does_the_smaller_one(phone, holds)
    then_it_counts(desk, site, cast)


def given_a_worksheet_and_something_smaller(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        work = factories.exercise(schema=WORK, by=cast.clara, title="Looking at the week")
        factories.exercise(schema=SMALL, by=cast.clara, title="One word")
        factories.assignment(cast.cleo, by=cast.clara, exercise=work, at=timezone.now(), days=5)


def when_cleo_starts_she_is_asked(phone: Page, site: Site, holds: Check) -> None:
    phone.goto(site.url("/portal/"))
    phone.get_by_role("link", name="Start").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Before you start")
    expect(phone.get_by_text("Clara can see what you say here")).to_be_visible()
    holds(phone)


def when_she_says_when_and_where(phone: Page, holds: Check) -> None:
    phone.get_by_label("When and where could this fit?").fill(PLAN)
    phone.get_by_role("group", name="How sure are you").get_by_role("radio", name="8", exact=True).check()
    phone.get_by_role("button", name="Save and start").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Looking at the week")
    expect(phone.get_by_text(PLAN)).to_be_visible()
    holds(phone)


def then_she_is_not_asked_again(phone: Page, site: Site) -> None:
    phone.goto(site.url("/portal/"))
    expect(phone.get_by_text(PLAN)).to_be_visible()
    phone.get_by_role("link", name="Start").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Looking at the week")


def then_clara_sees_what_she_plans(desk: Page, site: Site, cast: Cast, axe: Check) -> None:
    desk.goto(site.url(f"/admin/clients/client/{cast.cleo.pk}/page/"))
    now_open = desk.get_by_role("region", name="Open now")
    expect(now_open).to_contain_text(PLAN)
    expect(now_open).to_contain_text("How sure: 8 of 10")
    axe(desk)


def when_it_is_too_much_she_says_why(phone: Page, site: Site) -> None:
    phone.goto(site.url("/portal/"))
    phone.get_by_text("Not now, because …").click()
    phone.get_by_role("radio", name="It is too much for me").check()
    phone.get_by_label("In your own words, if you like").fill(WHY)
    phone.get_by_role("button", name="Save this").click()
    expect(phone.get_by_text("Saved. Clara can see what you said.")).to_be_visible()


def then_clara_reads_the_reason_and_sees_no_reproach(desk: Page, site: Site, cast: Cast) -> None:
    desk.goto(site.url("/admin/queue/"))
    waiting = desk.get_by_role("region", name="Waiting", exact=True)
    expect(waiting).to_contain_text("“Too much for me”")
    expect(waiting).not_to_contain_text(WHY)
    waiting.get_by_role("link", name=re.compile("Cleo")).first.click()
    expect(desk.get_by_role("region", name="What happened")).to_contain_text(WHY)
    expect(desk.get_by_role("region", name="Open now")).to_contain_text("Put off")


def when_clara_makes_it_easier(desk: Page, axe: Check) -> None:
    desk.get_by_role("link", name="Change “Looking at the week”").click()
    axe(desk)
    later = (timezone.now() + timedelta(days=9)).date()
    desk.get_by_label("New day").fill(later.isoformat())
    desk.get_by_role("button", name="Move the day").click()
    expect(desk.get_by_text("Cleo has until then.")).to_be_visible()
    desk.get_by_label("A line from you").fill(LINE)
    desk.get_by_role("button", name="Save the note").click()
    expect(desk.get_by_text("Saved. Cleo finds it above the work.")).to_be_visible()
    desk.get_by_label("What they may do instead").select_option(label="One word, 2 minutes")
    desk.get_by_role("region", name="A smaller version").get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved. Cleo chooses each time.")).to_be_visible()


def then_cleo_sees_that_she_was_heard(phone: Page, site: Site, holds: Check) -> None:
    phone.goto(site.url("/portal/"))
    expect(phone.get_by_text(LINE)).to_be_visible()
    expect(phone.get_by_text("You said: It is too much for me. It was changed for you today.")).to_be_visible()
    holds(phone)


def when_cleo_does_the_smaller_one(phone: Page, holds: Check) -> None:
    phone.get_by_role("button", name="Or something smaller: “One word”").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("One word")
    expect(phone.get_by_text("This is the smaller version of “Looking at the week”.")).to_be_visible()
    holds(phone)
    phone.get_by_label("One word for this week").fill("Rain")
    phone.get_by_role("button", name="Look it over and send").click()
    phone.get_by_role("button", name="Send to Clara").click()
    expect(phone.get_by_role("heading", name="It is sent")).to_be_visible()


def then_it_counts(desk: Page, site: Site, cast: Cast) -> None:
    desk.goto(site.url(f"/admin/clients/client/{cast.cleo.pk}/page/"))
    expect(desk.get_by_text("1 of 1 done")).to_be_visible()
    expect(desk.get_by_role("region", name="What happened")).to_contain_text(
        "Cleo chose “One word”, smaller than “Looking at the week”"
    )
