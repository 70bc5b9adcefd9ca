"""Ways through the site: by topic, series, author and month; who works here, and how to reach us."""

from datetime import datetime
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.views.decorators.http import require_safe

from content.models import Article, Author, Series, Topic
from content.pages import public_page
from practices.tenancy import clinic_origin, current_clinic

ON_A_PAGE = 12


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> "Page[Any]":
    """The page of the list that is asked for; 404 for one that isn't there."""
    try:
        return Paginator(rows, ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


def public(request: HttpRequest, template: str, path: str, context: dict[str, Any]) -> HttpResponse:
    """A page that is the same for all visitors. `path` is its one address; later pages of a list have their own."""
    origin = clinic_origin(current_clinic())
    page = context.get("page")
    later = f"?page={page.number}" if page is not None and page.has_previous() else ""
    frame = {"origin": origin, "canonical": origin + path + later}
    return public_page(render(request, f"content/{template}", frame | context))


def shelf(
    request: HttpRequest,
    path: str,
    *,
    title: str,
    description: str,
    page: "Page[Any]",
    lede: str = "",
    feed: str = "",
    in_order: bool = False,
    in_archive: bool = False,
) -> HttpResponse:
    """A list of articles under one heading."""
    context = {
        **{"title": title, "description": description, "page": page, "lede": lede, "feed": feed},
        **{"in_order": in_order, "in_archive": in_archive},
    }
    return public(request, "shelf.html", path, context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything on one topic, newest first."""
    found = get_object_or_404(Topic, slug=slug)
    page = page_of(request, Article.objects.visible_to(request.user).filter(topics=found).newest_first())
    return shelf(
        request,
        found.get_absolute_url(),
        title=found.name,
        description=found.description or f"Articles on “{found.name}” at {current_clinic().name}.",
        lede=found.description,
        feed=reverse("topic_atom", args=[slug]),
        page=page,
    )


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """All parts of a series, the first one first."""
    found = get_object_or_404(Series, slug=slug)
    page = page_of(request, Article.objects.visible_to(request.user).filter(series=found).in_order())
    return shelf(
        request,
        found.get_absolute_url(),
        title=found.title,
        description=found.description or f"A series of articles at {current_clinic().name}, to be read in order.",
        lede=found.description or "A series, to be read in order.",
        page=page,
        in_order=True,
    )


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Who an author is, and what they have written."""
    found = get_object_or_404(Author.objects.with_a_page(request.user).select_related("photo"), slug=slug)
    page = page_of(request, Article.objects.visible_to(request.user).filter(byline=found).newest_first())
    context = {
        "title": found.byline,
        "description": found.bio or f"Articles by {found.byline} at {current_clinic().name}.",
        "author": found,
        "page": page,
    }
    return public(request, "author.html", found.get_absolute_url(), context)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """How many articles each month has, the newest year on top."""
    zone = current_clinic().zone
    months = (
        Article.objects.visible_to(request.user)
        .values(
            year=ExtractYear("first_published_at", tzinfo=zone), month=ExtractMonth("first_published_at", tzinfo=zone)
        )
        .annotate(count=Count("pk"))
        .order_by("-year", "-month")
    )
    context = {
        "title": "Archive",
        "description": f"Every article of {current_clinic().name}, month by month.",
        "months": [row | {"name": MONTHS[row["month"]]} for row in months],
    }
    return public(request, "archive.html", reverse("archive"), context)


@require_safe
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    """What was published in one year, on the clinic's calendar."""
    return published_between(request, *bounds(year), name=str(year), path=reverse("archive_year", args=[year]))


@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """What was published in one month, on the clinic's calendar."""
    since, until = bounds(year, month)
    path = reverse("archive_month", args=[year, month])
    return published_between(request, since, until, name=f"{MONTHS[month]} {year}", path=path)


def bounds(year: int, month: int | None = None) -> tuple[datetime, datetime]:
    """The first moment of a year or month, and the first after it; 404 for one that no calendar has."""
    zone = current_clinic().zone
    if not 1990 <= year <= 9998 or (month is not None and not 1 <= month <= 12):
        raise Http404
    if month is None or month == 12:
        return datetime(year, month or 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return datetime(year, month, 1, tzinfo=zone), datetime(year, month + 1, 1, tzinfo=zone)


def published_between(request: HttpRequest, since: datetime, until: datetime, *, name: str, path: str) -> HttpResponse:
    """A list of what was published first in that time; 404 if nothing was."""
    found = Article.objects.visible_to(request.user).filter(first_published_at__gte=since, first_published_at__lt=until)
    page = page_of(request, found.newest_first())
    if not page.object_list:
        raise Http404
    description = f"What {current_clinic().name} published in {name}."
    return shelf(request, path, title=f"Articles of {name}", description=description, page=page, in_archive=True)


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who works here and chose to be shown."""
    context = {
        "title": "Our team",
        "description": f"The people who work at {current_clinic().name}.",
        "people": Author.objects.on_team_page(),
    }
    return public(request, "team.html", reverse("team"), context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the clinic, how soon it answers, and whom to call when that is too late."""
    clinic = current_clinic()
    context = {
        "title": "Contact, and help now",
        "description": f"How to reach {clinic.name}, and whom to call if you need help now.",
    }
    return public(request, "contact.html", reverse("contact"), context)
