"""Where somebody is signed in, and how long this session still lives."""

from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from practices.accounts.access import UserRequest
from practices.accounts.models import Session, User
from practices.accounts.page_marks import is_for_another
from practices.accounts.sessions import SessionStore, open_sessions
from practices.audit.models import Action, record


def handle_of(session: Session) -> str:
    """A name for a session that is safe to show: its key would be as good as a password."""
    return sha256(session.session_key.encode()).hexdigest()[:32]


def sessions_of(user: User, *, own: str | None = None) -> list[dict[str, Any]]:
    return [
        {"row": row, "handle": handle_of(row), "is_this": row.session_key == own}
        for row in open_sessions(user, at=timezone.now())
    ]


def end_session(user: User, *, handle: str, by: User) -> int:
    """End the one that is meant, by its safe name; returns how many that were."""
    keys = [row.session_key for row in open_sessions(user, at=timezone.now()) if handle_of(row) == handle]
    ended: int = Session.objects.filter(user_id=user.pk, session_key__in=keys).delete()[0]
    if ended:
        record(Action.SESSIONS_ENDED, subject=user, by=by, at=timezone.now())
    return ended


@require_safe
@login_required
def sessions(request: UserRequest) -> HttpResponse:
    """Mine."""
    found = sessions_of(request.user, own=request.session.session_key)
    return render(request, "account/sessions.html", {"sessions": found, "others": len(found) - 1})


@require_POST
@login_required
def end(request: UserRequest) -> HttpResponse:
    """End one of mine, or all but this one."""
    user, own = request.user, request.session.session_key
    if request.POST.get("which") == "others":
        Session.objects.filter(user_id=user.pk).exclude(session_key=own).delete()
        record(Action.SESSIONS_ENDED, subject=user, by=user, at=timezone.now())
        messages.success(request, "You are signed out everywhere else.")
    elif end_session(user, handle=request.POST.get("which", ""), by=user):
        messages.success(request, "That browser is signed out.")
    return redirect("account_sessions")


@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest) -> JsonResponse:
    """{"left": seconds, "token": …}; 401 once it is over, 409 if it is somebody else's than the page that asks.

    A page asks by GET in the background, a person stays by POST.
    """
    said = {"left": 0, "token": get_token(request)}
    if not isinstance(request.user, User):
        return JsonResponse(said, status=401)
    if is_for_another(request):
        return JsonResponse(said, status=409)
    left = cast(SessionStore, request.session).seconds_left(at=timezone.now())
    return JsonResponse(said | {"left": left})
