"""The main job: an article is published, given to a client, done, sent, read and answered, and stays in its clinic."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from practices.accounts.models import User
from practices.tenancy import inside
from tests import factories
from tests.harness.mail import Mailbox
from tests.harness.second_step import with_app
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import CLARA, CLEO, Cast
from tests.journeys.saving import AUTOSAVE, milliseconds_until_saving, saving
from tests.journeys.signing_in import link_for, sign_in_with_code, sign_in_with_password

PASSWORD = "seven quiet boats at noon"
TITLE = "Why is rest so hard?"
BYLINE = "Greta Guest, MSW"
COVER = "A chair by a window"
REST = "What does rest look like for you?"
PAUSE = "When did you last pause?"
PRACTICE = "Take one small break each day."
NOTE = "You spoke of this on Monday."
REST_ANSWER = "A closed door and tea."
PAUSE_ANSWER = "I hid in the stairwell."
DAY_LINE = "A minute at the window."
REPLY = "A door is a good start."


def test_the_main_job(
    site: Site,
    cast: Cast,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    worker: object,
    cover: Path,
    expected_errors: list[str],
) -> None:
    # What the other clinic answers, and a preview that is on its way when the page is left.
    expected_errors += ["status of 404", "htmx:"]
    given_clara_has_a_password(site, cast)
    given_four_others_did_their_work(site, cast)
    desk, street, phone = open_page(), open_page(), open_page(PHONE)

    when_clara_signs_in(desk, site)
    when_she_writes_an_article(desk, cover)
    when_she_publishes_it(desk)
    article = then_everybody_can_read_it(street, site)

    when_she_gives_it_to_cleo(desk)
    then_the_mail_tells_nothing(mailbox)

    when_cleo_follows_the_mail(phone, mailbox)
    when_she_answers_where_the_questions_stand(phone)
    work = phone.url
    phone = when_she_closes_the_tab_and_comes_back(phone)
    when_she_looks_it_over_and_sends(phone)

    response = when_clara_reads_it_and_replies(desk, site)
    then_cleo_sees_the_reply_and_who_opened_it(phone)
    client = then_the_client_page_shows_that_it_is_done(desk)
    then_the_owner_sees_the_week(open_page(), site, cast)

    then_the_other_clinic_knows_nothing(
        open_page(), site, cast, for_staff=[article, response, client], for_clients=[article, work]
    )
    then_the_session_is_worth_nothing_there(desk, site)


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    path = tmp_path / "cover.png"
    Image.new("RGB", (1600, 900), "#7a9e7e").save(path)
    return path


def given_clara_has_a_password(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        clara = User.objects.get(pk=cast.clara.pk)
        clara.set_password(PASSWORD)
        clara.save(update_fields=["password"])
        with_app(clara)


def given_four_others_did_their_work(site: Site, cast: Cast) -> None:
    """Of fewer than five people the owner sees no number."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with inside(site.database.north):
        oscar = factories.staff(name="Oscar Other")
        exercise = factories.exercise(by=oscar)
        for _ in range(4):
            given = factories.assignment(factories.client(oscar), by=oscar, exercise=exercise, at=an_hour_ago)
            factories.response(given.occurrences.get(), at=an_hour_ago)


def when_clara_signs_in(desk: Page, site: Site) -> None:
    desk.goto(site.url("/admin/"))
    sign_in_with_password(desk, CLARA, PASSWORD)
    expect(title(desk)).to_have_text("Review queue")


def when_she_writes_an_article(desk: Page, cover: Path) -> None:
    desk.get_by_role("link", name="Articles", exact=True).click()
    desk.get_by_role("link", name=re.compile("^Add article", re.I)).first.click()
    desk.get_by_label("Title").fill(TITLE)

    toolbar = desk.get_by_role("toolbar", name="Writing tools")
    # Until the editor stands, the text's name belongs to the bare field that it replaces.
    expect(toolbar).to_be_visible()
    tool = toolbar.get_by_role("button")
    question, practice = (
        tool.filter(has_text=re.compile(f"^{name}$")) for name in ("Question to the reader", "Practice for the week")
    )
    desk.get_by_role("textbox", name="Text").click()
    write_line(desk, "Some weeks feel like one long list.")
    for words in (REST, PAUSE):
        question.click()
        write_line(desk, words)
        write_line(desk, "Take your time.")
    desk.keyboard.type(PRACTICE)
    practice.click()

    desk.get_by_label("Or somebody new").fill("Greta Guest")
    desk.get_by_label("Their credentials").fill("MSW")
    desk.get_by_label("Or a new picture").set_input_files(cover)
    desk.get_by_label("What it shows").fill(COVER)


