"""A reader says something, an editor reads it by keyboard, everybody sees it; spam is seen by nobody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from content.models import Article
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import inside
from tests import factories
from tests.harness.site import PHONE, Site
from tests.journeys.keyboard import Keyboard

WORDS = "I rest best on the train, when nobody can ask me for anything."


@pytest.fixture
def edith(site: Site) -> User:
    with inside(site.database.north):
        return factories.staff(Role.EDITOR, name="Edith Editor")


@pytest.fixture
def article(site: Site, edith: User) -> Article:
    with inside(site.database.north):
        factories.take_comments()
        return factories.article(by=edith)


def send(page: Page, address: str, words: str, name: str = "Late Train") -> None:
    if address:
        page.goto(address)
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Send for reading").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your comment is held")


def test_held_read_approved_and_erased_by_its_writer(
    site: Site,
    article: Article,
    edith: User,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
) -> None:
    address = site.url(article.get_absolute_url())
    reader = open_page(PHONE, java_script_enabled=False)
    send(reader, address, WORDS)
    code = reader.locator(".code").inner_text()
    assert reader.context.cookies() == []
    send(reader, address, "CHEAP WATCHES at www.one.example and www.two.example", name="Best prices")
    reader.goto(address)
    expect(reader.get_by_text(WORDS)).to_have_count(0)

    desk = open_page()
    site.sign_in(desk, edith)
    desk.goto(site.url("/admin/comments/"))
    axe(desk)
    fits(desk)
    keyboard = Keyboard(desk)
    rows = desk.locator("[data-row]")
    expect(rows).to_have_count(2)
    keyboard.tap("a")  # nothing is in hand yet: nothing happens
    keyboard.tap("j")
    expect(rows.first).to_be_focused()
    keyboard.tap("s")
    expect(desk.get_by_text("1 comment marked as spam.")).to_be_visible()
    keyboard.tap("u")
    expect(rows).to_have_count(2)
    keyboard.tap("j")
    keyboard.tap("s")
    expect(rows).to_have_count(1)
    keyboard.tap("j")
    keyboard.tap("a")
    expect(desk.get_by_role("heading", name="Nothing waits to be read")).to_be_visible()

    visitor = open_page(PHONE)
    visitor.goto(address)
    expect(visitor.get_by_text(WORDS)).to_be_visible()
    expect(visitor.get_by_text("CHEAP WATCHES")).to_have_count(0)
    axe(visitor)
    visitor.set_viewport_size({"width": 320, "height": 700})
    fits(visitor)

    with visitor.expect_navigation():
        visitor.get_by_role("link", name="Erase a comment that you sent").click()
    axe(visitor)
    visitor.get_by_label("Your code").fill(code.lower())
    visitor.get_by_role("button", name="Erase it").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your comment is erased")
    visitor.goto(address)
    expect(visitor.get_by_text(WORDS)).to_have_count(0)


def test_spam_is_seen_by_nobody_whoever_finds_it(
    site: Site, article: Article, edith: User, open_page: Callable[..., Page]
) -> None:
    """The trap finds one, the editor two at once, and what is sent below another article is known again."""
    address = site.url(article.get_absolute_url())
    machine, sender = (open_page(PHONE, java_script_enabled=False) for _ in range(2))
    machine.goto(address)
    machine.get_by_label("Leave this empty").fill("https://prices.example/", force=True)
    send(machine, address="", words="Lovely article, very useful for me and my friends.", name="Best prices")
    for name in ("Cheap", "Cheaper"):
        send(sender, address, f"{name} watches for you and for the one that you love.", name=name)

    desk = open_page()
    site.sign_in(desk, edith)
    desk.goto(site.url("/admin/comments/"))
    expect(desk.locator("[data-row]")).to_have_count(2)
    desk.get_by_label("All on this page").check()
    desk.locator(".moderation-bar").get_by_role("button", name="Spam").click()
    expect(desk.get_by_text("2 comments marked as spam.")).to_be_visible()
    with inside(site.database.north):
        other = site.url(factories.article(by=edith).get_absolute_url())
    send(sender, other, "CHEAP WATCHES, for you! And for the one that you love …", name="Cheap again")
    desk.goto(site.url("/admin/comments/"))
    expect(desk.get_by_role("heading", name="Nothing waits to be read")).to_be_visible()
    desk.get_by_role("link", name="Spam").click()
    expect(desk.locator("[data-row]")).to_have_count(4)
    expect(desk.get_by_text("Filled in a hidden field")).to_have_count(1)

    visitor = open_page()
    for page in (address, other):
        visitor.goto(page)
        expect(visitor.get_by_text("Nobody has said anything yet.")).to_be_visible()
        for words in ("watches for", "watches, for", "Lovely article", "Best prices"):
            expect(visitor.get_by_text(words)).to_have_count(0)
