"""Everything that somebody may try, in a browser that would run it: nothing does."""

from collections.abc import Callable
from itertools import chain
from urllib.parse import quote

import pytest
from playwright.sync_api import Dialog, Page, expect

from content.models import Article
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import inside
from tests import factories
from tests.harness.site import Site
from tests.payloads import KINDS, PAYLOADS
from tests.written_site import Written, texts_saying, write_site

# In every frame, before anything of the page: what would tell that a script ran, or that the policy had to stop one.
CANARY = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "msgbox"]) window[name] = (words) => ran.push(`${name} ${words}`);
document.addEventListener("securitypolicyviolation", (told) =>
  ran.push(`policy: ${told.effectiveDirective} ${told.blockedURI} ${told.sample}`));
"""
# What could still run once somebody clicks, moves or waits.
LURKING = """() => {
  const names = ["href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "ping", "background"];
  const scripts = "script:not([src^='/static/'], [type='application/ld+json'], [nonce])";
  const lurks = (element, { name, value }) => /^on|^style$/i.test(name) ||
    (names.includes(name.toLowerCase()) && /^[\\s\\0-\\x20]*(javascript|vbscript|data):/i.test(value));
  return [...document.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].filter((attribute) => lurks(element, attribute)).map((attribute) =>
      `${element.tagName} ${attribute.name}=${attribute.value}`)).concat(
    [...document.querySelectorAll(`main :is(${scripts}, iframe, object, embed, base, meta, math, link, style)`)].map((found) =>
      found.outerHTML));
}"""


@pytest.fixture
def edith(site: Site) -> User:
    with inside(site.database.north):
        return factories.staff(Role.EDITOR, name="Edith Editor")


@pytest.fixture
def written(site: Site, edith: User) -> Written:
    with inside(site.database.north):
        return write_site(PAYLOADS, by=edith)


@pytest.fixture
def texts(site: Site, edith: User) -> tuple[Article, Article]:
    with inside(site.database.north):
        return texts_saying(PAYLOADS, by=edith)


def test_nothing_runs_that_was_typed(
    site: Site, written: Written, texts: tuple[Article, Article], edith: User, open_page: Callable[..., Page]
) -> None:
    """The page's own watch also fails the test if the policy complains, or another host is asked."""
    page = open_page()
    dialogs: list[str] = []

    def seen(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.context.add_init_script(CANARY)
    page.on("dialog", seen)

    def look(address: str) -> None:
        page.goto(site.url(address))
        for frame in page.frames:
            assert frame.evaluate("window.ran") == [], address
        assert page.evaluate(LURKING) == [], address

    for address in ("/", "/team/", written.hub.get_absolute_url(), written.series.get_absolute_url()):
        look(address)
    for number in range(1, -(-len(PAYLOADS) // 12) + 1):
        look(f"/articles/?page={number}")
    published, draft = texts
    look(published.get_absolute_url())
    expect(page.locator(".prose > p").get_by_text("200", exact=True)).to_have_count(1)
    for words in chain.from_iterable(kind[:3] for kind in KINDS.values()):  # all of them: test_xss.py of content
        look(f"/search/?q={quote(words)}")

    site.sign_in(page, edith)
    for address in ("/admin/comments/", "/admin/comments/?show=approved", "/admin/content/article/?all="):
        look(address)
    look(f"/admin/content/article/{draft.pk}/change/")
    expect(page.get_by_role("toolbar")).to_be_visible()
    assert page.evaluate("window.ran") == []
    assert dialogs == []
