"""The public site: home, articles, pictures. What it shows is what was published, never what is being written."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from content.browsing import page_of, public
from content.commenting import commenting_on
from content.figures import blocks_of
from content.linked_data import as_json, breadcrumbs
from content.models import Article, Exercise, Picture, Topic
from content.models.articles import ArticleQuerySet
from content.models.pictures import FALLBACK_WIDTH
from content.moved import moved_from_number
from content.services.pictures import file_of
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.pictures import Format
from practices.tenancy import clinic_origin, current_clinic

# One large, and two rows of three.
ON_HOME = 7
READ_NEXT = 3
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
    topics = list(found.topics.order_by("name"))
    context = {
        "title": found.revision.title,
        "description": found.revision.summary,
        "article": found,
        "revision": found.revision,
        "blocks": blocks_of(found.revision.body),
        "topics": topics,
        "parts": readable.filter(series=found.series_id).in_order() if found.series_id else (),
        "read_next": readable.to_read_after(found)[:READ_NEXT],
        "may_assign": may_assign(request, found),
        "commenting": commenting_on(found, user=request.user, at=timezone.now()),
        "about": about_article(found, topics),
    }
    return public(request, "article.html", found.get_absolute_url(), context)


def moved_or_gone(request: HttpRequest, readable: ArticleQuerySet, slug: str) -> HttpResponseBase:
    """Where the article is now; 410 for one that everybody could read until it was withdrawn; else 404."""
    moved = readable.filter(former_addresses__slug=slug).first()
    if moved is not None:
        return redirect(moved, permanent=True)
    if Article.objects.gone_from(slug).exists():
        return render(request, "content/gone.html", {"title": "This article is no longer here"}, status=410)
    raise Http404


def about_article(article: Article, topics: list[Topic]) -> SafeString:
    """The article and where it stands, in schema.org's terms."""
    clinic = current_clinic()
    origin = clinic_origin(clinic)
    address, revision = origin + article.get_absolute_url(), article.revision
    publisher = {"@type": "Organization", "name": clinic.name, "url": origin + reverse("home")}
    about = {
        "@type": "Article",
        "headline": revision.title,
        "description": revision.summary,
        "author": author_as_data(article, origin),
        "publisher": publisher,
        "datePublished": in_zone(article.first_published_at),
        "dateModified": in_zone(revision.published_at),
        "mainEntityOfPage": address,
        "inLanguage": clinic.locale,
        "keywords": [topic.name for topic in topics],
        **({"image": [origin + revision.cover.shared_url]} if revision.cover else {}),
    }
    steps = [("Home", origin + reverse("home")), ("Articles", origin + reverse("articles"))]
    steps += [(topic.name, origin + topic.get_absolute_url()) for topic in topics[:1]]
    return as_json({"@graph": [about, breadcrumbs(*steps, (revision.title, address))]})


def author_as_data(article: Article, origin: str) -> dict[str, str]:
    """The byline as published; with the author's page, unless it has become somebody else's since."""
    data = {"@type": "Person", "name": article.revision.author_name}
    return data | ({"url": origin + article.author_url} if article.author_url else {})


def in_zone(moment: datetime | None) -> str:
    assert moment is not None
    return localtime(moment).isoformat()


def may_assign(request: HttpRequest, article: Article) -> bool:
    """Never true of a visitor, so the page that is kept is the same for all of them."""
    user = request.user
    if not isinstance(user, User) or not user.may(Act.ASSIGN_WORK):
        return False
    return Exercise.objects.assignable().filter(article=article).exists()


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
        file = file_of(found, width=width, format=format)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type=format.media_type, filename=f"{found.pk}-{width}.{format}")


def picture_for(user: object, pk: UUID) -> tuple[Picture, bool]:
    """The picture, and whether everybody may see it: if it stands on a public page. Else whoever may see where it stands."""
    found = Picture.objects.on_public_pages().filter(pk=pk).first()
    if found:
        return found, True
    return get_object_or_404(Picture.objects.visible_to(user), pk=pk), False
