"""What a client is asked before Today, and how they change their mind."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clients.consent import TEXTS, changed_since, current
from clients.models import Client, Consent
from clients.portal.forms import ContactForm, WelcomeForm
from clients.portal.readers import readers_of
from clients.portal.views.pages import page, visiting_client
from clients.services.consenting import choose_channel, decide_consent, withdraw_consent
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic

REFUSED = "Saved. You can read what you are given. To send something you need to agree; you can do so under Settings."


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Act.USE_PORTAL)
def welcome(request: UserRequest) -> HttpResponse:
    """Asked once for each version: how what you write is kept, and how you hear from us."""
    at = timezone.now()
    client = visiting_client(request, at=at)
    form = WelcomeForm(request.POST if request.method == "POST" else None, client=client)
    if form.is_valid():
        agrees = form.cleaned_data["answer"] == "yes"
        decide_consent(client, agrees=agrees, by=request.user, at=at)
        choose_channel(client, by=request.user, at=at, **form.chosen)
        messages.success(request, "Thank you. Saved.") if agrees else messages.warning(request, REFUSED)
        return redirect("portal:today")
    is_news = client.consent == Client.Consent.GIVEN and not client.is_asked
    context = {
        "title": "Something has changed" if is_news else "Before you start",
        "form": form,
        "text": TEXTS[current()],
        "version": current(),
        "changes": changed_since(client.consent_version) if is_news else [],
        "is_news": is_news,
        "is_again": client.consent in (Client.Consent.REFUSED, Client.Consent.WITHDRAWN),
        "readers": readers_of(client),
    }
    return page(request, client, "welcome.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Act.USE_PORTAL)
def settings(request: UserRequest) -> HttpResponse:
    """How I hear from the clinic, and what I agreed to."""
    at = timezone.now()
    client = visiting_client(request, at=at)
    today = at.astimezone(client.zone(current_clinic())).date()
    form = ContactForm(request.POST if request.method == "POST" else None, client=client, today=today)
    if form.is_valid():
        choose_channel(client, by=request.user, at=at, **form.chosen)
        messages.success(request, "Saved.")
        return redirect("portal:settings")
    decisions = list(Consent.objects.given_to(request.user)[:20])
    standing = next((one for one in decisions if one.given and one.withdrawn_at is None), None)
    context = {
        "title": "Settings",
        "form": form,
        "decisions": decisions,
        "standing": standing,
        "is_news": standing is not None and not client.is_asked,
        "text": TEXTS[standing.version] if standing else (),
    }
    return page(request, client, "settings.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(Act.USE_PORTAL)
def withdraw(request: UserRequest) -> HttpResponse:
    """The client changed their mind."""
    at = timezone.now()
    client = visiting_client(request, at=at)
    withdraw_consent(client, by=request.user, at=at)
    messages.success(request, "Saved. We mail you nothing new, and your clinician is told that you changed your mind.")
    return redirect("portal:settings")
