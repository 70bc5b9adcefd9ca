"""Writing and publishing articles. An article with questions or a practice becomes an exercise when it is published."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from PIL.Image import Image

from content.body import normalise, practices_of, prompts_of, reading_minutes, schema_of
from content.models import Article, ArticleRevision, Author, Exercise, Picture
from content.pages import forget_pages
from content.services.exercises import publish_exercise
from content.services.pictures import keep_picture
from practices.accounts.models import User
from practices.audit.models import Action, record

# How many may save a new article of the same title in the same moment.
MOST_AT_ONCE = 20


class ArticleNotReadyError(Exception):
    """Something is missing that a published article must have; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody to be named in a byline."""

    name: str
    credentials: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCover:
    """A picture that comes with the article."""

    image: Image
    alt: str
    credit: str


@transaction.atomic
def keep_draft(
    article: Article, *, by: User, at: datetime, guest: Guest | None = None, cover: NewCover | None = None
) -> None:
    """Keep the article as it is being written; readers go on seeing what was published.

    A guest becomes its author and a new cover its cover. Without an address it gets one made from the title.
    """
    if guest:
        article.byline = author_named(guest, by=by)
    if cover:
        article.cover = keep_picture(cover.image, alt=cover.alt, credit=cover.credit, at=at)
    if article._state.adding:
        article.posted_by = by
    if article.slug:
        article.save()
    else:
        save_under_a_free_address(article)
    # Address and audience are not the revision's: they change at once.
    forget_pages()


def save_under_a_free_address(article: Article) -> None:
    """Of several who save the same title at once, each takes the next address."""
    for is_last in [*[False] * MOST_AT_ONCE, True]:
        article.slug = free_article_slug(article.title)
        try:
            with transaction.atomic():
                article.save()
        except IntegrityError:
            if is_last:
                raise
        else:
            return


def author_named(guest: Guest, *, by: User) -> Author:
    """Whoever has this name and these credentials; somebody new if nobody has. Under one's own name it is oneself."""
    known = Author.objects.filter(name=guest.name, credentials=guest.credentials).order_by("pk").first()
    if known:
        return known
    is_oneself = guest.name == by.display_name and not Author.objects.filter(user=by).exists()
    return Author.objects.create(name=guest.name, credentials=guest.credentials, user=by if is_oneself else None)


@transaction.atomic
def publish_article(article: Article, *, by: User | None, at: datetime) -> ArticleRevision:
    """Readers see the article as it is now; earlier revisions stay as they were.

    The article is locked, so two who publish at once make two revisions. If it has reflection prompts or a weekly practice,
    a new version of its exercise is published with it. Raises ArticleNotReadyError.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    body = normalise(article.body)
    check_ready(body=body, cover=article.cover)
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


def check_ready(*, body: str, cover: Picture | None) -> None:
    """Raise ArticleNotReadyError unless this can be shown to readers; the body is in its one form."""
    if not body.strip():
        raise ArticleNotReadyError("Write something first: the article is empty.")
    if cover and not cover.alt:
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
    Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN, changed_at=at)
    record(Action.ARTICLE_WITHDRAWN, subject=article, by=by, at=at)
    forget_pages()


def free_article_slug(title: str) -> str:
    """An address for a new article: its title, with a number if that is taken."""
    base = slugify(title)[:70] or "article"
    taken = set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
