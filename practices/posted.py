"""What may be posted: how much at once, and which characters."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_protect

from practices.views import bad_request, too_large

# A picture of 15 MB, the largest file that somebody may send to most pages, and its form.
LARGEST_BODY = 20 * 2**20
View = Callable[..., HttpResponseBase]


def body_length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdecimal() else 0


def has_bad_characters(text: str) -> bool:
    """NUL can't be stored, lone surrogates can't be encoded."""
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


def refused(request: HttpRequest, *, most: int = LARGEST_BODY) -> HttpResponse | None:
    """The answer to a form that can't be taken: 413 or 400. Reads it whole."""
    if body_length(request) > most:
        return too_large(request)
    try:
        form = request.POST
    except RequestDataTooBig:
        return too_large(request)
    except (MultiPartParserError, UnreadablePostError, UnicodeError):
        return bad_request(request)
    if any(has_bad_characters(part) for key, values in form.lists() for part in (key, *values)):
        return bad_request(request)
    return None


def reads_late(view: object) -> bool:
    """Whether the view itself sees to what is posted to it."""
    return getattr(view, "reads_late", False)


def takes_large_files(most: int) -> Callable[[View], View]:
    """For a view that takes up to so many bytes. Nothing of them is read before it is known who sends them:

        @allowed(Act.MOVE_CONTENT)
        @takes_large_files(300 * 2**20)
        def bring(request): ...

    So the gate and Django's look at the CSRF token, which both read the whole form, come below `@allowed(…)`.
    """

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = refused(request, most=most) if request.method == "POST" else None
            return refusal or protected(request, *args, **kwargs)

        late = cast(Any, received)
        late.reads_late = late.csrf_exempt = True
        return received

    return decorate
