"""The public site: home, articles, pictures."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from content.models import Article, Picture
from content.services.pictures import path_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "content/home.html", {"title": "Welcome"})


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    return render(request, "content/home.html", {"title": "Articles"})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Article.objects.visible_to(request.user).select_related("current"), slug=slug)
    return render(request, "content/home.html", {"title": found.title})


@require_safe
@cache_control(private=True, max_age=31536000, immutable=True)
def picture(request: HttpRequest, pk: UUID, width: int) -> HttpResponseBase:
    found = get_object_or_404(Picture, pk=pk)
    if width not in found.widths:
        raise Http404
    return FileResponse(default_storage.open(path_of(found, width)), content_type="image/webp")
