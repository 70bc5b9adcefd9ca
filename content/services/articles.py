"""Writing and publishing articles. An article with questions or a practice becomes an exercise when it is published."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from PIL.Image import Image

from content.body import figures_in, normalise, practices_of, prompts_of, reading_minutes, schema_of
from content.models import Article, ArticleRevision, Author, Exercise, FormerAddress, Picture
from content.models.searching import configuration_of
from content.pages import forget_pages
from content.services.addresses import save_under_a_free_address
from content.services.exercises import publish_exercise
from content.services.pictures import keep_picture
from content.services.shelves import keep_author
from content.workflow import Move, Step, after
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.tenancy import current_clinic


class ArticleNotReadyError(Exception):
    """Something is missing that a published article must have; the text says what."""


class ChangedMeanwhileError(Exception):
    """Somebody else saved the article since; nothing was written over."""


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
    article.changed_by = by
    if article._state.adding:
        article.posted_by = by
    if article.slug:
        keep_former_address(article)
        article.save()
    else:
        save_under_a_free_address(article, name=article.title)
    # Address and audience are not the revision's: they change at once.
    forget_pages()


def begin_article(*, title: str, excerpt: str, body: str, byline: Author, by: User, at: datetime) -> Article:
    """A new draft with these words, under a free address."""
    article = Article(title=title, excerpt=excerpt, body=body, byline=byline)
    keep_draft(article, by=by, at=at)
    return article


def keep_text(
    article: Article, *, title: str, excerpt: str, body: str, seen: datetime | None, by: User, at: datetime
) -> None:
    """Keep the words as they are being typed. Nothing that readers see depends on them, so their pages stay.

    One conditional UPDATE: raises ChangedMeanwhileError if the article was saved since the state that was `seen`. So does what
    is scheduled, which appears as it is saved, and must not appear in the middle of a sentence.
    """
    as_seen = Article.objects.filter(pk=article.pk, changed_at__in=[seen] if seen else []).exclude(step=Step.SCHEDULED)
    if not as_seen.update(title=title, excerpt=excerpt, body=body, changed_by=by, changed_at=at):
        raise ChangedMeanwhileError


def keep_former_address(article: Article) -> None:
    """If the article moves, links to where it was lead on; an address that is given anew leads to the article that has it."""
    FormerAddress.objects.filter(slug=article.slug).delete()
    before = Article.objects.filter(pk=article.pk).exclude(first_published_at=None).exclude(slug=article.slug).first()
    if before:
        FormerAddress.objects.create(slug=before.slug, article=before)


def author_named(guest: Guest, *, by: User) -> Author:
    """Whoever has this name and these credentials; somebody new if nobody has. Under one's own name it is oneself."""
    known = Author.objects.filter(name=guest.name, credentials=guest.credentials).order_by("pk").first()
    if known:
        return known
    is_oneself = guest.name == by.display_name and not Author.objects.filter(user=by).exists()
    author = Author(name=guest.name, credentials=guest.credentials, user=by if is_oneself else None)
    keep_author(author)
    return author


@transaction.atomic
def publish_article(
    article: Article, *, by: User | None, at: datetime, dated: datetime | None = None
) -> ArticleRevision:
    """Readers see the article as it is now; earlier revisions stay as they were. `dated` is for what appeared elsewhere before.

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
        language=configuration_of(current_clinic().locale),
        published_at=dated or at,
        published_by=by,
    )
    article.body, article.current, article.status = body, revision, Article.Status.PUBLISHED
    article.first_published_at = article.first_published_at or dated or at
    article.step, article.publish_at, article.note = after(Move.PUBLISH, article.step), None, ""
    steps = ("step", "publish_at", "note")
    article.save(update_fields=["body", "current", "status", "first_published_at", "changed_at", *steps])
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
    check_figures(body)


def check_figures(body: str) -> None:
    """Raise ArticleNotReadyError unless each picture in the text is one of ours, and somebody said what it shows.

    The pictures are locked until the transaction ends, so that none is deleted while it is being published.
    """
    figures = figures_in(body)
    named = Picture.objects.filter(pk__in={figure.picture for figure in figures})
    pictures = {picture.pk: picture for picture in named.select_for_update(no_key=True).order_by("pk")}
    for number, figure in enumerate(figures, start=1):
        which = "the picture in the text" if len(figures) == 1 else f"picture {number} in the text"
        picture = pictures.get(figure.picture)
        if picture is None:
            raise ArticleNotReadyError(f"Take {which} out, or choose another one: this one is not here any more.")
        if not (figure.alt or picture.alt):
            raise ArticleNotReadyError(f"Say what {which} shows, for people who can't see it.")


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
def withdraw_article(article: Article, *, by: User | None, at: datetime) -> None:
    """Take the article off the site, and off the schedule; clients who were given it keep it."""
    Article.objects.filter(pk=article.pk).update(
        status=Article.Status.WITHDRAWN, step=Step.WRITING, publish_at=None, changed_at=at
    )
    record(Action.ARTICLE_WITHDRAWN, subject=article, by=by, at=at)
    forget_pages()
