"""The public site: home, articles, pictures. What it shows is what was published, never what is being written."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from content.article_page import article_context
from content.browsing import page_of, public
from content.models import Article, Picture, Topic
from content.models.articles import ArticleQuerySet
from content.models.pictures import FALLBACK_WIDTH
from content.moved import moved_from_number
from content.services.pictures import file_of
from practices.files import answer_with_file
from practices.pictures import Format
from practices.tenancy import current_clinic

# One large, and two rows of three.
ON_HOME = 7
A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The clinic's name and what is new; or where an article is that had a number on the site before."""
    if elsewhere := moved_from_number(request):
        return elsewhere
    context = {
        "title": "Welcome",
        "description": "Articles by the people who work here and their guests. Clients sign in to find what they were given to do.",
        "articles": Article.objects.visible_to(request.user).newest_first()[:ON_HOME],
        "topics": Topic.objects.with_articles_for(request.user),
    }
    return public(request, "home.html", reverse("home"), context)


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Everything to read, newest first."""
    context = {
        "title": "Articles",
        "description": f"Everything to read at {current_clinic().name}, the newest first.",
        "page": page_of(request, Article.objects.visible_to(request.user).newest_first()),
        "topics": Topic.objects.with_articles_for(request.user),
    }
    return public(request, "articles.html", reverse("articles"), context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One article, as it was published last. Clinicians also find the way to give it to a client."""
    readable = Article.objects.visible_to(request.user)
    found = readable.with_revision().select_related("series").filter(slug=slug).first()
    if found is None:
        return moved_or_gone(request, readable, slug)
    context = article_context(found, readable=readable, user=request.user, at=timezone.now())
    return public(request, "article.html", found.get_absolute_url(), context)


def moved_or_gone(request: HttpRequest, readable: ArticleQuerySet, slug: str) -> HttpResponseBase:
    """Where the article is now; 410 for one that everybody could read until it was withdrawn; else 404."""
    moved = readable.filter(former_addresses__slug=slug).first()
    if moved is not None:
        return redirect(moved, permanent=True)
    if Article.objects.gone_from(slug).exists():
        return render(request, "content/gone.html", {"title": "This article is no longer here"}, status=410)
    raise Http404


@require_safe
def picture(request: HttpRequest, pk: UUID, width: int = FALLBACK_WIDTH) -> HttpResponse:
    """Where texts, and pages from before there were editions, say that a picture is: leads on to the file of now."""
    found, _ = picture_for(request.user, pk)
    return redirect(found.file_url(found.widest_up_to(width), Format.JPEG))


@require_safe
def picture_file(request: HttpRequest, pk: UUID, edition: int, width: int, format: str) -> HttpResponseBase:
    """One file of a picture. From an edition that was replaced it leads on to the file that took its place."""
    found, is_public = picture_for(request.user, pk)
    if format not in tuple(Format) or edition > found.edition:
        raise Http404
    if edition < found.edition:
        return redirect(found.file_url(found.widest_up_to(width), Format(format)))
    if width not in found.widths:
        raise Http404
    etag, since = f'"{edition}-{width}-{format}"', int(found.added_at.timestamp())
    response = get_conditional_response(request, etag, since) or file_response(found, width, Format(format))
    response["ETag"], response["Last-Modified"] = etag, http_date(since)
    if is_public:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


def file_response(found: Picture, width: int, format: Format) -> HttpResponseBase:
    try:
        path = file_of(found, width=width, format=format)
        return answer_with_file(path, media_type=format.media_type, name=f"{found.pk}-{width}.{format}")
    except FileNotFoundError:
        raise Http404 from None


def picture_for(user: object, pk: UUID) -> tuple[Picture, bool]:
    """The picture, and whether everybody may see it: if it stands on a public page. Else whoever may see where it stands."""
    found = Picture.objects.on_public_pages().filter(pk=pk).first()
    if found:
        return found, True
    return get_object_or_404(Picture.objects.visible_to(user), pk=pk), False
