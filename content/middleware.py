"""Public pages for visitors, straight from the cache: no session, no query."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from content.pages import Page, keep_page, kept_page

CACHE_CONTROL = "public, max-age=0, must-revalidate"
KEPT_HEADERS = ("Content-Type", "Content-Language", "Link")


def is_cacheable(request: HttpRequest) -> bool:
    """A visitor without any cookie of ours who asks for a page by its plain address."""
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.headers.get("HX-Request")
    )


def reply(request: HttpRequest, page: Page) -> HttpResponse:
    """The page, or 304 to somebody who has it."""
    known = request.headers.get("If-None-Match", "")
    if page.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(page.body)
        for name, value in page.headers.items():
            response[name] = value
    response["ETag"] = page.etag
    response["Cache-Control"] = CACHE_CONTROL
    response["Vary"] = "Cookie, HX-Request"
    return response


class PublicPageMiddleware:
    """Keeps what views mark with `response.is_public_page`, and answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_cacheable(request):
            return self.get_response(request)
        page, edition = kept_page(request.path)
        if page is None:
            response = self.get_response(request)
            if not getattr(response, "is_public_page", False) or response.status_code != 200 or response.cookies:
                return response
            headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
            page = keep_page(request.path, body=response.content, headers=headers, edition=edition)
        return reply(request, page)
