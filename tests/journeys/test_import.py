"""An editor brings a WordPress site: looks at what would come, takes it in, and readers find it where it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from celery.worker import WorkController
from playwright.sync_api import Page, expect

from config.bench import exports
from content.models import Article, Comment, ContentImport
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tasks import dispatch_due
from practices.tenancy import inside
from tests import factories
from tests.content.test_wordpress_importing import BOAT, picture_file
from tests.harness.site import PHONE, Site
from tests.harness.work import eventually


@pytest.fixture
def edith(site: Site) -> User:
    with inside(site.database.north):
        return factories.staff(Role.EDITOR, name="Edith Editor")


@pytest.fixture
def brought(tmp_path: Path) -> dict[str, Path]:
    """An export with a picture, a comment and a post in the bin; and the zip with the picture."""
    export, pictures = tmp_path / "export.xml", tmp_path / "uploads.zip"
    said = [exports.comment(1, "The boat is lovely."), exports.comment(2, "I wait.", approved="0")]
    posts = exports.post(1, content=BOAT.format("A boat at dawn"), comments=said), exports.post(2, status="trash")
    export.write_bytes(exports.export(*posts))
    pictures.write_bytes(picture_file().getvalue())
    return {"export": export, "pictures": pictures}


def bring(page: Page, site: Site, brought: dict[str, Path]) -> None:
    page.goto(site.url("/admin/import/"))
    page.get_by_label("The export").set_input_files(brought["export"])
    page.get_by_label("Its pictures").set_input_files(brought["pictures"])
    page.get_by_role("button", name="Look at it").click()


def test_brought_looked_at_taken_in_and_found_where_it_was(
    site: Site,
    worker: WorkController,
    edith: User,
    brought: dict[str, Path],
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
) -> None:
    desk = open_page()
    site.sign_in(desk, edith)
    desk.goto(site.url("/admin/import/"))
    axe(desk)
    bring(desk, site, brought)
    heading = desk.get_by_role("heading", level=1)
    expect(heading).to_have_text("This is what would come")
    expect(desk.get_by_text("1 comment that waits to be read")).to_be_visible()
    desk.get_by_text("Left out: it lay in the bin.").click()
    expect(desk.get_by_text(": “Why is rest hard?”")).to_be_visible()
    axe(desk)
    fits(desk)
    with inside(site.database.north):
        assert not Article.objects.exists()
    desk.get_by_role("button", name="Take it in").click()
    expect(heading).to_have_text("It is here")
    axe(desk)
    desk.get_by_role("link", name="Read the comments that wait").click()
    expect(desk.get_by_text("I wait.")).to_be_visible()

    reader = open_page(PHONE)
    reader.goto(site.url("/2019/03/rest-1/"))
    expect(reader).to_have_url(site.url("/articles/rest-1/"))
    expect(reader.get_by_role("img", name="A boat at dawn")).to_be_visible()
    expect(reader.get_by_text("The boat is lovely.")).to_be_visible()


def test_without_scripts_on_a_phone_one_looks_again(
    site: Site, worker: WorkController, edith: User, brought: dict[str, Path], open_page: Callable[..., Page]
) -> None:
    phone = open_page(PHONE, java_script_enabled=False)
    site.sign_in(phone, edith)
    bring(phone, site, brought)
    heading = phone.get_by_role("heading", level=1)
    look_until(phone, "This is what would come")
    phone.get_by_role("button", name="Take it in").click()
    look_until(phone, "It is here")
    expect(heading).to_have_text("It is here")

    # Its files go when the beat asks next.
    dispatch_due()
    with inside(site.database.north):
        eventually(lambda: not ContentImport.objects.get().has_files)
        assert (Article.objects.count(), Comment.objects.count()) == (1, 2)


def look_until(page: Page, words: str) -> None:
    for _ in range(100):
        if page.get_by_role("heading", level=1).inner_text() == words:
            return
        page.get_by_role("link", name="Look again").click()
    raise AssertionError(words)
