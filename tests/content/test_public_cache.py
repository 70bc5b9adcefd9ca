"""Pages kept for visitors: fast, the same for all of them, never stale after a publication, never somebody else's."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis.exceptions import ConnectionError as CacheConnectionError

from content import pages
from content.models import Article
from content.services.articles import keep_draft, publish_article, withdraw_article
from practices.accounts.models import User
from practices.cache import KeptClient
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser

Queries = Callable[[Callable[[], Any]], int]


@pytest.fixture
def path(article: Article) -> str:
    return article.get_absolute_url()


def test_a_kept_page_takes_one_look_into_the_cache_and_no_query(
    visitor: Browser, path: str, queries_of: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get(path)
    looks: list[Any] = []
    get_many = KeptClient.get_many

    def counted(*args: Any) -> Any:
        looks.append(args)
        return get_many(*args)

    monkeypatch.setattr(KeptClient, "get_many", counted)

    assert visitor.get(path).content == first.content
    assert len(looks) == 1
    assert queries_of(lambda: visitor.get(path)) == 0


def test_a_kept_page_has_the_headers_of_a_fresh_one(visitor: Browser, path: str) -> None:
    fresh, kept = visitor.get(path), visitor.get(path)

    assert fresh.headers == kept.headers
    assert kept.headers["Cache-Control"] == "public, max-age=0, stale-while-revalidate=60"
    assert kept.headers["Vary"] == "Cookie, HX-Request"
    assert kept.headers["X-Frame-Options"] == "DENY"
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert kept.headers["Referrer-Policy"] == "same-origin"
    assert kept.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in kept.headers["Content-Security-Policy"]
    assert int(kept.headers["Content-Length"]) == len(kept.content)


def test_a_reader_gets_no_cookie(visitor: Browser, path: str) -> None:
    for address in (path, "/", "/articles/", path):
        assert not visitor.get(address).cookies


def test_a_reader_who_has_the_page_is_told_so(visitor: Browser, path: str) -> None:
    etag = visitor.get(path).headers["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        response = visitor.get(path, headers={"if-none-match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == etag
    assert visitor.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_reader_who_asks_by_date_is_told_so(visitor: Browser, path: str, clock: time_machine.Traveller) -> None:
    made = visitor.get(path).headers["Last-Modified"]

    assert visitor.get(path, headers={"if-modified-since": made}).status_code == 304
    assert visitor.get(path, headers={"if-modified-since": "Mon, 02 Jan 2006 15:04:05 GMT"}).status_code == 200
    assert visitor.get(path, headers={"if-modified-since": "yesterday"}).status_code == 200
    # Whoever names a copy is answered about that one, whatever the date.
    assert visitor.get(path, headers={"if-none-match": '"other"', "if-modified-since": made}).status_code == 200


def test_what_was_published_anew_is_newer_than_any_copy(
    visitor: Browser,
    article: Article,
    editor: User,
    clock: time_machine.Traveller,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = article.get_absolute_url()
    before = visitor.get(path).headers["Last-Modified"]
    clock.shift(2)
    with django_capture_on_commit_callbacks(execute=True):
        pages.forget_pages()

    after = visitor.get(path, headers={"if-modified-since": before})

    assert after.status_code == 200
    assert after.headers["Last-Modified"] != before


def test_head_gives_the_same_headers(visitor: Browser, path: str) -> None:
    before = visitor.head(path)
    page, after = visitor.get(path), visitor.head(path)

    assert before.headers == after.headers == page.headers
    assert (before.content, after.content) == (b"", b"")


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_a_publication_shows_at_once(
    act: str,
    visitor: Browser,
    article: Article,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = article.get_absolute_url()
    before = visitor.get(path)

    with django_capture_on_commit_callbacks(execute=True):
        if act == "publish":
            Article.objects.filter(pk=article.pk).update(title="Seen anew")
            publish_article(article, by=editor, at=factories.AT)
        else:
            withdraw_article(article, by=editor, at=factories.AT)
    after = visitor.get(path, headers={"if-none-match": before.headers["ETag"]})

    assert after.status_code == (200 if act == "publish" else 410)
    assert ("Seen anew" in after.content.decode()) == (act == "publish")


def test_an_article_made_for_clients_only_is_gone_at_once(
    visitor: Browser,
    article: Article,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = article.get_absolute_url()
    assert visitor.get(path).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        article.audience = Article.Audience.CLIENTS
        keep_draft(article, by=editor, at=factories.AT)

    assert visitor.get(path).status_code == 404


def test_a_header_cannot_have_a_page_kept_under_another_address(visitor: Browser) -> None:
    """Gunicorn takes SCRIPT_NAME from a header; the path of the request would begin with it."""
    home = visitor.get("/", SCRIPT_NAME="/articles")

    assert 'href="/articles/theme-' not in home.content.decode()
    assert visitor.get("/articles/").content != home.content


def test_a_page_rendered_before_a_publication_and_kept_after_it_is_not_used(north: Clinic) -> None:
    _, edition = pages.kept_page("/old/")
    cache.set(pages.EDITION, "later", None)

    pages.keep_page("/old/", body=b"old", headers={}, edition=edition)

    assert pages.kept_page("/old/") == (None, "later")


def test_without_an_edition_nothing_old_comes_back(north: Clinic) -> None:
    _, edition = pages.kept_page("/page/")
    pages.keep_page("/page/", body=b"page", headers={}, edition=edition)
    cache.delete(pages.EDITION)

    page, new_edition = pages.kept_page("/page/")

    assert page is None
    assert new_edition not in ("", edition)


def test_pages_of_two_clinics_never_mix(visitor: Browser, path: str, south: Clinic) -> None:
    with inside(south):
        factories.article(title="From the south")
    other = Browser(south)

    for _ in range(2):
        assert "Why is rest hard?" in visitor.get("/").content.decode()
        assert "From the south" in other.get("/").content.decode()
        assert "Why is rest hard?" not in other.get("/").content.decode()
    assert other.get(path).status_code == 404
    assert visitor.get(path).status_code == 200


def test_a_part_of_a_page_is_not_kept(visitor: Browser, path: str) -> None:
    response = visitor.get(path, headers={"hx-request": "true"})

    assert "ETag" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_what_is_not_there_is_not_kept(visitor: Browser, editor: User) -> None:
    article = factories.article(published=False)
    missing = visitor.get(article.get_absolute_url())

    publish_article(article, by=editor, at=factories.AT)

    assert missing.status_code == 404
    assert "ETag" not in missing.headers
    assert visitor.get(article.get_absolute_url()).status_code == 200


def test_without_the_cache_server_pages_are_still_served(
    visitor: Browser, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise CacheConnectionError

    visitor.get(path)
    for command in ("get_many", "set", "add"):
        monkeypatch.setattr(KeptClient, command, gone)

    assert visitor.get(path).status_code == 200
    assert visitor.get("/").status_code == 200
