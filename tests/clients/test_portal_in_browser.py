"""Writing in a real browser: saved by itself, kept through a lost connection, a lost session and another window."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from clients.models import Client, Occurrence, Response
from content.models import Exercise
from practices.accounts.models import User
from practices.tenancy import inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.harness.work import eventually

BODY = factories.BODY + '<section data-practice="week"><p>Each day, look for one moment of rest.</p></section>'
SCHEMA = factories.SCHEMA | {
    "prompts": [
        *factories.SCHEMA["prompts"],
        {
            "id": "why",
            "kind": "short_text",
            "text": "What made it unsafe?",
            "show_if": {"prompt": "safe", "is": ["no"]},
        },
        {
            "id": "rows",
            "kind": "group",
            "text": "Moments",
            "prompts": [{"id": "what", "kind": "short_text", "text": "What was it?"}],
        },
    ]
}


@pytest.fixture
def person(site: Site) -> Iterator[Client]:
    """A client at north; the test is in the clinic."""
    with inside(site.database.north):
        yield factories.client(factories.staff(name="Clara Clinician"))


@pytest.fixture
def given(person: Client) -> Occurrence:
    return give(person, factories.exercise(schema=SCHEMA))


@pytest.fixture
def writing(site: Site, phone: Page, given: Occurrence, person: Client) -> Page:
    return open_work(site, phone, given, person.user)


def give(person: Client, exercise: Exercise) -> Occurrence:
    at = timezone.now() - timedelta(minutes=5)
    return factories.assignment(person, by=factories.staff(), exercise=exercise, at=at, days=14).occurrences.get()


def open_work(site: Site, page: Page, given: Occurrence, user: User) -> Page:
    site.sign_in(page, user)
    page.goto(site.url(f"/portal/occurrences/{given.pk}/"))
    return page


def write(page: Page, text: str) -> None:
    page.locator("#a-words").press_sequentially(text)


def is_saved(page: Page) -> None:
    expect(page.locator("#a-words-saved")).to_contain_text("Saved", timeout=3_000)


def words(given: Occurrence) -> str:
    return str(Response.objects.get(occurrence=given).answers["words"])


def test_what_is_typed_is_saved_within_two_seconds(
    writing: Page, given: Occurrence, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    write(writing, "The boat was late.")

    is_saved(writing)
    assert words(given) == "The boat was late."
    expect(writing.locator("[data-progress-words]").first).to_have_text("1 of 4 answered")
    axe(writing)
    fits(writing)


def test_what_is_typed_before_the_script_has_come_is_saved_too(
    site: Site, phone: Page, given: Occurrence, person: Client
) -> None:
    held: list[Route] = []
    phone.route("**/autosave*.js", lambda route: held.append(route))
    site.sign_in(phone, person.user)
    phone.goto(site.url(f"/portal/occurrences/{given.pk}/"), wait_until="commit")
    write(phone, "Typed on a slow line.")

    for route in held:
        route.continue_()

    eventually(lambda: Response.objects.filter(occurrence=given).exists(), limit=5)
    assert words(given) == "Typed on a slow line."


def test_looking_alone_begins_nothing(writing: Page, given: Occurrence) -> None:
    writing.get_by_role("link", name="Finish later").click()
    expect(writing.get_by_role("heading", level=1)).to_contain_text("Good")

    assert not Response.objects.exists()


def test_leaving_at_once_loses_nothing(writing: Page, given: Occurrence, site: Site) -> None:
    write(writing, "Typed and gone.")

    writing.goto(site.url("/portal/"))

    eventually(lambda: Response.objects.filter(occurrence=given, version=1).exists())
    assert words(given) == "Typed and gone."


def test_without_a_connection_it_is_kept_and_saved_afterwards(
    writing: Page, given: Occurrence, expected_errors: list[str]
) -> None:
    expected_errors += ["ERR_INTERNET_DISCONNECTED"]
    writing.context.set_offline(True)
    write(writing, "Under the hill.")
    expect(writing.locator("[data-trouble]")).to_contain_text("What you wrote is still here.")

    writing.context.set_offline(False)

    is_saved(writing)
    expect(writing.locator("[data-trouble]")).to_be_hidden()
    assert words(given) == "Under the hill."


def test_after_the_session_ended_signing_in_elsewhere_saves_it(
    writing: Page, given: Occurrence, person: Client, site: Site, expected_errors: list[str]
) -> None:
    expected_errors += ["401", "403"]
    writing.context.clear_cookies()
    write(writing, "A long evening.")
    expect(writing.get_by_role("link", name="Sign in in a new tab")).to_be_visible()

    site.sign_in(writing, person.user)
    writing.evaluate("dispatchEvent(new Event('focus'))")

    expect(writing.locator("#a-words-saved")).to_contain_text("Saved", timeout=8_000)
    assert words(given) == "A long evening."


def test_two_windows_both_keep_their_text_until_somebody_decides(
    writing: Page, given: Occurrence, person: Client, expected_errors: list[str]
) -> None:
    expected_errors += ["409"]
    other = writing.context.new_page()
    other.goto(writing.url)
    write(other, "From the other.")
    is_saved(other)

    write(writing, "From this one.")

    expect(writing.locator(".other-window")).to_have_text("In the other window: From the other.")
    expect(writing.locator("#a-words")).to_have_value("From this one.")
    assert words(given) == "From the other."
    writing.get_by_role("button", name="Use mine").click()
    is_saved(writing)
    assert words(given) == "From this one."


def test_the_other_window_can_be_taken_instead(writing: Page, given: Occurrence, expected_errors: list[str]) -> None:
    expected_errors += ["409"]
    other = writing.context.new_page()
    other.goto(writing.url)
    write(other, "From the other.")
    is_saved(other)
    write(writing, "From this one.")

    writing.get_by_role("button", name="Use the other").click()

    expect(writing.locator("#a-words")).to_have_value("From the other.")


def test_an_answer_calls_for_the_next_question_and_shows_whom_to_call(writing: Page) -> None:
    expect(writing.get_by_label("What made it unsafe?")).to_be_hidden()
    expect(writing.locator(".crisis")).to_be_hidden()

    writing.locator("#q-safe").get_by_text("No", exact=True).click()

    expect(writing.get_by_label("What made it unsafe?")).to_be_visible()
    expect(writing.locator(".crisis")).to_be_visible()


def test_rows_are_added_on_the_page(writing: Page, given: Occurrence) -> None:
    writing.locator("#a-rows-0-what").fill("Tea")
    writing.get_by_role("button", name="Add another").click()

    writing.keyboard.type("Rain")

    expect(writing.locator("#a-rows-saved")).to_contain_text("Saved", timeout=3_000)
    assert Response.objects.get(occurrence=given).answers["rows"] == [{"what": "Tea"}, {"what": "Rain"}]


def test_the_whole_way_by_keyboard(writing: Page, given: Occurrence, axe: Callable[[Page], None]) -> None:
    writing.locator("#a-words").focus()
    writing.keyboard.type("By keys alone.")
    writing.get_by_role("button", name="Look it over and send").press("Enter")
    expect(writing.get_by_role("heading", name="Before you send")).to_be_visible()
    axe(writing)

    writing.get_by_role("button", name="Send to Clara").press("Enter")

    expect(writing.get_by_role("heading", name="It is sent")).to_be_visible()
    axe(writing)
    assert Response.objects.submitted().get().answers == {"words": "By keys alone."}


def test_the_whole_way_without_scripts(
    open_page: Callable[..., Page], site: Site, given: Occurrence, person: Client
) -> None:
    page = open_work(site, open_page(PHONE, java_script_enabled=False), given, person.user)
    page.locator("#a-words").fill("No scripts at all.")
    page.get_by_role("button", name="Look it over and send").click()

    page.get_by_role("button", name="Send to Clara").click()

    expect(page.get_by_role("heading", name="It is sent")).to_be_visible()
    assert Response.objects.submitted().get().answers == {"words": "No scripts at all."}


def test_the_practice_is_logged_for_today(site: Site, phone: Page, person: Client, axe: Callable[[Page], None]) -> None:
    given = give(person, factories.article(body=BODY).exercise)
    site.sign_in(phone, person.user)
    phone.goto(site.url("/portal/"))
    phone.get_by_role("link", name="Add a line for today").click()

    phone.locator("#q-week").get_by_text("A little", exact=True).click()

    expect(phone.locator("#a-week-saved")).to_contain_text("Saved", timeout=3_000)
    axe(phone)
    assert [entry["did"] for entry in Response.objects.get(occurrence=given).answers["week"].values()] == ["some"]


@pytest.mark.parametrize("path", ["/portal/", "/portal/mine/", "/portal/mine/?show=replies"])
def test_the_lists_fit_a_small_phone(
    site: Site, open_page: Callable[..., Page], person: Client, given: Occurrence, path: str
) -> None:
    page = open_page({"width": 320, "height": 700})
    site.sign_in(page, person.user)
    page.goto(site.url(path))

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
