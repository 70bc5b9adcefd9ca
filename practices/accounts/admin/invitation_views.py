"""The owner invites, sends again, takes back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from practices.accounts.access import UserRequest, allowed
from practices.accounts.admin.forms import InviteForm
from practices.accounts.admin.pages import staff_page
from practices.accounts.models import Invitation
from practices.accounts.permissions import Act
from practices.accounts.services import AddressTakenError
from practices.accounts.services.invitations import (
    AlreadyInvitedError,
    InvitationClosedError,
    invite_staff,
    resend_invitation,
    revoke_invitation,
)

STAFF_LIST = "admin:accounts_user_changelist"


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def invite(request: UserRequest) -> HttpResponse:
    """Ask somebody to work here."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            invite_staff(email=values["address"], roles=values["roles"], by=request.user, at=timezone.now())
        except (AddressTakenError, AlreadyInvitedError) as error:
            # Two owners invited the same person in the same moment.
            form.add_error("address", str(error))
        else:
            messages.success(request, "Invited. A link to make their account is on its way to them.")
            return redirect(STAFF_LIST)
    context = {"title": "Invite somebody to work here", "form": form}
    return staff_page(request, "invite.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(Act.MANAGE_STAFF)
def resend(request: UserRequest, pk: UUID) -> HttpResponse:
    """A new link; the old one is dead."""
    return _done(request, pk, resend_invitation, "Sent again. The link in the mail before no longer works.")


@require_POST
@allowed(Act.MANAGE_STAFF)
def revoke(request: UserRequest, pk: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    return _done(request, pk, revoke_invitation, "Taken back. The link in the mail no longer works.")


def _done(request: UserRequest, pk: UUID, act: Callable[..., Any], words: str) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=pk)
    try:
        act(found, by=request.user, at=timezone.now())
    except InvitationClosedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect(STAFF_LIST)
