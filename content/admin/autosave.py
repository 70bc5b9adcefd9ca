"""Saving an article while it is being written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from content.article_forms import AutosaveForm
from content.forms import CHANGED_MEANWHILE
from content.models import Article, Author
from content.services.articles import ChangedMeanwhileError, Guest, author_named, begin_article, keep_text
from practices.accounts.access import UserRequest, allowed
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.json_gate import JSONRefusedError, json_body
from practices.tenancy import current_clinic


@require_POST
@allowed(Act.WRITE_ARTICLES)
def autosave(request: UserRequest, pk: UUID | None = None) -> HttpResponse:
    """POST {"title", "excerpt", "body", "byline", "seen"}, all text; without an id it begins an article.

    200 {"seen", "saved"}, and of a new one {"address", "autosave", "byline": {"id", "name"}}; 409 {"message"} if somebody else
    saved it meanwhile, or it is scheduled; 422, 400 and 413 {"message"} for what can't be taken. Readers see nothing of it.
    """
    article = get_object_or_404(Article, pk=pk) if pk else None
    try:
        form = AutosaveForm(text_only(json_body(request)))
    except JSONRefusedError as refused:
        return JsonResponse({"message": refused.message}, status=refused.status)
    if not form.is_valid():
        return JsonResponse(
            {"message": " ".join(str(said) for errors in form.errors.values() for said in errors)}, status=422
        )
    if article is None:
        return JsonResponse(begun(form, by=request.user))
    return kept(article, form, by=request.user)


def text_only(sent: dict[str, Any]) -> dict[str, str]:
    """Raises JSONRefusedError."""
    if not all(isinstance(value, str) for value in sent.values()):
        raise JSONRefusedError("Send each field as text.")
    return sent


def saved_in_words(moment: datetime) -> str:
    return f"Saved {moment.astimezone(current_clinic().zone):%H:%M}. Readers see it when you publish."


def kept(article: Article, form: AutosaveForm, *, by: User) -> JsonResponse:
    now = timezone.now()
    try:
        keep_text(article, **form.text, seen=form.cleaned_data["seen"], by=by, at=now)
    except ChangedMeanwhileError:
        return JsonResponse({"message": CHANGED_MEANWHILE}, status=409)
    return JsonResponse({"seen": now.isoformat(), "saved": saved_in_words(now)})


def begun(form: AutosaveForm, *, by: User) -> dict[str, Any]:
    """By whom it is said to be, else by whoever writes it down."""
    now = timezone.now()
    chosen: Author | None = form.cleaned_data["byline"]
    byline = chosen or author_named(Guest(name=by.display_name, credentials=by.credentials), by=by)
    article = begin_article(**form.text, byline=byline, by=by, at=now)
    return {
        "seen": article.changed_at.isoformat(),
        "saved": saved_in_words(now),
        "address": reverse("admin:content_article_change", args=[article.pk]),
        "autosave": reverse("admin:content_article_autosave", args=[article.pk]),
        "byline": {"id": str(byline.pk), "name": byline.byline},
    }
