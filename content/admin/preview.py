"""What is being written as it would look: to a visitor, on a phone, on paper; the floor above adds how a client meets it.

A preview is a page of ours in a frame of ours. It runs no script and sends no form, wherever it is opened.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from content.admin.article_pages import article_page
from content.article_page import article_context
from content.body import practices_of, prompts_of
from content.models import Article, ArticleRevision
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import clinic_origin, current_clinic

LOOKS = {
    "public": "As a visitor reads it",
    "phone": "On a phone",
    "print": "On paper",
    "portal": "As a client’s exercise",
}


def framed(view: Any) -> Any:
    """For a page that one of our own may show in a frame, and that does nothing there."""
    inert = csp_replace({"frame-ancestors": [SELF], "sandbox": ["allow-same-origin"]})
    return xframe_options_sameorigin(inert(view))


def framing(view: Any) -> Any:
    """For a page with a frame of ours in it."""
    return csp_update({"frame-src": [SELF]})(view)


def as_it_would_be(article: Article, *, at: datetime) -> Article:
    """The article with a revision, never saved, of what is being written."""
    article.current = ArticleRevision(
        article=article,
        number=0,
        title=article.title,
        byline=article.byline.byline,
        excerpt=article.excerpt,
        cover=article.cover,
        body=article.body,
        published_at=at,
    )
    article.first_published_at = article.first_published_at or at
    return article


def written(pk: UUID) -> Article:
    return get_object_or_404(Article.objects.select_related("byline__photo", "cover", "posted_by", "series"), pk=pk)


@require_safe
@allowed(Act.WRITE_ARTICLES)
@framing
def preview_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """One look at a time, in a frame of its width."""
    article = written(pk)
    look = request.GET.get("look") if request.GET.get("look") in LOOKS else "public"
    is_exercise = bool(prompts_of(article.body) or practices_of(article.body))
    shown = reverse("admin:article_in_portal", args=[pk]) if look == "portal" else frame_address(pk, str(look))
    context = {"looks": LOOKS.items(), "look": look, "is_exercise": is_exercise, "shown": shown}
    return article_page(request, "preview.html", "Preview", article, context)


def frame_address(pk: UUID, look: str) -> str:
    return reverse("admin:content_article_frame", args=[pk]) + ("?look=print" if look == "print" else "")


@require_safe
@allowed(Act.WRITE_ARTICLES)
@framed
def frame(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page itself, as somebody would see it who has not signed in."""
    at = timezone.now()
    article = as_it_would_be(written(pk), at=at)
    origin = clinic_origin(current_clinic())
    address = {"origin": origin, "canonical": origin + article.get_absolute_url()}
    context = article_context(article, readable=Article.objects.public(), user=AnonymousUser(), at=at)
    look = "print" if request.GET.get("look") == "print" else "public"
    return render(request, f"admin/content/article/preview_{look}.html", address | context)
