"""“Is it still you?”: what matters is done only by somebody who has just shown who they are."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from practices.accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# Seconds. A page that was opened in time can still be sent a little later: what was typed there is not asked for twice.
TO_OPEN = 5 * 60
TO_SEND = 10 * 60


def is_confirmed(request: HttpRequest, *, within: int) -> bool:
    """Signed in, or asked again and right, in the last so many seconds."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    times = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(times) and time.time() - max(times) < within


def recently_confirmed(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View[P]:
    """Ask once more, by password, code or passkey, before exports, breaking the glass, erasure and changes to sign-in.

    Below `@allowed(…)`, so that nobody is asked for what they may not do anyway:

        @allowed(Act.EXPORT)
        @recently_confirmed
        def export(request): ...
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if is_confirmed(request, within=TO_OPEN if request.method in ("GET", "HEAD") else TO_SEND):
            return view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            raise ReauthenticationRequired
        return ask_first(request)

    return cast(View[P], asked)


def ask_first(request: HttpRequest) -> HttpResponseBase:
    """allauth would keep the whole request in the session, as it is, until the answer; nothing typed here lies there."""
    from allauth.account.adapter import get_adapter

    methods = get_adapter().get_reauthentication_methods(request.user)
    return redirect_to_login(request.get_full_path(), methods[0]["url"] if methods else None)
