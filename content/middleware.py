"""Public pages for visitors, straight from the cache: no session, no query."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_http_date_safe

from content.pages import Page, keep_page, kept_page

# A browser asks each time, but may show its own copy for this many seconds while it does.
CACHE_CONTROL = "public, max-age=0, stale-while-revalidate=60"
VARY = "Cookie, HX-Request"
# Set again for each reply, or true only of the response that was kept.
NOT_KEPT = frozenset({"Cache-Control", "Vary", "Expires", "ETag", "Set-Cookie"})


def is_anybodys(request: HttpRequest) -> bool:
    """Somebody without a session asks for a whole page."""
    return (
        request.method in ("GET", "HEAD")
        and "HTTP_HX_REQUEST" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def may_be_kept(response: HttpResponse) -> bool:
    """The view says it is the same for everybody, and nothing in it was made for this one request."""
    return (
        getattr(response, "is_public_page", False)
        and response.status_code == 200
        and not response.cookies
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def is_known(request: HttpRequest, page: Page) -> bool:
    """Whether the reader's own copy is this very page. The date is for those who name no copy (RFC 9110, 13.1.3)."""
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return page.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and since >= page.made_at


def reply(request: HttpRequest, page: Page) -> HttpResponse:
    """The page, or 304 to somebody who has it."""
    if is_known(request, page):
        response: HttpResponse = HttpResponseNotModified()
    else:
        body = b"" if request.method == "HEAD" else page.body
        response = HttpResponse(body, headers=page.headers)
    response.headers["ETag"] = page.etag
    response.headers["Last-Modified"] = http_date(page.made_at)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Vary"] = VARY
    return response


class PublicPageMiddleware:
    """Keeps what views mark with `public_page`, headers and all, and answers with it; 304 to whoever has it already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_anybodys(request):
            return self.get_response(request)
        # Kept by its plain address alone: else whoever adds something to an address fills the cache.
        page, edition = (None, "") if request.META.get("QUERY_STRING") else kept_page(request.path)
        if page is None:
            response = self.get_response(request)
            if not may_be_kept(response):
                return response
            headers = {name: value for name, value in response.items() if name not in NOT_KEPT}
            page = keep_page(request.path, body=response.content, headers=headers, edition=edition)
        else:
            request.route = "kept page"  # type: ignore[attr-defined]
        return reply(request, page)
