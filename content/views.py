"""The public site: home, articles, pictures. What it shows is what was published, never what is being written."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import InvalidPage, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from content.commenting import commenting_on
from content.models import Article, Exercise, Picture
from content.pages import public_page
from content.services.pictures import path_of
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.tenancy import clinic_origin, current_clinic

ON_HOME = 6
ON_A_PAGE = 12
A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The clinic's name and what is new."""
    context = {
        "title": "Welcome",
        "description": "Articles by the people who work here and their guests. Clients sign in to find what they were given to do.",
        "canonical": clinic_origin(current_clinic()) + reverse("home"),
        "articles": Article.objects.visible_to(request.user).newest_first()[:ON_HOME],
    }
    return public_page(render(request, "content/home.html", context))


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Everything to read, newest first."""
    paginator = Paginator(Article.objects.visible_to(request.user).newest_first(), ON_A_PAGE)
    try:
        page = paginator.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None
    context = {
        "title": "Articles",
        "description": f"Everything to read at {current_clinic().name}, the newest first.",
        "canonical": clinic_origin(current_clinic())
        + reverse("articles")
        + (f"?page={page.number}" if page.has_previous() else ""),
        "page": page,
    }
    return public_page(render(request, "content/articles.html", context))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, as it was published last. Clinicians also find the way to give it to a client."""
    found = get_object_or_404(Article.objects.visible_to(request.user).with_revision(), slug=slug)
    origin = clinic_origin(current_clinic())
    context = {
        "title": found.revision.title,
        "description": found.revision.summary,
        "canonical": origin + found.get_absolute_url(),
        "origin": origin,
        "article": found,
        "revision": found.revision,
        "may_assign": may_assign(request, found),
        "commenting": commenting_on(found, user=request.user, at=timezone.now()),
    }
    return public_page(render(request, "content/article.html", context))


def may_assign(request: HttpRequest, article: Article) -> bool:
    """Never true of a visitor, so the page that is kept is the same for all of them."""
    user = request.user
    if not isinstance(user, User) or not user.may(Act.ASSIGN_WORK):
        return False
    return Exercise.objects.assignable().filter(article=article).exists()


@require_safe
def picture(request: HttpRequest, pk: UUID, width: int) -> HttpResponseBase:
    """A picture at one width: to anybody if it stands on a public page, else to those who may see where it stands."""
    found = Picture.objects.on_public_pages().filter(pk=pk).first()
    is_public = found is not None
    if found is None:
        found = get_object_or_404(Picture.objects.visible_to(request.user), pk=pk)
    if width not in found.widths:
        raise Http404
    try:
        file = default_storage.open(path_of(found, width))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/webp")
    if is_public:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
