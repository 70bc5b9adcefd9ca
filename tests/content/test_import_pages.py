"""The pages on which an export is brought, looked at and taken in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.urls import reverse

from config.bench import exports
from content.models import Article, ContentImport
from content.services.importing.runs import begin_import, confirm_import
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.content.test_import_runs import go_on
from tests.content.test_wordpress_importing import picture_file
from tests.harness.browsers import Browser, Browsers

AT = factories.AT
SMALL = exports.export(exports.post(1), exports.post(2, status="trash", title="<b>Old</b> & <script>x"))


def file(data: bytes = SMALL, name: str = "export.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def desk(editor: User, browser_of: Browsers) -> Browser:
    return browser_of(editor)


@pytest.fixture
def run(north: Clinic, editor: User) -> ContentImport:
    return begin_import(file(), media=None, by=editor, at=AT)


def shown(browser: Browser, run: ContentImport, **extra: Any) -> str:
    answer = browser.get(reverse("admin:import_run", args=[run.pk]), **extra)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_is_brought_is_shown_then_taken_in_by_pages_alone(north: Clinic, desk: Browser) -> None:
    brought = desk.post("/admin/import/", {"export": file(), "pictures": file(picture_file().getvalue(), "a.zip")})
    run = ContentImport.objects.get()
    reading = shown(desk, run)
    go_on(north)
    found = shown(desk, run)
    desk.post(reverse("admin:import_confirm", args=[run.pk]))
    taking = shown(desk, run)
    go_on(north)
    done = shown(desk, run)

    assert brought["Location"] == reverse("admin:import_run", args=[run.pk])
    assert "Reading the export" in reading and "Look again" in reading and 'hx-trigger="every 2s"' in reading
    assert "<strong>1</strong> article that readers will see" in found and "hx-get" not in found
    assert "Left out: it lay in the bin." in found and "Line 13: “Old &amp; x”" in found
    assert "Taking it in" in taking and "It is here" in done
    assert Article.objects.get().slug == "rest-1"


def test_while_an_export_is_here_the_form_leads_to_it(desk: Browser, run: ContentImport) -> None:
    for answer in (desk.get("/admin/import/"), desk.post("/admin/import/", {"export": file()})):
        assert answer["Location"] == reverse("admin:import_run", args=[run.pk])
    assert ContentImport.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose the file that WordPress gave you."),
        ({"export": ("export.xml", b"")}, "This file is empty."),
        ({"export": ("export.doc", b"a")}, "Choose a file that ends in .xml or .zip."),
        ({"export": ("export.xml", b"a"), "pictures": ("a.rar", b"a")}, "Choose a file that ends in .zip."),
    ],
)
def test_what_is_no_export_by_its_name_is_refused_at_once(
    north: Clinic, desk: Browser, sent: dict[str, tuple[str, bytes]], words: str
) -> None:
    answer = desk.post("/admin/import/", {field: file(data, name) for field, (name, data) in sent.items()})

    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ContentImport.objects.exists()


def test_a_broken_file_is_told_with_its_line(north: Clinic, desk: Browser, editor: User) -> None:
    run = begin_import(file(SMALL[:-200]), media=None, by=editor, at=AT)
    go_on(north)

    page = shown(desk, run)

    assert "This could not be taken in" in page and "(line " in page and "Nothing was taken in." in page


def test_a_decision_that_somebody_else_was_quicker_with_is_told(desk: Browser, run: ContentImport) -> None:
    said = {}
    for number, page in enumerate(("confirm", "stop", "stop")):
        answer = desk.post(reverse(f"admin:import_{page}", args=[run.pk]), follow=True)
        said[number] = "Somebody else decided about this meanwhile." in answer.content.decode()

    assert said == {0: True, 1: False, 2: True}


def test_the_part_that_asks_again_is_only_that_part(desk: Browser, run: ContentImport) -> None:
    part = shown(desk, run, headers={"HX-Request": "true"})

    assert part.lstrip().startswith('<div id="import-state"')
    assert "X-Background" in part


def test_more_than_most_pages_take_is_taken_here(
    north: Clinic, desk: Browser, clinician: User, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And from nobody else is any of it read."""
    large = b"a" * (21 * 2**20)

    assert desk.post("/admin/content/topic/add/", {"name": file(large)}).status_code == 413
    assert desk.post("/admin/import/", {"export": file(large)}).status_code == 302

    def reads(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(HttpRequest, "parse_file_upload", reads)
    assert browser_of(clinician).post("/admin/import/", {"export": file()}).status_code == 403
    assert Browser(north).post("/admin/import/", {"export": file()}).status_code == 302
    assert ContentImport.objects.count() == 1


def test_another_site_s_page_can_bring_nothing(north: Clinic, editor: User) -> None:
    browser = Browser(north, enforce_csrf_checks=True).sign_in(editor)

    assert browser.post("/admin/import/", {"export": file()}).status_code == 403
    assert not ContentImport.objects.exists()


@pytest.mark.parametrize("path", ["/admin/import/", "/admin/import/{run}/"])
def test_a_page_makes_as_many_queries_whatever_was_brought(
    north: Clinic, desk: Browser, editor: User, queries_of: Callable[[Callable[[], Any]], int], path: str
) -> None:
    def brought(posts: int) -> str:
        run = begin_import(file(exports.large(posts=posts, comments=posts)), media=None, by=editor, at=AT)
        go_on(north)
        confirm_import(run, by=editor, at=AT)
        go_on(north)
        return path.format(run=run.pk)

    few, many = brought(1), brought(20)

    assert queries_of(lambda: desk.get(few)) == queries_of(lambda: desk.get(many))
