"""An article's revisions in the admin: what each changed, and back to an earlier one without losing anything unseen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from content.models import Article, Author
from content.services.articles import publish_article
from content.services.workflow import restore_revision, schedule_article
from content.workflow import Step
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from tests import factories
from tests.content.test_article_admin import change, filled, words
from tests.content.test_public import stored_picture
from tests.content.test_workflow import looked_at_first  # noqa: F401
from tests.harness.browsers import Browser


@pytest.fixture
def article(editor: User, at: datetime) -> Article:
    """In its second revision, with changes that are not published."""
    made = factories.article(title="Why is rest hard?", body="<p>Rest is hard.</p><p>It begins small.</p>", by=editor)
    Article.objects.filter(pk=made.pk).update(
        title="Is rest hard?", body="<p>Rest was hard.</p><p>It begins small.</p>"
    )
    publish_article(made, by=editor, at=at)
    Article.objects.filter(pk=made.pk).update(body="<p>Half a thought</p>")
    made.refresh_from_db()
    return made


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def page(desk: Browser, name: str, article: Article, number: int | None = None) -> str:
    numbers = [] if number is None else [number]
    return words(desk.get(reverse(f"admin:content_article_{name}", args=[article.pk, *numbers])))


def test_the_list_says_who_published_what_when_and_what_is_not_published(desk: Browser, article: Article) -> None:
    shown = page(desk, "revisions", article)

    assert "Revision 2" in shown
    assert "Revision 1" in shown
    assert shown.count("readers see this one") == 1
    assert "<ins>Half a thought</ins>" in shown
    assert reverse("admin:content_article_revisions", args=[article.pk]) in words(desk.get(change(article)))


def test_an_article_without_a_revision_says_so(desk: Browser) -> None:
    assert "Nothing was published yet" in page(desk, "revisions", factories.article(published=False))


def test_a_revision_says_what_it_changed(desk: Browser, article: Article) -> None:
    first, second = page(desk, "revision", article, 1), page(desk, "revision", article, 2)

    assert "<ins>Why is rest hard?</ins>" in first
    assert "Rest<del> is</del><ins> was</ins> hard." in second
    assert "1 paragraph unchanged" in second
    assert "<del>Why is</del><ins>Is</ins> rest hard?" in second
    assert desk.get(reverse("admin:content_article_revision", args=[article.pk, 3])).status_code == 404


def test_going_back_is_shown_first_and_readers_see_it_when_it_is_published(
    desk: Browser, article: Article, visitor: Browser
) -> None:
    address = reverse("admin:content_article_restore", args=[article.pk, 1])
    before = words(desk.get(address))
    assert "Changes that were not published are lost" in before
    assert "<del>Half a thought</del>" in before

    desk.post(address)

    article.refresh_from_db()
    assert (article.title, article.body) == ("Why is rest hard?", "<p>Rest is hard.</p>\n<p>It begins small.</p>")
    assert "Is rest hard?" in words(visitor.get(article.get_absolute_url()))
    assert "You have changes that are not published" in words(desk.get(change(article)))
    assert AuditEvent.objects.filter(action=Action.ARTICLE_RESTORED, subject_id=article.pk).exists()
    desk.post(change(article), filled(article, _publish="1"))
    assert "Rest is hard." in words(visitor.get(article.get_absolute_url() + "?later"))


def test_author_and_cover_come_back_too_if_they_are_known(editor: User, at: datetime) -> None:
    cover, was = stored_picture(), factories.author(name="Maya Ellison", credentials="MSW")
    made = factories.article(byline=was, cover=cover)
    Article.objects.filter(pk=made.pk).update(byline=factories.author(name="Maya Ellison"), cover=None)

    restore_revision(made, made.revisions.get(), by=editor, at=at)
    made.refresh_from_db()
    assert (made.byline, made.cover) == (was, cover)
    Author.objects.filter(pk=was.pk).update(credentials="PhD")
    restore_revision(made, made.revisions.get(), by=editor, at=at)

    made.refresh_from_db()
    assert made.byline == was


def test_whoever_may_not_publish_and_goes_back_sends_what_was_scheduled_to_review(
    article: Article,
    editor: User,
    clinician: User,
    looked_at_first: None,  # noqa: F811
) -> None:
    now = datetime.now(UTC)
    schedule_article(article, publish_at=now + timedelta(days=1), by=editor, at=now)

    restore_revision(article, article.revisions.get(number=1), by=clinician, at=now)

    article.refresh_from_db()
    assert article.step == Step.IN_REVIEW


def test_markup_in_a_revision_stays_words(desk: Browser, editor: User) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    made = factories.article(title=evil[:160], body=f"<p>{evil.replace('<', '&lt;')}</p>")

    for shown in (page(desk, "revisions", made), page(desk, "revision", made, 1), page(desk, "restore", made, 1)):
        assert "<img src=x" not in shown


def test_queries_do_not_grow_with_revisions(
    desk: Browser, article: Article, editor: User, queries_of: Callable[[Callable[[], Any]], int], at: datetime
) -> None:
    one = queries_of(lambda: page(desk, "revisions", article))
    for _ in range(10):
        publish_article(article, by=editor, at=at)
    Article.objects.filter(pk=article.pk).update(body="<p>Another thought</p>")

    assert queries_of(lambda: page(desk, "revisions", article)) == one
