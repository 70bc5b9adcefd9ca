"""Search: published words in the clinic's language, and near misses when nothing fits."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from content.browsing import page_of
from content.models import Article, Topic
from content.models.articles import MARK_END, MARK_START
from practices.tenancy import clinic_origin, current_clinic

# Longer questions are cut; nobody looks for a page of text.
LONGEST = 120
NEAR_MISSES = 5
_MARKED = re.compile(f"{MARK_START}([^{MARK_START}{MARK_END}]*){MARK_END}")


def marked(passage: str) -> SafeString:
    """A passage of a body with what was searched for marked. Entities stand in it as they do in the body: escaped."""
    text = re.sub(r"&amp;(lt|gt|amp|quot|nbsp|#\d+);", r"&\1;", escape(passage))
    html = _MARKED.sub(r"<mark>\1</mark>", text).replace(MARK_START, "").replace(MARK_END, "")
    return mark_safe(html)  # noqa: S308 - escaped first, then marked


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What this reader may read and holds the words. What people look for here is private, so it is kept nowhere."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    readable = Article.objects.visible_to(request.user)
    page = page_of(request, readable.found_by(words, locale=current_clinic().locale)) if words else None
    context = {
        "title": f"Search for “{words}”" if words else "Search",
        "canonical": clinic_origin(current_clinic()) + reverse("search"),
        "words": words,
        "page": page,
        "results": [(article, marked(article.passage)) for article in page or ()],
        "near_misses": readable.sounding_like(words)[:NEAR_MISSES] if page is not None and not page.object_list else (),
        "topics": () if page and page.object_list else Topic.objects.with_articles_for(request.user),
    }
    response = render(request, "content/search.html", context)
    patch_cache_control(response, no_store=True, private=True)
    return response
