"""One clinic in the console: how it stands, and what the operator does about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.console.forms import HoldForm, HostForm, NameForm
from practices.console.models import OpeningRequest
from practices.console.pages import console_page
from practices.console.services.asking import ask_again
from practices.console.services.hosts import HostError, add_host, check_host, make_primary, remove_host
from practices.console.services.renaming import rename_clinic
from practices.console.standing import Standing, with_standing
from practices.models import Clinic, Domain
from practices.resting import close_clinic, hold_clinic, resume_clinic, suspend_clinic

CHIPS = {
    Clinic.Status.PROVISIONING: {"icon": "clock", "tone": "line"},
    Clinic.Status.OPEN: {"icon": "check", "tone": "good"},
    Clinic.Status.SUSPENDED: {"icon": "half", "tone": "warm"},
    Clinic.Status.CLOSING: {"icon": "clock", "tone": "warm"},
    Clinic.Status.ERASING: {"icon": "alert", "tone": "bad"},
}
RESTS = {
    "suspend": (suspend_clinic, "It is suspended: its pages answer 503."),
    "resume": (resume_clinic, "It is open again."),
    "close": (close_clinic, "It is closing. From today thirty days are counted."),
}
HOST_ACTS = {
    "check": (check_host, "It leads here, and is in use now."),
    "primary": (make_primary, "Mails link to it from now on."),
    "remove": (remove_host, "It is removed."),
}
NOT_CHANGED = "Nothing was changed: somebody else was quicker, or it can’t be done as the clinic stands."


@require_safe
@allowed(Act.MANAGE_PLATFORM)
def clinic(request: UserRequest, pk: UUID) -> HttpResponse:
    """How it stands. While it is being opened, the page asks for that part again."""
    found = clinic_with(pk)
    if request.headers.get("HX-Request"):
        context = {"clinic_shown": found, "opening": opening_of(found), "chip": CHIPS[Clinic.Status(found.status)]}
        return console_page(request, "parts/opening.html", context)
    return clinic_page(request, found)


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def rename(request: UserRequest, pk: UUID) -> HttpResponse:
    found, form = clinic_with(pk), NameForm(request.POST)
    if not form.is_valid():
        return clinic_page(request, found, name_form=form)
    changed = rename_clinic(found, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
    return told(request, found, "It is renamed." if changed else "")


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def rest(request: UserRequest, pk: UUID) -> HttpResponse:
    """Suspend, resume or close."""
    found = clinic_with(pk)
    if request.POST.get("act") not in RESTS:
        raise Http404
    act, words = RESTS[request.POST["act"]]
    return told(request, found, words if act(found, by=request.user, at=timezone.now()) else "")


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def hold(request: UserRequest, pk: UUID) -> HttpResponse:
    """Keep it from being erased, or no longer."""
    found, form = clinic_with(pk), HoldForm(request.POST)
    if "lift" in request.POST:
        lifted = hold_clinic(found, reason="", by=request.user, at=timezone.now())
        return told(request, found, "It may be erased again, once it is closing." if lifted else "")
    if not form.is_valid():
        return clinic_page(request, found, hold_form=form)
    held = hold_clinic(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    return told(request, found, "It can’t be erased until this is lifted." if held else "")


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def open_again(request: UserRequest, pk: UUID) -> HttpResponse:
    """Try once more what failed."""
    found = clinic_with(pk)
    opening = opening_of(found)
    changed = opening is not None and ask_again(opening, by=request.user, at=timezone.now())
    return told(request, found, "It is tried again." if changed else "")


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def new_host(request: UserRequest, pk: UUID) -> HttpResponse:
    """One more host name, which is in use once it was checked."""
    found, form = clinic_with(pk), HostForm(request.POST)
    if form.is_valid():
        try:
            add_host(found, form.cleaned_data["host"], by=request.user, at=timezone.now())
            return told(request, found, "It is added. Check it once its name leads here.")
        except HostError as error:
            form.add_error("host", str(error))
    return clinic_page(request, found, host_form=form)


@require_POST
@allowed(Act.MANAGE_PLATFORM)
def host(request: UserRequest, pk: UUID, number: int, act: str) -> HttpResponse:
    """Check it, have mails link to it, or remove it."""
    found = clinic_with(pk)
    domain = get_object_or_404(Domain.objects.filter(tenant_id=found.pk).select_related("tenant"), pk=number)
    if act not in HOST_ACTS:
        raise Http404
    do, words = HOST_ACTS[act]
    try:
        do(domain, by=request.user, at=timezone.now())
    except HostError as error:
        messages.error(request, str(error))
        return redirect("platform:clinic", found.pk)
    return told(request, found, words)


def clinic_with(pk: UUID) -> Clinic:
    """With its standing; the platform itself is no clinic."""
    clinics = with_standing(Clinic.objects.filter(type=Clinic.Kind.CLINIC), at=timezone.now())
    found: Clinic = get_object_or_404(clinics, pk=pk)
    return found


def opening_of(clinic: Clinic) -> OpeningRequest | None:
    return OpeningRequest.objects.filter(clinic=clinic.pk).defer("address").first()


def told(request: UserRequest, clinic: Clinic, words: str) -> HttpResponse:
    messages.success(request, words) if words else messages.warning(request, NOT_CHANGED)
    return redirect("platform:clinic", clinic.pk)


def clinic_page(request: UserRequest, clinic: Clinic, **forms: Form) -> HttpResponse:
    """With the forms as they were sent, if one of them must be looked at again."""
    context: dict[str, Any] = {
        "title": clinic.name,
        "clinic_shown": clinic,
        "standing": Standing(clinic),
        "opening": opening_of(clinic),
        "chip": CHIPS[Clinic.Status(clinic.status)],
        "name_form": NameForm(initial={"name": clinic.name}),
        "hold_form": HoldForm(),
        "host_form": HostForm(),
    }
    return console_page(request, "clinic.html", context | forms, status=422 if forms else 200)
