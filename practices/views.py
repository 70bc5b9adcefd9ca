"""Pages that say something went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def busy(request: HttpRequest) -> HttpResponse:
    """Rendered without context: the database may be what is missing."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def sealed_shut(request: HttpRequest) -> HttpResponse:
    """Rendered without context: no more of the page's content is tried."""
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503_sealed.html"), status=503, headers=headers)
