"""A client never loses what they typed, whatever goes wrong on that evening, and needs no JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from clients.models import Response
from content.models import Exercise
from practices.tenancy import inside
from tests.harness.mail import Mailbox
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import CLEO, Cast
from tests.journeys.saving import saving
from tests.journeys.signing_in import code_for, sign_in_with_code


def test_an_evening_on_which_everything_goes_wrong_loses_no_word(
    site: Site,
    cast: Cast,
    given_work: Exercise,
    phone: Page,
    mailbox: Mailbox,
    worker: object,
    expected_errors: list[str],
) -> None:
    expected_errors += ["ERR_INTERNET_DISCONNECTED", "status of 401", "status of 403", "status of 409"]
    given_an_open_worksheet(phone, site, cast)

    when_the_connection_is_gone_for_a_while(phone)
    then_the_stored_answer_is(site, "On the train, in a tunnel.")

    when_another_tab_writes_too(phone, site)
    then_the_stored_answer_is(site, "In this tab.")

    when_the_session_ends_in_the_middle_of_an_answer(phone, mailbox)
    then_the_stored_answer_is(site, "In this tab. Signed out meanwhile.")

    when_the_tab_is_closed_and_the_work_opened_again(phone)


def test_the_whole_journey_works_without_javascript(
    site: Site, cast: Cast, given_work: Exercise, open_page: Callable[..., Page], mailbox: Mailbox, worker: object
) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(site.url("/portal/"))
    sign_in_with_code(page, mailbox, CLEO)
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="Just start").click()

    when_everything_is_answered_by_plain_forms(page)
    when_it_is_looked_over_and_sent(page)

    with inside(site.database.north):
        sent = Response.objects.submitted().get()
        assert (sent.answers["mood"], sent.answers["words"]) == (4, "No script, no trouble.")
        assert sent.kept == {"good": [{"thing": "The garden"}, {"thing": "A walk"}]}


def given_an_open_worksheet(page: Page, site: Site, cast: Cast) -> None:
    """The client is at the work itself, by way of Today."""
    site.sign_in(page, cast.cleo.user)
    page.goto(site.url("/portal/"))
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="Just start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking at the week")


def when_the_connection_is_gone_for_a_while(page: Page) -> None:
    page.context.set_offline(True)
    words(page).fill("On the train, in a tunnel.")
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet. What you wrote is still here.")
    expect(saved(page)).to_have_text("Not saved yet. We keep trying.")

    with saving(page):
        page.context.set_offline(False)
    then_it_is_saved(page)


def when_another_tab_writes_too(page: Page, site: Site) -> None:
    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    with saving(other_tab):
        words(other_tab).fill("In the other tab.")
    then_the_stored_answer_is(site, "In the other tab.")
    other_tab.close()

    words(page).fill("In this tab.")
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("changed in another window")
    expect(words(page)).to_have_value("In this tab.")
    expect(page.locator("#q-words")).to_contain_text("In the other window: In the other tab.")
    then_the_stored_answer_is(site, "In the other tab.")

    with saving(page):
        trouble.get_by_role("button", name="Use mine").click()
    then_it_is_saved(page)


def when_the_session_ends_in_the_middle_of_an_answer(page: Page, mailbox: Mailbox) -> None:
    page.context.clear_cookies(name="session")
    words(page).fill("In this tab. Signed out meanwhile.")
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("What you wrote is still here, and is saved once you are back.")

    dialog = page.get_by_role("dialog", name="You were signed out")
    dialog.get_by_role("button", name="Mail me a code").click()
    dialog = page.get_by_role("dialog", name="Write the code here")
    dialog.get_by_label("Code").fill(code_for(CLEO, mailbox))
    with saving(page):
        dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    then_it_is_saved(page)


def when_the_tab_is_closed_and_the_work_opened_again(page: Page) -> None:
    address = page.url
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect(words(again)).to_have_value("In this tab. Signed out meanwhile.")


def when_everything_is_answered_by_plain_forms(page: Page) -> None:
    words(page).fill("No script, no trouble.")
    page.get_by_role("radiogroup", name="How was your mood?").get_by_label("4").check()
    page.get_by_label("One good thing").fill("The garden")
    page.get_by_role("button", name="Add one more").click()
    expect(page.get_by_label("One good thing")).to_have_count(2)
    page.get_by_label("One good thing").last.fill("A walk")
    page.locator("#q-good").get_by_role("checkbox", name="Only for me").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(words(page)).to_have_value("No script, no trouble.")


def when_it_is_looked_over_and_sent(page: Page) -> None:
    page.get_by_role("button", name="Look it over and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you send")
    expect(page.get_by_text("No script, no trouble.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Clara Clinician")).to_be_visible()

    page.get_by_role("button", name="Send to Clara").click()
    expect(page.get_by_role("heading", name="It is sent")).to_be_visible()


def then_it_is_saved(page: Page) -> None:
    expect(saved(page)).to_contain_text("Saved")
    expect(page.get_by_role("alert")).to_be_hidden()


def then_the_stored_answer_is(site: Site, text: str) -> None:
    with inside(site.database.north):
        assert Response.objects.get().answers["words"] == text


def words(page: Page) -> Locator:
    return page.get_by_label("What happened?")


def saved(page: Page) -> Locator:
    return page.locator("#q-words").get_by_role("status")
