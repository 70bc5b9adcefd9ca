"""From draft to reader: sent for review, sent back, scheduled. Each locks the article, so of two at once the first counts."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Min
from django.urls import reverse

from content.models import Article, ArticleRevision, Author
from content.services.articles import ArticleNotReadyError, Guest, NewCover, check_ready, keep_draft, publish_article
from content.services.editors import editors
from content.workflow import RULES, Move, Step, after
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.wakeups import wake

PUBLISH_TASK = "content.tasks.publish_scheduled"


class PastError(ValueError):
    """The moment at which it was to appear has passed."""


@transaction.atomic
def submit_article(article: Article, *, by: User, at: datetime) -> None:
    """Whoever publishes here is asked to read it. Raises ArticleNotReadyError, StepError."""
    locked = Article.objects.select_for_update(of=("self",)).select_related("cover").get(pk=article.pk)
    check_ready(body=locked.body, cover=locked.cover)
    move(locked, Move.SUBMIT, by=by, at=at, note="")
    record(Action.ARTICLE_SUBMITTED, subject=article, by=by, at=at)
    tell(editors(), article, but=by, at=at)


@transaction.atomic
def take_back_article(article: Article, *, by: User, at: datetime) -> None:
    """It is written on before anybody reads it, or before it appears; by whoever may do the one or the other.

    Raises StepError.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    move(locked, Move.UNSCHEDULE if locked.step == Step.SCHEDULED else Move.TAKE_BACK, by=by, at=at)
    record(Action.ARTICLE_TAKEN_BACK, subject=article, by=by, at=at)


@transaction.atomic
def send_back_article(article: Article, *, note: str, by: User, at: datetime) -> None:
    """Its writer finds the note above the article, and is told that there is one. Raises StepError."""
    locked = Article.objects.select_for_update(of=("self",)).select_related("step_by").get(pk=article.pk)
    writer = locked.step_by
    move(locked, Move.SEND_BACK, by=by, at=at, note=note)
    record(Action.ARTICLE_SENT_BACK, subject=article, by=by, at=at)
    tell([writer] if writer and writer.is_active else [], article, but=by, at=at)


@transaction.atomic
def schedule_article(article: Article, *, publish_at: datetime, by: User | None, at: datetime) -> None:
    """It appears by itself at that moment, as it is saved then. Raises PastError, ArticleNotReadyError, StepError."""
    if publish_at <= at:
        raise PastError("This moment has passed. Choose a later one, or publish it now.")
    locked = Article.objects.select_for_update(of=("self",)).select_related("cover").get(pk=article.pk)
    check_ready(body=locked.body, cover=locked.cover)
    move(locked, Move.SCHEDULE, by=by, at=at, publish_at=publish_at, note="")
    record(Action.ARTICLE_SCHEDULED, subject=article, by=by, at=at)
    wake(current_clinic().pk, PUBLISH_TASK, due_at=publish_at)


@transaction.atomic
def save_article(
    article: Article, *, by: User, at: datetime, guest: Guest | None = None, cover: NewCover | None = None
) -> None:
    """Keep what is being written. What was scheduled and is changed by somebody who may not publish is looked at again."""
    keep_draft(article, by=by, at=at, guest=guest, cover=cover)
    if article.step == Step.SCHEDULED and not by.may(RULES[Move.SCHEDULE].act):
        move(Article.objects.select_for_update().get(pk=article.pk), Move.LOOK_AGAIN, by=by, at=at)
        record(Action.ARTICLE_SUBMITTED, subject=article, by=by, at=at)
        tell(editors(), article, but=by, at=at)


@transaction.atomic
def restore_revision(article: Article, revision: ArticleRevision, *, by: User, at: datetime) -> None:
    """What is being written is as that revision was; readers see it when it is published. Its author is whoever is called so."""
    locked = Article.objects.select_for_update(of=("self",)).select_related("byline").get(pk=article.pk)
    for field in ("title", "excerpt", "cover", "body"):
        setattr(locked, field, getattr(revision, field))
    if locked.byline.byline != revision.byline:
        namesakes = Author.objects.filter(name=revision.author_name).order_by("pk")
        locked.byline = next((one for one in namesakes if one.byline == revision.byline), locked.byline)
    save_article(locked, by=by, at=at)
    record(Action.ARTICLE_RESTORED, subject=article, by=by, at=at)


def move(locked: Article, what: Move, *, by: User | None, at: datetime, **fields: object) -> None:
    """Take the step that the table allows; nobody is whoever runs the server. Raises StepError, PermissionDenied."""
    step = after(what, locked.step)
    if by is not None and not by.may(RULES[what].act):
        raise PermissionDenied
    fields = {"publish_at": None} | fields
    Article.objects.filter(pk=locked.pk).update(step=step, step_by=by, step_at=at, changed_at=at, **fields)


def tell(people: list[User], article: Article, *, but: User | None, at: datetime) -> None:
    """A neutral note with a link to the article."""
    for person in people:
        if person != but:
            path = reverse("admin:content_article_change", args=[article.pk])
            queue_mail(MailKind.DESK_NOTE, to=person.email, path=path, at=at)


def publish_scheduled(*, at: datetime) -> int:
    """Whatever was to appear by now appears; how many articles that were.

    Each is claimed by its lock, so two workers publish it once. One that is no longer ready goes back to whoever scheduled it.
    """
    return sum(publish_one(article, at=at) for article in Article.objects.to_appear(at))


@transaction.atomic
def publish_one(article: Article, *, at: datetime) -> bool:
    found = Article.objects.to_appear(at).select_for_update(of=("self",)).select_related("step_by")
    locked = found.filter(pk=article.pk).first()
    if locked is None:
        return False
    try:
        with transaction.atomic():
            publish_article(locked, by=locked.step_by, at=at)
    except ArticleNotReadyError as error:
        step = after(Move.UNSCHEDULE, locked.step)
        note = f"It could not appear when it was to. {error}"
        Article.objects.filter(pk=locked.pk).update(step=step, publish_at=None, step_by=None, changed_at=at, note=note)
        tell([locked.step_by] if locked.step_by else editors(), locked, but=None, at=at)
        return False
    return True


def next_to_appear() -> datetime | None:
    moment: datetime | None = Article.objects.filter(step=Step.SCHEDULED).aggregate(next=Min("publish_at"))["next"]
    return moment
