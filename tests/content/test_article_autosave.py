"""What is typed into an article is saved meanwhile; nothing of anybody else's is written over, and readers see nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from content.models import Article, Author
from content.pages import EDITION
from content.services.workflow import schedule_article
from practices.accounts.models import User
from tests import factories
from tests.content.test_article_admin import change, filled, words
from tests.harness.browsers import Browser

BEGIN = "admin:content_article_begin"


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


@pytest.fixture
def article(editor: User) -> Article:
    return factories.article(title="As it was", by=editor)


def typed(article: Article | None = None, **changes: Any) -> dict[str, Any]:
    """What the page sends."""
    if article:
        article.refresh_from_db()
    seen = article.changed_at.isoformat() if article else ""
    return {"title": "Half a tho", "excerpt": "", "body": "<p>Half a sent</p>", "byline": "", "seen": seen} | changes


def sent(desk: Browser, article: Article | None, data: dict[str, Any]) -> Any:
    address = reverse("admin:content_article_autosave", args=[article.pk]) if article else reverse(BEGIN)
    return desk.post(address, data, content_type="application/json")


def test_what_is_typed_is_kept_and_readers_see_nothing_of_it(desk: Browser, visitor: Browser, article: Article) -> None:
    cache.set(EDITION, "now", None)

    first = sent(desk, article, typed(article))
    second = sent(desk, article, typed(article, title="Half a thought", seen=first.json()["seen"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["saved"].startswith("Saved ")
    article.refresh_from_db()
    assert (article.title, article.body) == ("Half a thought", "<p>Half a sent</p>")
    assert article.changed_at.isoformat() == second.json()["seen"]
    assert "As it was" in words(visitor.get(article.get_absolute_url()))
    assert cache.get(EDITION) == "now"


def test_the_form_goes_on_from_what_was_saved_meanwhile(desk: Browser, article: Article) -> None:
    form = filled(article, title="A whole thought")
    seen = sent(desk, article, typed(article)).json()["seen"]

    desk.post(change(article), form | {"seen": seen, "_publish": "1"})

    article.refresh_from_db()
    assert article.revision.title == "A whole thought"


def test_what_somebody_else_saved_is_not_written_over(
    desk: Browser, article: Article, owner: User, browser_of: Callable[..., Browser]
) -> None:
    before = typed(article)
    browser_of(owner).post(change(article), filled(article, title="Theirs"))

    response = sent(desk, article, before)

    assert response.status_code == 409
    assert "Somebody else saved this article" in response.json()["message"]
    article.refresh_from_db()
    assert article.title == "Theirs"
    page = words(desk.get(change(article)))
    assert f"{owner.display_name} saved this at" in page
    Article.objects.filter(pk=article.pk).update(changed_at=timezone.now() - timedelta(hours=1))
    assert f"{owner.display_name} saved this at" not in words(desk.get(change(article)))


def test_of_two_who_type_at_once_one_is_kept(desk: Browser, article: Article) -> None:
    same = typed(article)

    answers = [sent(desk, article, same | {"title": title}).status_code for title in ("One", "Two")]

    assert answers == [200, 409]


def test_what_is_scheduled_is_saved_by_its_button_alone(desk: Browser, article: Article, editor: User) -> None:
    now = datetime.now(UTC)
    schedule_article(article, publish_at=now + timedelta(days=1), by=editor, at=now)

    assert sent(desk, article, typed(article)).status_code == 409
    assert "data-article-autosave" not in words(desk.get(change(article)))


def test_a_new_article_begins_with_its_title_by_whoever_writes(desk: Browser, editor: User) -> None:
    assert f'data-article-autosave="{reverse(BEGIN)}"' in words(desk.get(reverse("admin:content_article_add")))

    answer = sent(desk, None, typed()).json()

    article = Article.objects.get()
    assert (article.title, article.status, article.posted_by) == ("Half a tho", "draft", editor)
    assert article.byline.name == editor.display_name
    assert answer["byline"] == {"id": str(article.byline_id), "name": article.byline.byline}
    assert answer["address"] == change(article)
    assert answer["seen"] == article.changed_at.isoformat()
    assert sent(desk, article, typed(article, title="On")).status_code == 200
    assert Author.objects.count() == 1


def test_a_new_article_is_by_whom_it_is_said_to_be(desk: Browser) -> None:
    maya = factories.author(name="Maya Ellison")

    sent(desk, None, typed(byline=str(maya.pk)))

    assert Article.objects.get().byline == maya


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"title": ""}, 422, "Give it a title"),
        ({"title": "x" * 161}, 422, "at most 160 characters"),
        ({"excerpt": "x" * 301}, 422, "at most 300 characters"),
        ({"body": "<p>x</p>" * 40_000}, 422, "too long"),
        ({"byline": "nobody"}, 422, "valid UUID"),
        ({"seen": "yesterday"}, 422, "valid date"),
        ({"title": ["a"]}, 400, "each field as text"),
        ({"title": {"a": 1}}, 400, "each field as text"),
        ({"title": None}, 400, "each field as text"),
        ({"title": "a\0b"}, 400, ""),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    desk: Browser, article: Article, changes: dict[str, Any], status: int, said: str
) -> None:
    response = sent(desk, article, typed(article, **changes))

    assert (response.status_code, said in response.json()["message"]) == (status, True)
    article.refresh_from_db()
    assert article.title == "As it was"
    assert Article.objects.count() == 1


def test_markup_is_cleaned_as_everywhere(desk: Browser, article: Article) -> None:
    sent(desk, article, typed(article, body='<p onclick="x()">Yes<script>alert(1)</script></p>'))

    article.refresh_from_db()
    assert article.body == "<p>Yes</p>"
