"""An invitation, accepted on the clinic's own page; and the photos that came with them."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from practices.accounts.addresses import client_address
from practices.accounts.invitation_forms import AcceptForm
from practices.accounts.models import Invitation, Origin, User
from practices.accounts.permissions import Kind
from practices.accounts.services import AddressTakenError
from practices.accounts.services.invitations import InvitationClosedError, accept_invitation
from practices.accounts.services.photos import photo_path
from practices.files import answer_with_file
from practices.requests import ClinicRequest

RATES = {"invitation": "30/m/ip"}


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: ClinicRequest, token: str) -> HttpResponse:
    """Whoever holds the link makes their account; a link that opens nothing says what to do next."""
    slower: HttpResponse | None = ratelimit.consume_or_429(
        request, app="practices.accounts", action="invitation", config=RATES, limit_get=True
    )
    if slower:
        return slower
    at = timezone.now()
    found = Invitation.objects.by_token(token).first()
    if found is None or found.state(at) != Invitation.State.OPEN:
        return _closed(request, found)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AcceptForm(*sent, address=found.address)
    if form.is_valid():
        try:
            accept_invitation(found, origin=Origin(request.id, client_address(request)), at=at, **form.values)
        except (InvitationClosedError, AddressTakenError):
            return _closed(request, Invitation.objects.by_token(token).first())
        return _ready(request)
    context = {"title": "Make your account", "form": form, "invitation": found}
    return render(request, "account/invitation.html", context, status=422 if form.errors else 200)


def _ready(request: HttpRequest) -> HttpResponse:
    """Whoever was signed in in this browser is signed out: the new account may be somebody else's."""
    logout(request)
    messages.success(request, "Your account is ready. Sign in with your mail address and your new password.")
    return redirect("account_login")


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Unknown here, be it of another clinic: 404. Used, taken back or too old: 410."""
    context: dict[str, Any] = {"title": "This link opens nothing", "state": "unknown"}
    if found is not None:
        context["state"] = found.state(timezone.now()).name
    return render(request, "account/invitation_closed.html", context, status=410 if found else 404)


@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A member of staff as they look, for people of the clinic."""
    if not isinstance(request.user, User):
        raise Http404
    found = get_object_or_404(User.objects.filter(kind=Kind.STAFF, photo__isnull=False), pk=pk)
    assert found.photo is not None
    try:
        return answer_with_file(photo_path(found.photo), media_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
