"""Pages about one article beside its editor: withdraw it, schedule it, send it back."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.admin.base import moment_in_words
from content.article_forms import ScheduleForm, SendBackForm
from content.models import Article
from content.services.articles import ArticleNotReadyError, withdraw_article
from content.services.workflow import PastError, schedule_article, send_back_article
from content.workflow import StepError
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic


def article_page(
    request: UserRequest,
    template: str,
    title: str,
    article: Article,
    context: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = admin.site.each_context(request) | {"title": title, "subtitle": None, "article": article}
    return render(request, f"admin/content/article/{template}", frame | dict(context or {}), status=status)


def tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """As good a time as any to begin with."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(9), zone)


def back_to(article: Article) -> HttpResponse:
    return redirect("admin:content_article_change", article.pk)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_ARTICLES)
def withdraw_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then take the article off the site."""
    article = get_object_or_404(Article.objects.published(), pk=pk)
    if request.method == "POST":
        withdraw_article(article, by=request.user, at=timezone.now())
        messages.success(request, f"“{article.title}” is withdrawn. Readers don’t see it any more.")
        return back_to(article)
    return article_page(request, "withdraw.html", "Withdraw this article?", article)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_ARTICLES)
def schedule_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """On which day, and at what time by the clinic's clock."""
    article = get_object_or_404(Article, pk=pk)
    zone, now = current_clinic().zone, timezone.now()
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, zone=zone, suggested=article.publish_at or now
    )
    if form.is_valid():
        try:
            schedule_article(article, publish_at=form.moment, by=request.user, at=now)
        except (PastError, ArticleNotReadyError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{article.title}” appears on {moment_in_words(form.moment)}.")
            return back_to(article)
    status = 422 if form.errors else 200
    return article_page(request, "schedule.html", "When should it appear?", article, {"form": form}, status)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_ARTICLES)
def send_back_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """To its writer, with a note that says what to do."""
    article = get_object_or_404(Article.objects.to_be_read().select_related("step_by"), pk=pk)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            send_back_article(article, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
        except StepError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"“{article.title}” is sent back.")
        return back_to(article)
    status = 422 if form.errors else 200
    return article_page(request, "send_back.html", "Send it back", article, {"form": form}, status)
