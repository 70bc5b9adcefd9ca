"""The client's whole journey, and the clinician's reading of it, on a phone with nothing but a keyboard."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from practices.tenancy import inside
from tests import factories
from tests.harness.mail import Mailbox
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import CLEO, Cast
from tests.journeys.keyboard import Keyboard
from tests.journeys.signing_in import code_for, link_for

SMALLEST = ViewportSize(width=320, height=844)
ARTICLE = (
    "<p>Some weeks feel like one long list.</p>"
    '<p data-prompt="rest">What does rest look like for you?</p>'
    "<h2>Small breaks</h2><p>A break can be a minute long.</p>"
    '<p data-prompt="pause">When did you last pause?</p>'
    '<section data-practice="week"><p>Take one small break each day.</p></section>'
)

Check = Callable[[Page], None]


@pytest.fixture
def holds(axe: Check, fits: Check) -> Check:
    """`holds(page)`: axe finds nothing, and nothing is wider than the phone, nor than the smallest one."""

    def holds(page: Page) -> None:
        page.wait_for_load_state("load")
        axe(page)
        for size in (PHONE, SMALLEST, PHONE):
            page.set_viewport_size(size)
            fits(page)

    return holds


def test_the_main_job_by_keyboard_on_a_phone(
    site: Site,
    cast: Cast,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    worker: object,
    holds: Check,
    expected_errors: list[str],
) -> None:
    # A preview that is on its way when the page is left.
    expected_errors.append("htmx:")
    given_an_article_for_cleo(site, cast)
    given_something_older_from_otto(site, cast)
    phone = open_page(PHONE)
    desk = open_page(PHONE)

    when_cleo_signs_in(phone, mailbox, holds)
    when_she_answers_where_the_questions_stand(phone, holds)
    when_she_looks_it_over_and_sends(phone, holds)
    when_clara_reads_and_replies(desk, site, cast, holds)
    when_clara_gives_more_work_and_goes_on(desk, holds)

    then_cleo_sees_the_reply_and_who_opened_it(phone, holds)


def given_an_article_for_cleo(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        article = factories.article(title="Why is rest hard?", body=ARTICLE, by=cast.clara)
        factories.assignment(cast.cleo, by=cast.clara, exercise=article.exercise, at=timezone.now())


def given_something_older_from_otto(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        otto = factories.client(cast.clara, first_name="Otto", last_name="Ott")
        exercise = factories.exercise(by=cast.clara, title="Small steps")
        given = factories.assignment(otto, by=cast.clara, exercise=exercise)
        factories.response(given.occurrences.get())


def when_cleo_signs_in(phone: Page, mailbox: Mailbox, holds: Check) -> None:
    keyboard = Keyboard(phone)
    phone.goto(link_for(CLEO, mailbox))
    holds(phone)
    keyboard.write(phone.get_by_label("Your email address"), CLEO)
    phone.keyboard.press("Enter")
    code = phone.get_by_label("Code")
    code.wait_for()
    holds(phone)
    keyboard.write(code, code_for(CLEO, mailbox))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Cleo")
    holds(phone)
    keyboard.press(phone.get_by_role("link", name="Start"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Before you start")
    holds(phone)
    keyboard.press(phone.get_by_role("link", name="Just start"))


def when_she_answers_where_the_questions_stand(phone: Page, holds: Check) -> None:
    keyboard = Keyboard(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Why is rest hard?")
    holds(phone)
    rest = phone.get_by_label("What does rest look like for you?")
    keyboard.write(rest, "A closed door.")
    keyboard.write(phone.get_by_label("When did you last pause?"), "On the stairs.")
    keyboard.press(phone.locator("#q-pause").get_by_role("checkbox", name="Only for me"), "Space")
    practice = phone.get_by_role("region", name="Practice for this week")
    keyboard.choose(practice.get_by_role("radio", name="A little"))
    keyboard.write(practice.get_by_role("textbox"), "A minute at the window.")
    keyboard.go_to(rest, key="Shift+Tab")
    phone.keyboard.press("Control+End")
    phone.keyboard.type(" And no phone.")
    for prompt in ("rest", "pause"):
        expect(phone.locator(f"#q-{prompt}").get_by_role("status")).to_contain_text("Saved")
    keyboard.press(phone.get_by_role("button", name="Look it over and send"))


def when_she_looks_it_over_and_sends(phone: Page, holds: Check) -> None:
    keyboard = Keyboard(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Before you send")
    expect(phone.get_by_text("A closed door. And no phone.")).to_be_visible()
    holds(phone)
    keyboard.press(phone.get_by_role("button", name="Send to Clara"))
    expect(phone.get_by_role("heading", name="It is sent")).to_be_visible()
    holds(phone)


def when_clara_reads_and_replies(desk: Page, site: Site, cast: Cast, holds: Check) -> None:
    keyboard = Keyboard(desk)
    site.sign_in(desk, cast.clara)
    desk.goto(site.url("/admin/"))
    opened = desk.get_by_role("article")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Review queue")
    holds(desk)
    keyboard.tap("j")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Cleo Cole")
    expect(opened.get_by_text("A closed door. And no phone.")).to_be_visible()
    expect(opened.get_by_text("Only for Cleo")).to_be_visible()
    holds(desk)
    keyboard.tap("j")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Otto Ott")
    keyboard.tap("k")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Cleo Cole")
    keyboard.write(desk.get_by_label("Reply"), "Thank you. A door is a good start.")
    keyboard.press(desk.get_by_role("button", name="Send and mark read"))
    expect(opened.get_by_role("heading", level=1)).to_have_text("Otto Ott")


def when_clara_gives_more_work_and_goes_on(desk: Page, holds: Check) -> None:
    keyboard = Keyboard(desk)
    keyboard.tap("a")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Assign")
    holds(desk)
    keyboard.choose(desk.get_by_role("radio", name="Why is rest hard?"))
    keyboard.write(desk.get_by_label("A line from you"), "For a quiet evening.")
    keyboard.press(desk.get_by_role("button", name="Assign to Otto"))
    expect(desk.get_by_text("“Why is rest hard?” is given to Otto Ott.")).to_be_visible()
    keyboard.tap("r")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Review queue")
    expect(desk.get_by_text("All read.")).to_be_visible()
    holds(desk)


def then_cleo_sees_the_reply_and_who_opened_it(phone: Page, holds: Check) -> None:
    keyboard = Keyboard(phone)
    keyboard.press(phone.get_by_role("link", name="Back to Today").last)
    expect(phone.get_by_text("Thank you. A door is a good start.")).to_be_visible()
    holds(phone)
    keyboard.press(phone.get_by_role("link", name="Everything you sent"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Mine")
    opened = phone.get_by_role("region", name="Who has seen what you sent").get_by_role("listitem")
    expect(opened.filter(has_text="Clara Clinician")).not_to_have_count(0)
    holds(phone)
