"""Who acts in this request, and that nothing of theirs is kept by a browser or proxy."""

from typing import cast

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from practices.accounts.addresses import client_address
from practices.accounts.models import Origin, User
from practices.accounts.sessions import SessionStore, verified_user
from practices.requests import ClinicRequest

# What a page asks by itself carries this header, and does not count as somebody being there.
BACKGROUND = "X-Background"


def actor(request: ClinicRequest) -> User | AnonymousUser:
    """The signed-in user, knowing the request they came by."""
    user = verified_user(cast(SessionStore, request.session)) or get_user(request)
    if isinstance(user, User):
        user.origin = Origin(request.id, client_address(request))
        if BACKGROUND not in request.headers:
            cast(SessionStore, request.session).touch(at=timezone.now())
    return user


class OwnSessionMiddleware(SessionMiddleware):
    """Whoever is signed out while they ask, be it by themselves, is asked to sign in again."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        cast(SessionStore, request.session).agent = request.headers.get("User-Agent", "")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return redirect("account_login")


class ActorMiddleware(AuthenticationMiddleware):
    """Sets request.user; it is looked up when first used. Pages made for somebody are never cached.

    Signing out has the browser forget what it kept of them.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: actor(cast(ClinicRequest, request)))  # type: ignore[assignment]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.session.accessed and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response
