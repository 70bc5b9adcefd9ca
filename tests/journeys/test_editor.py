"""An editor writes with the keyboard: a picture, a callout, a link, and what was pasted; readers get all of it."""

import io
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from content.body import normalise, readability_grade, reading_minutes, word_count
from content.models import Article, Picture
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import inside
from tests import factories
from tests.content.test_pasting import CLEAN, pasted
from tests.harness.site import Site
from tests.journeys.keyboard import Keyboard

TITLE = "Where do you sit when nobody needs you?"
SHOWS = "An empty chair at a window."
CAPTION = "The chair by the window"
INSERTED = """(area, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "as text");
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""

DROPPED = """(area) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "chair.jpg", { type: "image/jpeg" }));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def a_photo() -> FilePayload:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((1300, 900)).convert("RGB").save(file, "JPEG")
    return {"name": "chair.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_an_article_with_everything_in_it_is_written_by_keyboard(
    site: Site,
    desktop: Page,
    phone: Page,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    expected_errors: list[str],
) -> None:
    expected_errors.append("422 (Unprocessable Entity)")  # a form that is sent back is a failed request to the browser
    with inside(site.database.north):
        editor = factories.staff(Role.EDITOR, name="Edda Editor")
    area = given_an_empty_article(site, desktop, editor)

    when_she_takes_a_picture_in(desktop, axe)
    when_she_puts_a_line_into_a_callout(desktop, area)
    when_she_links_some_words(desktop, area, axe)
    when_she_pastes_from_elsewhere(desktop, area)
    axe(desktop)
    when_she_drops_a_file(desktop, area)
    counted = desktop.locator(".editor-count").inner_text()
    when_she_publishes(desktop)

    body = then_it_is_kept_as_plainly_as_if_it_was_written_here(site)
    then_it_was_counted_as_the_server_counts(counted, body)
    then_a_reader_sees_it(site, phone, axe, fits)


def given_an_empty_article(site: Site, page: Page, editor: User) -> Locator:
    site.sign_in(page, editor)
    page.goto(site.url("/admin/content/article/add/"))
    expect(page.get_by_role("toolbar", name="Writing tools")).to_be_visible()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Or somebody new").fill("Greta Guest")
    area = page.get_by_role("textbox", name="Text").and_(page.locator("[contenteditable]"))
    area.focus()
    page.keyboard.type("Some chairs are for nobody.")
    return area


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar", name="Writing tools").get_by_role("button", name=name, exact=True)


def press_tool(page: Page, name: str) -> None:
    """From the text to the tools, with the arrows to the one of this name."""
    keyboard = Keyboard(page)
    keyboard.tap("Alt+F10")
    keyboard.go_to(tool(page, name), key="ArrowRight")
    keyboard.tap("Enter")


def when_she_takes_a_picture_in(page: Page, axe: Callable[[Page], None]) -> None:
    press_tool(page, "Picture")
    box = page.get_by_role("dialog", name="Put in a picture")
    expect(box.get_by_role("heading", name="A new one")).to_be_visible()
    axe(page)
    keyboard = Keyboard(page)
    take_in = box.get_by_role("button", name="Take it in and put it here")
    box.get_by_label("Picture", exact=True).set_input_files(a_photo())
    keyboard.write(box.get_by_label("What it shows"), " ")
    keyboard.press(take_in)
    expect(box.get_by_text("This field is required.")).to_be_visible()
    axe(page)
    box.get_by_label("Picture", exact=True).set_input_files(a_photo())
    keyboard.write(box.get_by_label("What it shows"), SHOWS)
    keyboard.press(take_in)

    expect(box).to_have_count(0)
    expect(page.locator(".ProseMirror figure img")).to_be_visible()
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type(CAPTION)
    page.keyboard.press("Enter")


def when_she_puts_a_line_into_a_callout(page: Page, area: Locator) -> None:
    page.keyboard.type("A chair is not a plan.")
    press_tool(page, "Callout")
    expect(area.locator("[data-callout]")).to_have_text("A chair is not a plan.")
    expect(area).to_be_focused()
    # An empty line leaves the box.
    for _ in range(2):
        page.keyboard.press("Enter")


def when_she_links_some_words(page: Page, area: Locator, axe: Callable[[Page], None]) -> None:
    page.keyboard.type("Call us")
    expect(area.get_by_text("Call us")).to_be_visible()
    page.keyboard.press("Shift+Home")
    expect(tool(page, "Link")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Link")
    address = dialog.get_by_label("Where it leads")
    expect(address).to_be_focused()
    axe(page)
    address.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    assert address.evaluate("field => field.validity.customError")
    address.fill("/contact/")
    page.keyboard.press("Enter")
    expect(area.get_by_role("link", name="Call us")).to_have_attribute("href", "/contact/")
    expect(area).to_be_focused()
    page.keyboard.type(", any day.")


def when_she_pastes_from_elsewhere(page: Page, area: Locator) -> None:
    for name in CLEAN:
        page.keyboard.press("Enter")
        area.evaluate(INSERTED, pasted(name))
    expect(area.get_by_role("heading", name="Five quiet minutes")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="A picture was left out.")).to_be_visible()


def when_she_drops_a_file(page: Page, area: Locator) -> None:
    """It asks for its words, and takes the place of nothing."""
    area.evaluate(DROPPED)
    box = page.get_by_role("dialog", name="Put in a picture")
    expect(box.get_by_label("What it shows")).to_be_focused()
    assert box.get_by_label("Picture", exact=True).evaluate("field => field.files[0].name") == "chair.jpg"
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def when_she_publishes(page: Page) -> None:
    Keyboard(page).press(page.get_by_role("button", name="Save and publish"))
    expect(page.get_by_text(f"“{TITLE}” is published. Readers see it now.")).to_be_visible()


def then_it_is_kept_as_plainly_as_if_it_was_written_here(site: Site) -> str:
    with inside(site.database.north):
        picture, body = Picture.objects.get(), str(Article.objects.get().revision.body)
    link = 'href="/contact/" rel="noopener noreferrer"'
    assert body == normalise(
        "<p>Some chairs are for nobody.</p>"
        f'<figure><img src="{picture.url}" alt=""><figcaption>{CAPTION}</figcaption></figure>'
        f"<section data-callout><p>A chair is not a plan.</p></section><p><a {link}>Call us</a>, any day.</p>"
        + "".join(CLEAN.values())
    )
    return body


def then_it_was_counted_as_the_server_counts(counted: str, body: str) -> None:
    grade = f"Reading grade {readability_grade(body)}."
    assert counted.startswith(f"{word_count(body)} words. {reading_minutes(body)} minute to read. {grade} ")


def then_a_reader_sees_it(site: Site, phone: Page, axe: Callable[[Page], None], fits: Callable[[Page], None]) -> None:
    phone.goto(site.url("/"))
    phone.get_by_role("link", name=TITLE).click()
    picture = phone.get_by_role("img", name=SHOWS)
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert re.search(r"/1/(480|800)\.avif$", picture.evaluate("image => image.currentSrc"))
    width, height = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert abs(width / height - 1300 / 900) < 0.01
    expect(phone.get_by_role("figure")).to_contain_text(CAPTION)
    expect(phone.locator("[data-callout]")).to_contain_text("A chair is not a plan.")
    axe(phone)
    fits(phone)