def write_line(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def when_she_publishes_it(desk: Page) -> None:
    desk.get_by_role("button", name="Save and publish").click()
    expect(desk.get_by_text(f"“{TITLE}” is published. Readers see it now.")).to_be_visible()


def then_everybody_can_read_it(street: Page, site: Site) -> str:
    street.goto(site.url("/"))
    street.get_by_role("link", name=TITLE).click()
    expect(title(street)).to_have_text(TITLE)
    for words in (BYLINE, "Posted by Clara Clinician", REST, PAUSE, PRACTICE):
        expect(street.get_by_text(words)).to_be_visible()
    expect(street.get_by_role("img", name=COVER)).to_be_visible()
    expect(street.get_by_role("textbox")).to_have_count(0)
    expect(street.get_by_role("link", name="Assign")).to_have_count(0)
    return street.url


def when_she_gives_it_to_cleo(desk: Page) -> None:
    desk.get_by_role("link", name="View on site").click()
    desk.get_by_role("link", name="Assign this to a client").click()
    desk.get_by_role("checkbox", name="Cleo Cole").check()
    desk.get_by_label("A line from you").fill(NOTE)
    preview = desk.get_by_role("region", name="What Cleo will see")
    expect(preview).to_contain_text(NOTE)
    desk.get_by_role("button", name="Preview").click()
    expect(preview).to_contain_text(TITLE)
    expect(preview).to_contain_text(NOTE)
    desk.get_by_role("button", name="Assign to Cleo").click()
    expect(desk.get_by_text(f"“{TITLE}” is given to Cleo Cole.")).to_be_visible()


def then_the_mail_tells_nothing(mailbox: Mailbox) -> None:
    link_for(CLEO, mailbox)
    [mail] = mailbox.to(CLEO)
    assert mail["Subject"] == "A note from North"
    told = mail.as_string().casefold()
    for secret in ("rest", "monday", "clara", "clinician", "cleo cole", "greta", "article"):
        assert secret not in told.replace("cleo@example.org", "")


def when_cleo_follows_the_mail(phone: Page, mailbox: Mailbox) -> None:
    phone.goto(link_for(CLEO, mailbox))
    sign_in_with_code(phone, mailbox, CLEO)
    following = phone.get_by_role("article")
    expect(following).to_have_count(1)
    expect(following).to_contain_text(TITLE)
    expect(following).to_contain_text(NOTE)
    following.get_by_role("link", name="Start").click()
    phone.get_by_role("link", name="Just start").click()


def when_she_answers_where_the_questions_stand(phone: Page) -> None:
    expect(title(phone)).to_have_text(TITLE)
    expect(phone.get_by_role("img", name=COVER)).to_be_visible()
    expect(phone.get_by_text(BYLINE)).to_be_visible()

    assert milliseconds_until_saving(phone, lambda: phone.get_by_label(REST).fill(REST_ANSWER)) <= AUTOSAVE
    expect(question_of(phone, REST).get_by_role("status")).to_contain_text("Saved")
    with saving(phone):
        phone.get_by_label(PAUSE).fill(PAUSE_ANSWER)
        question_of(phone, PAUSE).get_by_role("checkbox", name="Only for me").check()
    with saving(phone):
        practice(phone).get_by_role("radio", name="A little").check()
        practice(phone).get_by_role("textbox").fill(DAY_LINE)


def when_she_closes_the_tab_and_comes_back(phone: Page) -> Page:
    """The new tab."""
    site = phone.url.partition("/portal/")[0]
    phone.close()
    again = phone.context.new_page()
    again.goto(f"{site}/portal/")
    again.get_by_role("link", name="Carry on where you left off").click()
    expect(again.get_by_label(REST)).to_have_value(REST_ANSWER)
    expect(again.get_by_label(PAUSE)).to_have_value(PAUSE_ANSWER)
    expect(question_of(again, PAUSE).get_by_role("checkbox", name="Only for me")).to_be_checked()
    expect(practice(again).get_by_role("radio", name="A little")).to_be_checked()
    expect(practice(again).get_by_role("textbox")).to_have_value(DAY_LINE)
    return again


def when_she_looks_it_over_and_sends(phone: Page) -> None:
    phone.get_by_role("button", name="Look it over and send").click()
    expect(title(phone)).to_have_text("Before you send")
    expect(phone.get_by_text(REST_ANSWER)).to_be_visible()
    expect(phone.get_by_text(PAUSE_ANSWER)).to_have_count(0)
    expect(phone.get_by_role("listitem").filter(has_text="Clara Clinician, your clinician")).to_be_visible()
    phone.get_by_role("button", name="Send to Clara").click()
    expect(phone.get_by_role("heading", name="It is sent")).to_be_visible()


def when_clara_reads_it_and_replies(desk: Page, site: Site) -> str:
    """Where it was read."""
    desk.goto(site.url("/admin/"))
    first = desk.get_by_role("region", name="Waiting", exact=True).get_by_role("list").get_by_role("link").first
    expect(first).to_contain_text("Cleo Cole")
    first.click()
    opened = desk.get_by_role("article")
    for words in (REST, REST_ANSWER, PAUSE, "Only for Cleo", DAY_LINE):
        expect(opened.get_by_text(words)).to_be_visible()
    expect(desk.get_by_text(PAUSE_ANSWER)).to_have_count(0)
    address = desk.url
    opened.get_by_label("Reply").fill(REPLY)
    opened.get_by_role("button", name="Send and mark read").click()
    expect(desk.get_by_text("Sent to Cleo, and marked as read.")).to_be_visible()
    return address


def then_cleo_sees_the_reply_and_who_opened_it(phone: Page) -> None:
    phone.get_by_role("link", name="Back to Today").last.click()
    expect(phone.get_by_text(REPLY)).to_be_visible()
    expect(phone.get_by_text("Clara read it")).to_be_visible()
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_text(REPLY)).to_be_visible()
    openings = phone.get_by_role("region", name="Who opened it")
    expect(openings.get_by_role("listitem")).to_contain_text("Clara Clinician")
    expect(phone.get_by_text(PAUSE_ANSWER)).to_be_visible()


