"""What is being written is looked at before anybody else sees it, and a preview does nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import Article, ArticleRevision
from practices.accounts.models import User
from tests import factories
from tests.content.test_article_admin import change, words
from tests.harness.browsers import Browser

ASKS = '<p>Once.</p><p data-prompt="rest">What does rest look like for you?</p>'


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


@pytest.fixture
def article(editor: User) -> Article:
    """Published, and since then changed."""
    made = factories.article(title="As it is", body="<p>Seen by all.</p>", by=editor)
    Article.objects.filter(pk=made.pk).update(title="As it will be", body=ASKS)
    made.refresh_from_db()
    return made


def address(name: str, article: Article, **query: str) -> str:
    return reverse(f"admin:{name}", args=[article.pk]) + "".join(f"?{key}={value}" for key, value in query.items())


@pytest.mark.parametrize("look", ["public", "phone", "print", "portal", "nonsense"])
def test_each_look_is_a_frame_of_ours(desk: Browser, article: Article, look: str) -> None:
    response = desk.get(address("content_article_preview", article, look=look))
    page = words(response)

    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]
    assert 'sandbox="allow-same-origin"' in page
    assert page.count("<iframe") == 1
    assert page.count('aria-current="page">As a visitor') == (look in ("public", "nonsense"))
    assert address("content_article_preview", article) in words(desk.get(change(article)))


@pytest.mark.parametrize("name", ["content_article_frame", "article_in_portal"])
def test_a_preview_shows_what_is_saved_and_runs_and_sends_nothing(desk: Browser, article: Article, name: str) -> None:
    response = desk.get(address(name, article))
    page = words(response)

    assert "As it will be" in page
    assert "What does rest look like for you?" in page
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox allow-same-origin" in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "noindex" in page
    assert "private" in response.headers["Cache-Control"]
    article.refresh_from_db()
    assert article.revision.title == "As it is"
    assert ArticleRevision.objects.count() == 1


def test_on_paper_the_sheet_for_print_is_for_the_screen(desk: Browser, article: Article) -> None:
    assert 'print.css" media="all"' in words(desk.get(address("content_article_frame", article, look="print")))
    assert 'print.css" media="print"' in words(desk.get(address("content_article_frame", article)))


def test_a_draft_that_was_never_published_has_a_preview_and_a_visitor_has_none(desk: Browser, visitor: Browser) -> None:
    draft = factories.article(title="Half a thought", published=False, body=ASKS)

    assert "Half a thought" in words(desk.get(address("content_article_frame", draft)))
    assert "Half a thought" in words(desk.get(address("article_in_portal", draft)))
    assert visitor.get(address("content_article_frame", draft)).status_code == 302
    assert visitor.get(draft.get_absolute_url()).status_code == 404


def test_in_the_portal_there_is_a_place_to_answer_and_nothing_without_a_question(
    desk: Browser, article: Article
) -> None:
    assert 'name="a-rest"' in words(desk.get(address("article_in_portal", article)))
    plain = factories.article(body="<p>Only words.</p>")

    assert desk.get(address("article_in_portal", plain)).status_code == 404
    assert "Nothing to answer yet" in words(desk.get(address("content_article_preview", plain, look="portal")))


def test_looking_writes_nothing(desk: Browser, article: Article) -> None:
    desk.get(address("content_article_frame", article))
    for name in ("content_article_preview", "content_article_frame", "article_in_portal"):
        with CaptureQueriesContext(connection) as queries:
            desk.get(address(name, article))
        written: list[Any] = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "DELETE"))]
        assert written == []
