"""The first line of a view: who may come in at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.audit.models import Action, record
from practices.requests import ClinicRequest

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class UserRequest(ClinicRequest):
    """A request by somebody who is signed in."""

    user: User


def deny(user: User) -> None:
    """Write the refusal down and answer 403."""
    record(Action.DENIED, by=user, at=timezone.now())
    raise PermissionDenied


def allowed(*acts: Act) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], View[P]]:
    """Let in whoever may do one of these: others get 403, visitors the sign-in page."""

    def decorate(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                if request.content_type == "application/json":
                    return JsonResponse({"reason": "signed out"}, status=401)
                return redirect_to_login(request.get_full_path())
            if not any(request.user.may(act) for act in acts):
                deny(request.user)
            return view(request, *args, **kwargs)

        return cast(View[P], guarded)

    return decorate
