"""The client page, and who cares for the client."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clients.admin.client_forms import GiveCareForm
from clients.admin.client_page import ClientPage
from clients.admin.pages import desk_page, written_down
from clients.admin.words import moment_in_words
from clients.models import CareRelation, Client
from clients.services.announcing import CannotNudgeError, nudge
from clients.services.caseload import NotInvitableError, end_care, give_care, invite_client
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic
from practices.views import busy


@require_safe
@allowed(Act.LIST_CLIENTS)
def client(request: UserRequest, pk: UUID) -> HttpResponse:
    """One client. What was sent and scored is for those who may read it, once it is written down that they looked."""
    return _page(request, _client(request, pk), GiveCareForm())


@require_POST
@allowed(Act.GIVE_CARE)
def care(request: UserRequest, pk: UUID) -> HttpResponse:
    """Give the client to a clinician."""
    found, form = _client(request, pk), GiveCareForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    clinician = form.cleaned_data["clinician"]
    give_care(found, clinician=clinician, by=request.user, at=timezone.now())
    messages.success(request, f"{found.first_name} is now with {clinician.display_name}.")
    return redirect("admin:client", pk=pk)


@require_POST
@allowed(Act.GIVE_CARE)
def end(request: UserRequest, pk: UUID) -> HttpResponse:
    """The clinician no longer cares for the client."""
    visible = Client.objects.visible_to(request.user)
    relation = get_object_or_404(CareRelation.objects.current().filter(client__in=visible), pk=pk)
    end_care(relation, by=request.user, at=timezone.now())
    messages.success(request, f"{relation.clinician.display_name} no longer sees {relation.client.first_name}’s work.")
    return redirect("admin:client", pk=relation.client_id)


@require_POST
@allowed(Act.ASSIGN_WORK)
def remind(request: UserRequest, pk: UUID) -> HttpResponse:
    """The day's one mail, if the client has not had it: that something waits, and nothing else."""
    found = get_object_or_404(Client.objects.in_care_of(request.user).select_related("user"), pk=pk)
    now = timezone.now()
    try:
        moment = nudge(found, by=request.user, at=now)
    except CannotNudgeError as error:
        messages.warning(request, str(error))
    else:
        when = "now" if moment <= now else moment_in_words(moment, at=now, zone=found.zone(current_clinic()))
        messages.success(request, f"{found.first_name} gets a mail that something waits: {when}.")
    return redirect("admin:client", pk=pk)


@require_POST
@allowed(Act.ADD_CLIENTS)
def invite(request: UserRequest, pk: UUID) -> HttpResponse:
    """Mail the client the way in once more."""
    found = get_object_or_404(Client.objects.arranged_by(request.user).select_related("user"), pk=pk)
    try:
        invite_client(found, by=request.user, at=timezone.now())
    except NotInvitableError:
        messages.warning(request, f"No mail was sent: {found.first_name} has come already, has left, or wants no mail.")
    else:
        messages.success(request, f"A mail with the way in is on its way to {found.first_name}.")
    return redirect("admin:client", pk=pk)


def _client(request: UserRequest, pk: UUID) -> Client:
    return get_object_or_404(Client.objects.visible_to(request.user).select_related("user"), pk=pk)


def _page(request: UserRequest, found: Client, form: GiveCareForm) -> HttpResponse:
    at, events = timezone.now(), request.GET.get("events", "")
    page = ClientPage(
        found,
        reader=request.user,
        at=at,
        measure=request.GET.get("measure", ""),
        events=int(events) if events.isdecimal() and len(events) < 6 else 0,
    )
    if page.reading:
        purpose = page.reading.purpose("client page")
        if not written_down(found, by=request.user, at=at, purpose=purpose):
            return busy(request)
    context = {
        "title": found.name,
        "page": page,
        "client": found,
        "form": form,
        "may_arrange": page.in_care or request.user.may(Act.GIVE_CARE),
        "may_give_care": request.user.may(Act.GIVE_CARE),
        "may_see_openings": page.in_care or request.user.may(Act.READ_AUDIT),
    }
    return desk_page(request, "client.html", context, status=422 if form.errors else 200)
