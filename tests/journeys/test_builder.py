"""A thought record is built by keyboard alone, published, and tried as a client would."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from content.models import Exercise
from practices.tenancy import inside
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import Cast
from tests.journeys.keyboard import Keyboard

QUESTIONS = ("What happened?", "What went through your mind?", "Was there another way to see it?", "What was it?")


@pytest.fixture
def shots() -> Callable[[Page, str], None]:
    """Keeps pictures where SHOTS names a directory, to be looked at."""
    folder = os.environ.get("SHOTS")

    def shots(page: Page, name: str) -> None:
        if folder:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)
            page.emulate_media(color_scheme="light")

    return shots


def test_a_thought_record_by_keyboard(
    site: Site,
    cast: Cast,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    shots: Callable[[Page, str], None],
    expected_errors: list[str],
) -> None:
    expected_errors.append("htmx:")  # a preview that is on its way when the page is left
    desk = open_page()
    site.sign_in(desk, cast.clara)
    keyboard = Keyboard(desk)

    when_it_is_begun(desk, keyboard, site)
    when_its_questions_are_written(desk, keyboard)
    then_the_last_is_moved_up_and_the_focus_stays(desk, keyboard)
    when_a_question_is_removed_it_is_put_back(desk, keyboard)
    axe(desk)
    shots(desk, "build-desktop")
    build = desk.url

    phone = open_page(PHONE)
    site.sign_in(phone, cast.clara)
    phone.goto(build)
    fits(phone)
    axe(phone)
    shots(phone, "build-phone")
    with phone.expect_navigation():
        phone.locator("#edit-" + row_id(phone, QUESTIONS[2])).click()
    fits(phone)
    axe(phone)
    shots(phone, "prompt-phone")

    when_it_is_published(desk, keyboard)
    axe(desk)
    shots(desk, "versions-desktop")
    then_it_can_be_tried(desk, keyboard)
    shots(desk, "tried-desktop")
    with inside(site.database.north):
        version = Exercise.objects.get(title="Thoughts, slowed down").versions.get()
        kinds = [prompt.kind for prompt in version.parsed.prompts]
    assert sorted(kinds) == ["group", "long_text", "long_text", "yes_no"]


def when_it_is_begun(desk: Page, keyboard: Keyboard, site: Site) -> None:
    desk.goto(site.url("/admin/content/exercise/add/"))
    keyboard.write(desk.get_by_label("Title"), "Thoughts, slowed down")
    keyboard.write(desk.get_by_label("Introduction"), "One thought, seen from two sides.")
    keyboard.press(desk.get_by_role("button", name="Next: the questions"))


def when_its_questions_are_written(desk: Page, keyboard: Keyboard) -> None:
    add(desk, keyboard, "Long answer", QUESTIONS[0], is_open=True)
    add(desk, keyboard, "Repeating group", QUESTIONS[1])
    keyboard.press(desk.get_by_role("link", name="Add to this group"))
    add(desk, keyboard, "Short answer", "The thought", is_open=True)
    add(desk, keyboard, "Yes or no", QUESTIONS[2])
    choose_kind(desk, keyboard, "Long answer")
    keyboard.write(desk.get_by_label("Question"), QUESTIONS[3])
    expect(desk.locator("#prompt-preview")).to_contain_text(QUESTIONS[3])
    keyboard.go_to(desk.get_by_label("Show this"))
    desk.keyboard.press("ArrowDown")
    keyboard.press(desk.get_by_label("Yes", exact=True).first, "Space")
    keyboard.press(desk.get_by_role("button", name="Save question"))
    expect(desk.get_by_text(f"Shown if “{QUESTIONS[2]}” is yes")).to_be_visible()


def choose_kind(desk: Page, keyboard: Keyboard, kind: str, *, is_open: bool = False) -> None:
    link = desk.get_by_role("link", name=kind)
    if not is_open and not link.is_visible():
        keyboard.press(desk.locator("summary", has_text="Add a question"))
    keyboard.press(link)


def add(desk: Page, keyboard: Keyboard, kind: str, text: str, *, is_open: bool = False) -> None:
    choose_kind(desk, keyboard, kind, is_open=is_open)
    keyboard.write(desk.get_by_label("Question"), text)
    keyboard.press(desk.get_by_role("button", name="Save question"))
    expect(desk.locator(".build-text", has_text=text)).to_be_visible()


def row_id(desk: Page, text: str) -> str:
    edit: Locator = desk.locator(".build-text", has_text=text)
    return str(edit.get_attribute("id")).removeprefix("edit-")


def then_the_last_is_moved_up_and_the_focus_stays(desk: Page, keyboard: Keyboard) -> None:
    moved = row_id(desk, QUESTIONS[2])
    desk.locator(f"#edit-{moved}").focus()
    keyboard.tap("Alt+ArrowUp")

    expect(desk.locator("#builder-said")).to_have_text("Now number 2 of 4.")
    expect(desk.locator(f"#up-{moved}")).to_be_focused()
    keyboard.tap("Alt+ArrowDown")
    expect(desk.locator("#builder-said")).to_have_text("Now number 3 of 4.")
    expect(desk.locator(f"#down-{moved}")).to_be_focused()


def when_a_question_is_removed_it_is_put_back(desk: Page, keyboard: Keyboard) -> None:
    gone = row_id(desk, QUESTIONS[2])
    keyboard.press(desk.locator(f"#more-{gone}"))
    keyboard.press(desk.locator(f"#remove-{gone}"))
    expect(desk.get_by_role("heading", name="To look at before publishing")).to_be_visible()
    expect(desk.get_by_role("button", name="Put it back")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(f"#row-{gone}")).to_be_visible()
    expect(desk.get_by_role("heading", name="To look at before publishing")).to_be_hidden()


def when_it_is_published(desk: Page, keyboard: Keyboard) -> None:
    keyboard.press(desk.get_by_role("link", name="Publish …"))
    keyboard.write(desk.get_by_label("What is new"), "The first one.")
    keyboard.press(desk.get_by_role("button", name="Publish"))
    expect(desk.get_by_text("Version 1 is published.")).to_be_visible()


def then_it_can_be_tried(desk: Page, keyboard: Keyboard) -> None:
    hidden = desk.get_by_label(QUESTIONS[3])
    expect(hidden).to_be_hidden()
    keyboard.write(desk.get_by_label(QUESTIONS[0]), "The train was late.")
    keyboard.press(desk.get_by_role("radio", name="Yes"), "Space")
    keyboard.write(hidden, "It was late for everybody.")
    keyboard.press(desk.get_by_role("button", name="See what a client would see next"))
    expect(desk.get_by_text("nothing was kept")).to_be_visible()
    expect(desk.locator(".answers")).to_contain_text("It was late for everybody.")