def then_the_client_page_shows_that_it_is_done(desk: Page) -> str:
    """Where that page is."""
    desk.get_by_role("link", name="Clients", exact=True).click()
    desk.get_by_role("link", name="Cleo Cole").click()
    expect(title(desk)).to_have_text("Cleo Cole")
    weeks = desk.get_by_role("region", name="Work by week")
    expect(weeks.get_by_role("listitem").last).to_contain_text("1 done")
    expect(desk.get_by_role("region", name="Open now")).to_contain_text("Nothing is open.")
    return desk.url


def then_the_owner_sees_the_week(page: Page, site: Site, cast: Cast) -> None:
    site.sign_in(page, cast.olive)
    page.goto(site.url("/admin/"))
    weeks = page.get_by_role("region", name="Completion by week")
    weeks.get_by_text("Show the numbers").click()
    expect(weeks.get_by_role("row").last.get_by_role("cell").first).to_have_text("100 %")
    expect(page.get_by_text(REST_ANSWER)).to_have_count(0)


def then_the_other_clinic_knows_nothing(
    page: Page, site: Site, cast: Cast, *, for_staff: list[str], for_clients: list[str]
) -> None:
    """Neither to visitors nor to its own clinician and client, who are signed in there."""
    south = site.database.south
    page.goto(site.url("/articles/", south))
    expect(page.get_by_role("heading", name="Nothing to read yet")).to_be_visible()

    site.sign_in(page, cast.sam, south)
    page.goto(site.url("/admin/", south))
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    then_nothing_is_at(page, for_staff)

    site.sign_in(page, cast.sofia.user, south)
    page.goto(site.url("/portal/", south))
    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()
    then_nothing_is_at(page, for_clients)


def then_nothing_is_at(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        answer = page.goto(address.replace("//north.", "//south."))
        assert answer is not None
        assert answer.status == 404, address
        expect(page.get_by_text(re.compile(f"Cleo|{re.escape(TITLE)}"))).to_have_count(0)


def then_the_session_is_worth_nothing_there(desk: Page, site: Site) -> None:
    session = next(cookie for cookie in desk.context.cookies() if cookie["name"] == "session")
    south = site.url("/", site.database.south)
    desk.context.add_cookies([{"name": "session", "value": session["value"], "url": south}])
    desk.goto(f"{south}admin/queue/")
    expect(title(desk)).to_have_text("Sign in to South")


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def question_of(page: Page, text: str) -> Locator:
    return page.locator("[data-prompt]").filter(has=page.get_by_label(text))


def practice(page: Page) -> Locator:
    return page.get_by_role("region", name="Practice for this week")
