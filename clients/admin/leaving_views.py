"""Somebody leaves: who takes over, what will happen, and then it happens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.admin.leaving_forms import LeavingForm
from clients.admin.pages import desk_page
from clients.models import Assignment, CareRelation, SafetyAlert
from clients.services.caseload import NotAClinicianError
from clients.services.handing_over import NobodyTakesOverError, OverlapError, care_of, leave, stay
from practices.accounts.access import UserRequest, allowed
from practices.accounts.models import Invitation, Session, User
from practices.accounts.permissions import Act, Kind
from practices.accounts.services import LastOwnerError
from practices.accounts.services.leaving import NotLeavingError


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def leaving(request: UserRequest, pk: UUID) -> HttpResponse:
    """First who and when, then what exactly that means, then it is done."""
    leaver = get_object_or_404(User.objects.filter(kind=Kind.STAFF, is_active=True), pk=pk)
    at = timezone.now()
    data = request.POST if request.method == "POST" else None
    sent = Invitation.objects.pending().filter(invited_by=leaver).count()
    form = LeavingForm(data, leaver=leaver, relations=care_of(leaver, at=at), sent=sent, at=at)
    refusal, sure = "", form.is_valid()
    if sure and "confirm" in request.POST:
        try:
            keep = form.cleaned_data.get("keep_invitations", False)
            leave(leaver, heirs=form.heirs, until=form.until, keep_invitations=keep, by=request.user, at=at)
        except (LastOwnerError, NobodyTakesOverError, NotAClinicianError, OverlapError) as error:
            refusal = str(error)
        else:
            when = "on their last day" if form.until > at else "now"
            messages.success(request, f"{leaver.display_name} is signed out. Their account closes {when}.")
            return redirect("admin:accounts_user_changelist")
    context = {"title": f"{leaver.display_name} is leaving", "person": leaver, "form": form, "refusal": refusal}
    context |= what_will_happen(leaver, form) if sure else {}
    template = "leaving_confirm.html" if sure else "leaving.html"
    return desk_page(request, template, context, status=422 if refusal or form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_STAFF)
def staying(request: UserRequest, pk: UUID) -> HttpResponse:
    """They don't leave after all: ask, then undo it."""
    leaver = get_object_or_404(User.objects.active_staff().exclude(leaves_at=None), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            stay(leaver, by=request.user, at=timezone.now())
        except NotLeavingError as error:
            refusal = str(error)
        else:
            messages.success(request, f"{leaver.display_name} stays. Their clients are back with them.")
            return redirect("admin:accounts_user_change", pk)
    handed = CareRelation.objects.filter(clinician=leaver, ends_at=leaver.leaves_at)
    taken = CareRelation.objects.filter(instead_of__in=handed, ends_at=None).values("clinician")
    heirs = User.objects.filter(pk__in=taken).order_by("display_name")
    context = {"title": leaver.display_name, "person": leaver, "refusal": refusal}
    context |= {"clients": handed.count(), "heirs": heirs}
    return desk_page(request, "staying.html", context, status=422 if refusal else 200)


def what_will_happen(leaver: User, form: LeavingForm) -> dict[str, Any]:
    """In numbers, before it is done."""
    clients = [relation.client_id for relation in form.relations]
    responses = SafetyAlert.objects.unacknowledged().filter(response__occurrence__assignment__client__in=clients)
    return {
        "by_heir": form.by_heir,
        "now": form.until <= form.at,
        "last_day": form.cleaned_data["last_day"],
        "open_work": Assignment.objects.unfinished().filter(client__in=clients).count(),
        "alerts": responses.count(),
        "supervisions": leaver.supervisees.current().count() + leaver.supervisors.current().count(),
        "invitations": Invitation.objects.pending().filter(invited_by=leaver).count(),
        "keep_invitations": form.cleaned_data.get("keep_invitations", False),
        "sessions": Session.objects.filter(user=leaver).count(),
    }
