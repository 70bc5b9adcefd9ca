"""An article that is being written, as a client would meet it in the portal once it is published and given to them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.models import Assignment, Client, Occurrence
from clients.portal.questions import pieces
from clients.portal.work import Work
from content.admin.preview import as_it_would_be, framed, written
from content.body import practices_of, prompts_of, reading_minutes, schema_of
from content.models import Article, Exercise, ExerciseVersion
from practices.accounts.access import UserRequest, allowed
from practices.accounts.models import User
from practices.accounts.permissions import Act

A_WEEK = timedelta(days=7)


@require_safe
@allowed(Act.WRITE_ARTICLES)
@framed
def article_in_portal(request: UserRequest, pk: UUID) -> HttpResponse:
    """Nothing is given to anybody, and what is typed is kept nowhere. 404 for an article that asks nothing."""
    at = timezone.now()
    article = as_it_would_be(written(pk), at=at)
    if not (prompts_of(article.body) or practices_of(article.body)):
        raise Http404
    work = work_on(article, by=request.user, at=at)
    context = {
        "title": article.revision.title,
        "work": work,
        "answers": {},
        "kept": set(),
        "version": 0,
        "errors": [],
        "is_conflict": False,
        "other": [],
        "revision": article.revision,
        "pieces": pieces(work, {}),
    }
    return render(request, "clients/portal/article_preview.html", context)


def work_on(article: Article, *, by: User, at: datetime) -> Work:
    """Rows that are never saved: given today by whoever looks, due in a week."""
    minutes = reading_minutes(article.body) + 2 * len(prompts_of(article.body))
    version = ExerciseVersion(
        exercise=Exercise(title=article.title, kind=Exercise.Kind.ARTICLE),
        schema=schema_of(article.title, article.body, minutes),
        revision=article.current,
    )
    given = Assignment(client=Client(), version=version, assigned_by=by, assigned_at=at, starts_on=at.date())
    occurrence = Occurrence(assignment=given, opens_at=at, due_at=at + A_WEEK)
    return Work(occurrence=occurrence, at=at)
