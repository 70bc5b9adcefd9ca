"""A session ends in the middle of an answer: no word is lost, and none is shown to somebody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from clients.models import Response
from content.models import Exercise
from practices.accounts.models import Session
from practices.tenancy import inside
from tests.harness.mail import Mailbox
from tests.harness.site import Site
from tests.journeys.conftest import CLEO, Cast
from tests.journeys.saving import saving
from tests.journeys.signing_in import code_for

SECRET = "It was the letter from my sister."


@pytest.fixture
def writing(phone: Page, site: Site, cast: Cast, given_work: Exercise, expected_errors: list[str]) -> Page:
    """Cleo has written one answer, which is saved."""
    expected_errors += ["status of 401", "status of 403", "status of 409", "status of 422"]
    site.sign_in(phone, cast.cleo.user)
    phone.goto(site.url("/portal/"))
    phone.get_by_role("link", name="Start").click()
    phone.get_by_role("link", name="Just start").click()
    with saving(phone):
        words(phone).fill("At noon.")
    return phone


def test_the_session_ends_in_the_middle_of_an_answer_and_no_word_is_lost(
    writing: Page, site: Site, mailbox: Mailbox, worker: object
) -> None:
    address = writing.url
    the_session_ends(site)
    words(writing).fill(SECRET)

    dialog = writing.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_contain_text("What you wrote is still on this page.")
    writing.keyboard.press("Escape")
    writing.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Mail me a code").click()

    dialog = writing.get_by_role("dialog", name="Write the code here")
    dialog.get_by_label("Code").fill("WRONG1")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_role("alert")).to_contain_text("That is not the code.")
    dialog.get_by_label("Code").fill(code_for(CLEO, mailbox))
    with saving(writing):
        writing.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(words(writing)).to_have_value(SECRET)
    assert writing.url == address
    assert stored(site) == SECRET
    writing.get_by_role("button", name="Look it over and send").click()
    expect(writing.get_by_role("heading", level=1)).to_have_text("Before you send")


def test_somebody_else_who_signs_in_in_the_same_browser_sees_nothing_of_it(
    writing: Page, site: Site, cast: Cast, mailbox: Mailbox, worker: object
) -> None:
    the_session_ends(site)
    words(writing).fill(SECRET)
    expect(writing.get_by_role("dialog", name="You were signed out")).to_be_visible()

    site.sign_in(writing, cast.clara)
    looks_again(writing)

    dialog = writing.get_by_role("dialog", name="Somebody else is signed in here now")
    expect(dialog).to_be_visible()
    expect(words(writing)).to_be_hidden()
    expect(writing.get_by_role("heading", level=1)).to_be_hidden()
    assert stored(site) == "At noon."

    with saving(writing):
        site.sign_in(writing, cast.cleo.user)
        looks_again(writing)
    expect(dialog).to_be_hidden()
    expect(words(writing)).to_have_value(SECRET)
    assert stored(site) == SECRET


def the_session_ends(site: Site) -> None:
    with inside(site.database.north):
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def looks_again(page: Page) -> None:
    """Without a screen a page never loses the focus, so it does not get it back either."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def words(page: Page) -> Locator:
    return page.get_by_label("What happened?")


def stored(site: Site) -> str:
    with inside(site.database.north):
        return str(Response.objects.get().answers["words"])
