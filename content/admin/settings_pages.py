"""The owner's settings: a page each, with the others one press away."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.services.settings import SettingsChangedError, change_settings, settings_now
from content.settings_forms import ContactsForm, PracticeForm, SettingsForm
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act

PAGES = (
    ("admin:practice_settings", "Practice"),
    ("admin:contacts_settings", "Crisis contacts"),
    ("admin:look", "Look"),
    ("admin:article_settings", "Articles"),
    ("admin:comment_settings", "Comments"),
)


def settings_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of settings in the admin's frame; `template` lies below admin/content/settings/."""
    pages = [(reverse(name), label) for name, label in PAGES]
    frame = admin.site.each_context(request) | {"subtitle": None, "settings_pages": pages}
    return render(request, f"admin/content/settings/{template}", frame | context, status=status)


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_CLINIC)
def practice_settings(request: UserRequest) -> HttpResponse:
    """Name, ways to be reached, place, language, the hours without mail."""
    form = PracticeForm(request.POST if request.method == "POST" else None, clinic=settings_now())
    if form.is_valid():
        chosen = {name: value for name, value in form.cleaned_data.items() if name != "edition"}
        if saved(request, form, chosen):
            return redirect("admin:practice_settings")
    context = {"title": "Practice settings", "form": form}
    return settings_page(request, "practice.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_CLINIC)
def contacts_settings(request: UserRequest) -> HttpResponse:
    """Whom clients call when it can't wait. A second button only gives one more row."""
    is_growing = "another" in request.POST
    form = ContactsForm(request.POST if request.method == "POST" else None, clinic=settings_now())
    if not is_growing and form.is_valid() and saved(request, form, {"crisis_contacts": form.contacts}):
        return redirect("admin:contacts_settings")
    context = {"title": "Crisis contacts", "form": form, "is_growing": is_growing}
    return settings_page(request, "contacts.html", context, status=200 if is_growing else status_of(form))


def saved(request: UserRequest, form: SettingsForm, chosen: dict[str, Any]) -> bool:
    """Whether it could be saved; if not, the form says why."""
    edition = form.cleaned_data["edition"]
    try:
        change_settings(chosen, edition=edition, by=request.user, at=timezone.now())
    except SettingsChangedError:
        form.renew(settings_now())
        return False
    messages.success(request, "Saved. Everybody sees it now.")
    return True


def status_of(form: SettingsForm) -> int:
    """409 if somebody else was first, 422 if something must be looked at again."""
    return 409 if form.is_outdated else 422 if form.errors else 200
