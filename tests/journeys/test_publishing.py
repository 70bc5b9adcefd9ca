"""A clinician writes and asks, an editor sends back and schedules, readers read it on time, it is corrected, and put back."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from content.models import Article
from content.services.settings import choose_who_publishes
from content.services.workflow import publish_scheduled
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import hosts, inside
from tests import factories
from tests.harness.site import Site
from tests.harness.work import eventually

TITLE = "What would you do with one free hour?"
QUESTION = "What did you do with the last one?"
PRACTICE = "Each day, leave ten minutes empty."


def test_from_the_first_word_to_a_reader_and_back(
    site: Site,
    open_page: Callable[..., Page],
    phone: Page,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    expected_errors: list[str],
) -> None:
    expected_errors += ["422 (Unprocessable", "409 (Conflict)", "404 (Not Found)"]
    clara, edda = given_a_practice_in_which_an_editor_looks_first(site)
    desk, other = open_page(), open_page()
    site.sign_in(desk, clara)
    site.sign_in(other, edda)

    address = when_clara_writes_and_never_presses_save(site, desk, axe)
    then_the_words_are_there_after_her_browser_is_gone(open_page, site, clara, address)
    when_she_sends_it_for_review(desk, axe)
    when_edda_sends_it_back_with_a_note(other, address, axe)
    then_clara_finds_the_note_and_sends_it_again(desk, address)
    when_edda_schedules_it(other, address, axe)
    then_nobody_reads_it_yet_and_everybody_does_at_its_hour(site, phone, axe, fits)
    when_edda_corrects_it(other, address)
    then_the_change_is_shown_and_the_first_words_come_back(other, address, axe)
    then_two_who_write_at_once_are_told(desk, other, address)


def given_a_practice_in_which_an_editor_looks_first(site: Site) -> tuple[User, User]:
    with inside(site.database.north):
        clara = factories.staff(Role.CLINICIAN, name="Clara Clinician", credentials="MSW")
        edda, owner = factories.staff(Role.EDITOR, name="Edda Editor"), factories.staff(Role.OWNER)
        choose_who_publishes(editors_look_first=True, by=owner, at=timezone.now())
    hosts.clear()
    return clara, edda


def text_of(page: Page) -> Locator:
    expect(page.get_by_role("toolbar", name="Writing tools")).to_be_visible()
    return page.get_by_role("textbox", name="Text").and_(page.locator("[contenteditable]"))


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar", name="Writing tools").get_by_role("button", name=name, exact=True)


def saved(page: Page) -> Locator:
    return page.locator("[data-said]").filter(has_text="Saved ").filter(has_not_text="Saved as you write")


def when_clara_writes_and_never_presses_save(site: Site, desk: Page, axe: Callable[[Page], None]) -> str:
    desk.goto(site.url("/admin/content/article/add/"))
    area = text_of(desk)
    expect(desk.locator("[data-said]")).to_have_text("Give it a title, and it is saved as you write.")
    desk.get_by_label("Title").fill(TITLE)
    area.focus()
    desk.keyboard.type("An hour is a small room.")
    desk.keyboard.press("Enter")
    desk.keyboard.type(QUESTION)
    tool(desk, "Question to the reader").click()
    expect(area.locator("[data-prompt]")).to_have_text(QUESTION)
    desk.keyboard.press("End")
    desk.keyboard.press("Enter")
    desk.keyboard.type(PRACTICE)
    tool(desk, "Practice for the week").click()
    expect(area.locator("[data-practice]")).to_contain_text(PRACTICE)

    desk.wait_for_url("**/change/")
    expect(saved(desk)).to_be_visible()
    expect(desk.get_by_label("Author")).to_have_js_property("selectedOptions.length", 1)
    axe(desk)
    return desk.url


def then_the_words_are_there_after_her_browser_is_gone(
    open_page: Callable[..., Page], site: Site, clara: User, address: str
) -> None:
    def body() -> str:
        with inside(site.database.north):
            return Article.objects.get().body

    eventually(lambda: all(words in body() for words in (QUESTION, PRACTICE, "An hour is a small room.")))
    later = open_page()
    site.sign_in(later, clara)
    later.goto(address)
    expect(text_of(later)).to_contain_text(PRACTICE)
    later.close()


def when_she_sends_it_for_review(desk: Page, axe: Callable[[Page], None]) -> None:
    expect(desk.get_by_role("button", name="Save and publish")).to_have_count(0)
    desk.get_by_role("button", name="Save and send for review").click()
    expect(desk.get_by_text("Sent for review by Clara Clinician")).to_be_visible()
    axe(desk)


def when_edda_sends_it_back_with_a_note(other: Page, address: str, axe: Callable[[Page], None]) -> None:
    other.goto(address)
    expect(other.get_by_role("row", name="Articles 1 waiting")).to_be_visible()
    expect(other.get_by_text("Clara Clinician saved this at")).to_be_visible()
    axe(other)
    other.get_by_role("button", name="Save and send back …").click()
    other.get_by_role("button", name="Send it back").click()
    other.get_by_label("What would make it better").fill("Say what the room looks like.")
    axe(other)
    other.get_by_role("button", name="Send it back").click()
    expect(other.get_by_text("is sent back.")).to_be_visible()


def then_clara_finds_the_note_and_sends_it_again(desk: Page, address: str) -> None:
    desk.goto(address)
    expect(desk.get_by_role("note").filter(has_text="Edda Editor wrote:")).to_contain_text("Say what the room looks")
    area = text_of(desk)
    area.locator("p").first.click()
    desk.keyboard.press("End")
    desk.keyboard.type(" It has one chair.")
    desk.get_by_role("button", name="Save and send for review").click()
    expect(desk.get_by_text("Sent for review by Clara Clinician")).to_be_visible()


def when_edda_schedules_it(other: Page, address: str, axe: Callable[[Page], None]) -> None:
    other.goto(address)
    text_of(other)
    other.get_by_role("link", name="Preview").click()
    look = other.frame_locator("iframe")
    expect(look.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(look.get_by_text("An hour is a small room. It has one chair.")).to_be_visible()
    axe(other)
    other.get_by_role("link", name="As a client’s exercise").click()
    expect(look.get_by_role("textbox").first).to_be_visible()
    other.goto(address)
    text_of(other)
    other.get_by_role("button", name="Save and schedule …").click()
    axe(other)
    day = (timezone.now() + timedelta(days=3)).date()
    other.get_by_label("Day").fill(f"{day:%Y-%m-%d}")
    other.get_by_label("Time").fill("07:30")
    other.get_by_role("button", name="Schedule it").click()
    expect(other.get_by_text(f"appears by itself on {day.day} {day:%B %Y}, 07:30")).to_be_visible()


def then_nobody_reads_it_yet_and_everybody_does_at_its_hour(
    site: Site, phone: Page, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    with inside(site.database.north):
        article = Article.objects.get()
        hour: datetime | None = article.publish_at
        assert hour is not None
        phone.goto(site.url(article.get_absolute_url()))
        expect(phone.get_by_role("heading", name=TITLE)).to_have_count(0)

        assert publish_scheduled(at=hour - timedelta(seconds=1)) == 0
        assert publish_scheduled(at=hour) == 1

    phone.goto(site.url("/"))
    phone.get_by_role("link", name=TITLE).click()
    for words in ("An hour is a small room. It has one chair.", QUESTION, PRACTICE, "Clara Clinician, MSW"):
        expect(phone.get_by_text(words).first).to_be_visible()
    axe(phone)
    fits(phone)


def when_edda_corrects_it(other: Page, address: str) -> None:
    other.goto(address)
    area = text_of(other)
    area.locator("p").first.click()
    other.keyboard.press("End")
    other.keyboard.type(" And a window.")
    other.get_by_role("button", name="Save and publish").click()
    expect(other.get_by_text("is published. Readers see it now.")).to_be_visible()


def then_the_change_is_shown_and_the_first_words_come_back(
    other: Page, address: str, axe: Callable[[Page], None]
) -> None:
    other.get_by_role("link", name="Revisions").click()
    axe(other)
    other.get_by_role("link", name="Revision 2").click()
    expect(other.locator("ins")).to_have_text(" And a window.")
    axe(other)
    other.get_by_role("link", name="The one before").click()
    other.get_by_role("link", name="Go back to this one …").click()
    expect(other.locator("del")).to_have_text(" And a window.")
    axe(other)
    other.get_by_role("button", name="Go back to revision 1").click()
    expect(other.get_by_text("The draft is as revision 1 was.")).to_be_visible()
    expect(text_of(other)).not_to_contain_text("And a window.")


def then_two_who_write_at_once_are_told(desk: Page, other: Page, address: str) -> None:
    """Whoever saves second keeps what was typed, and is told at once."""
    for page in (desk, other):
        page.goto(address)
        text_of(page)
    desk.get_by_label("Title").fill("Clara’s title")
    expect(saved(desk)).to_be_visible()

    other.get_by_label("Title").fill("Edda’s title")

    expect(other.locator("[data-trouble]")).to_contain_text("Somebody else saved this article")
    expect(other.get_by_label("Title")).to_have_value("Edda’s title")
    other.get_by_role("button", name="Save without publishing").click()
    expect(other.get_by_role("textbox", name="Title")).to_have_value("Edda’s title")
    expect(other.get_by_text("Somebody else saved this article").first).to_be_visible()
