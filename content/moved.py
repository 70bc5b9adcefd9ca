"""Addresses of the site that was here before: links that others keep lead on to where an article is now."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from content.models import Article, FormerPath, Topic
from content.models.articles import path_of_number, plain_path
from practices.views import not_found

# As WordPress names a post by its number: /?p=12, of a page /?page_id=12.
NUMBERS = ("p", "page_id")
_FEED = re.compile(r"/(?:.{0,200}/)?feed(?:/rss2?|/atom)?")
_SHELF = re.compile(r"/(?:category|tag)/(?:[^/]{1,80}/){0,3}([-\w]{1,60})")


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """What the site answers where it has nothing: where that is now, or 404."""
    has_no_page = request.resolver_match is None and request.method in ("GET", "HEAD")
    return (moved_from_path(request) if has_no_page else None) or not_found(request, exception)


def moved_from_number(request: HttpRequest) -> HttpResponseBase | None:
    """From the number that an article had there, which stands in the query of the home page."""
    number = next((request.GET[name] for name in NUMBERS if name in request.GET), "")
    is_number = number.isascii() and number.isdigit() and len(number) < 20
    return moved(request.user, path_of_number(number)) if is_number else None


def moved_from_path(request: HttpRequest) -> HttpResponseBase | None:
    path = plain_path(request.path)
    if _FEED.fullmatch(path):
        return redirect("rss", permanent=True)
    shelf = _SHELF.fullmatch(path)
    topic = Topic.objects.filter(slug=shelf[1]).first() if shelf else None
    return redirect(topic, permanent=True) if topic else moved(request.user, path)


def moved(user: Any, path: str) -> HttpResponseBase | None:
    """To the article, if this reader may read it, or it says itself that it is gone."""
    known = FormerPath.objects.filter(path=path).select_related("article").first()
    if known is None:
        return None
    article = known.article
    is_there = Article.objects.visible_to(user).filter(pk=article.pk).exists()
    if is_there or Article.objects.gone_from(article.slug).exists():
        return redirect(article, permanent=True)
    return None
