"""The owner gives the clinic a colour, a size of text and a logo; everybody sees it, and can read it."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from content.models import Article
from practices.models import Clinic
from practices.tenancy import hosts, inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import Cast

NARROW = ViewportSize(width=320, height=700)
SIZE = "getComputedStyle(document.documentElement).fontSize"
LINK = "getComputedStyle(document.querySelector('.comments-erase a')).color"


@pytest.fixture
def article(site: Site, cast: Cast) -> Article:
    with inside(site.database.north):
        made = factories.article(by=cast.clara)
        factories.topic(made)
        factories.comment(made, approved_by=cast.clara)
        return made


def logo() -> FilePayload:
    """Dark on nothing, as logos often are."""
    image, file = Image.new("RGBA", (900, 240)), io.BytesIO()
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 220, 220), fill="#1d4e5f")
    draw.rectangle((270, 90, 860, 150), fill="#1d4e5f")
    image.save(file, "PNG")
    return FilePayload(name="logo.png", mimeType="image/png", buffer=file.getvalue())


def test_chosen_looked_at_saved_and_seen_by_everybody(
    site: Site,
    cast: Cast,
    article: Article,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    expected_errors: list[str],
) -> None:
    expected_errors.append("/nothing-here/")
    desk = open_page(color_scheme="dark", reduced_motion="reduce")
    site.sign_in(desk, cast.olive)
    desk.goto(site.url("/admin/settings/look/"))
    desk.get_by_label("Your colour").fill("#ffd400")
    expect(desk.get_by_text("We made it darker for light pages.")).to_be_visible()
    light, dark = (desk.locator(f".look-page[data-theme={theme}] .button") for theme in ("light", "dark"))
    expect(light).to_have_css("background-color", "rgb(125, 103, 0)")
    expect(dark).to_have_css("background-color", "rgb(211, 189, 112)")
    desk.get_by_label("Larger by a quarter").check()
    expect(desk.locator(".look-page").first).to_have_css("font-size", "21.25px")
    axe(desk)
    desk.set_viewport_size(NARROW)
    fits(desk)

    desk.get_by_label("A logo").set_input_files(logo())
    desk.get_by_label("What the logo shows").fill("North, with a full moon")
    desk.get_by_label("The logo says our name").check()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Your colour was made darker, so that it can be read.")).to_be_visible()
    desk.emulate_media(color_scheme="light")
    axe(desk)

    for scheme in ("light", "dark"):
        page = open_page(NARROW, color_scheme=scheme, reduced_motion="reduce")
        for path in ("/", article.get_absolute_url(), "/accounts/login/", "/nothing-here/"):
            with page.expect_response(lambda answer: "/logo/" in answer.url):
                page.goto(site.url(path))
            expect(page.get_by_role("img", name="North, with a full moon")).to_be_visible()
            assert page.evaluate(SIZE) == "20px"
            axe(page)
            fits(page)
        site.sign_in(page, cast.cleo.user)
        page.goto(site.url("/portal/"))
        axe(page)
        fits(page)


def test_without_scripts_a_button_shows_the_sample(site: Site, cast: Cast, open_page: Callable[..., Page]) -> None:
    desk = open_page(java_script_enabled=False)
    site.sign_in(desk, cast.olive)
    desk.goto(site.url("/admin/settings/look/"))
    desk.get_by_label("Your colour").fill("#ffd400")
    desk.get_by_role("button", name="Look at it first").click()

    expect(desk.get_by_text("We made it darker for light pages.")).to_be_visible()
    expect(desk.get_by_label("Your colour")).to_have_value("#ffd400")
    expect(desk.locator(".swatch-light")).to_have_css("background-color", "rgb(125, 103, 0)")


@pytest.mark.parametrize("accent", ["#ffffff", "#000000", "#ff2d95"])
def test_any_colour_can_be_read_in_the_light_in_the_dark_and_on_paper(
    site: Site, article: Article, accent: str, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    Clinic.objects.filter(pk=site.database.north.pk).update(accent=accent, text_size="largest")
    hosts.clear()
    page = open_page(PHONE, reduced_motion="reduce")
    page.goto(site.url(article.get_absolute_url()))

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        axe(page)
    assert page.evaluate(SIZE) == "20px"
    page.emulate_media(media="print", color_scheme="dark")
    on_paper = page.evaluate(LINK)
    assert page.evaluate(SIZE) == "16px"
    page.emulate_media(media="screen", color_scheme="light")
    assert on_paper == page.evaluate(LINK)
