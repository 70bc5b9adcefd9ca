"""Publishing articles. An article with questions or a practice becomes an exercise in the same act."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from content.body import normalise, practices_of, prompts_of, reading_minutes, schema_of
from content.models import Article, ArticleRevision, Exercise
from content.pages import forget_pages
from content.services.exercises import publish_exercise
from practices.accounts.models import User
from practices.audit.models import Action, record


class ArticleNotReadyError(Exception):
    """Something is missing that a published article must have; the text says what."""


@transaction.atomic
def publish_article(article: Article, *, by: User | None, at: datetime) -> ArticleRevision:
    """Readers see the article as it is now; earlier revisions stay as they were.

    The article is locked, so two who publish at once make two revisions. If it has reflection prompts or a weekly practice,
    a new version of its exercise is published with it. Raises ArticleNotReadyError.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    check_ready(article)
    body = normalise(article.body)
    newest = article.revisions.aggregate(newest=Max("number"))["newest"] or 0
    revision = ArticleRevision.objects.create(
        article=article,
        number=newest + 1,
        title=article.title,
        byline=article.byline.byline,
        excerpt=article.excerpt,
        cover=article.cover,
        body=body,
        published_at=at,
        published_by=by,
    )
    article.body, article.current, article.status = body, revision, Article.Status.PUBLISHED
    article.first_published_at = article.first_published_at or at
    article.save(update_fields=["body", "current", "status", "first_published_at", "changed_at"])
    if prompts_of(body) or practices_of(body):
        publish_as_exercise(article, revision, by=by, at=at)
    record(Action.ARTICLE_PUBLISHED, subject=article, by=by, at=at)
    forget_pages()
    return revision


def check_ready(article: Article) -> None:
    if not normalise(article.body).strip():
        raise ArticleNotReadyError("Write something first: the article is empty.")
    if article.cover and not article.cover.alt:
        raise ArticleNotReadyError("Say what the cover shows, for people who can't see it.")


def publish_as_exercise(article: Article, revision: ArticleRevision, *, by: User | None, at: datetime) -> None:
    """Questions and practice as a version of the exercise that is linked to the article; it is made when first needed."""
    exercise, _ = Exercise.objects.update_or_create(
        article=article,
        defaults={"title": article.title, "summary": article.excerpt},
        create_defaults={
            "title": article.title,
            "summary": article.excerpt,
            "slug": free_exercise_slug(article.slug),
            "kind": Exercise.Kind.ARTICLE,
        },
    )
    minutes = reading_minutes(revision.body) + 2 * len(prompts_of(revision.body))
    publish_exercise(exercise, schema=schema_of(article.title, revision.body, minutes), by=by, at=at, revision=revision)


def free_exercise_slug(slug: str) -> str:
    return slug if not Exercise.objects.filter(slug=slug).exists() else f"{slug[:70]}-article"


@transaction.atomic
def withdraw_article(article: Article, *, by: User, at: datetime) -> None:
    """Take the article off the site; clients who were given it keep it."""
    Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN)
    record(Action.ARTICLE_WITHDRAWN, subject=article, by=by, at=at)
    forget_pages()


def free_article_slug(title: str) -> str:
    """An address for a new article: its title, with a number if that is taken."""
    base = slugify(title)[:70] or "article"
    taken = set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
