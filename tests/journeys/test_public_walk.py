"""Every page of the public site in a real browser: light and dark, wide and narrow, with scripts and without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, ViewportSize

from practices.accounts.permissions import Role
from practices.tenancy import inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.public_table import GIVES_A_COOKIE, PUBLIC, Line, public_site

PAGES = [line for line in PUBLIC if line.is_page]
# So high that all of a page is on the screen: what moves out of sight is not told.
WIDE, NARROW = ViewportSize(width=1280, height=3000), ViewportSize(width=320, height=5000)
TO_THE_SCREEN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What moved after it was first seen, from the first moment on; see web.dev/cls.
SHIFTS = """() => new Promise((done) => {
  const moved = [];
  const note = (list) => moved.push(...list.getEntries().flatMap((shift) => shift.sources.map((source) =>
    `${shift.value.toFixed(4)} ${source.node?.className || source.node?.nodeName}`)));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(moved))));
})"""


@pytest.fixture
def addresses(site: Site) -> dict[Line, str]:
    """Where each page is; there is something on each."""
    with inside(site.database.north):
        arguments = public_site(by=factories.staff(Role.EDITOR, name="Edith Editor"))
        return {line: site.url(line.address(arguments)) for line in PAGES}


@contextmanager
def pictures_late(page: Page) -> Iterator[None]:
    """Pictures come only once the page is on the screen, as they do over a slow line."""
    held: list[Route] = []
    is_late = True

    def come(route: Route) -> None:
        held.append(route) if is_late else route.continue_()

    page.route("**/pictures/**", come)
    yield
    page.evaluate(TO_THE_SCREEN)
    is_late = False
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    page.unroute("**/pictures/**")


def test_each_page_holds_in_the_light_and_in_the_dark(
    addresses: dict[Line, str],
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    subtests: pytest.Subtests,
) -> None:
    """Nothing moves while it comes, axe finds nothing, nothing is cut off; the pages' own watch sees foreign hosts."""
    light = open_page(WIDE, color_scheme="light")
    dark = open_page(NARROW, color_scheme="dark")
    for page in (light, dark):
        for line, address in addresses.items():
            with subtests.test(line=str(line), page="light" if page is light else "dark"):
                with pictures_late(page):
                    page.goto(address, wait_until="domcontentloaded")
                assert page.evaluate(SHIFTS) == []
                axe(page)
                fits(page)
                assert page.context.cookies() == [] or line.name == GIVES_A_COOKIE
                page.context.clear_cookies()


def test_each_page_says_the_same_without_scripts(
    addresses: dict[Line, str], open_page: Callable[..., Page], subtests: pytest.Subtests
) -> None:
    with_scripts, without = open_page(PHONE), open_page(PHONE, java_script_enabled=False)
    for line, address in addresses.items():
        with subtests.test(line=str(line)):
            for page in (with_scripts, without):
                page.goto(address, wait_until="domcontentloaded")
            assert words_of(without) == words_of(with_scripts)


def words_of(page: Page) -> str:
    return page.locator("main").inner_text()
