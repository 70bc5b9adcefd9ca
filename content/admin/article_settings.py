"""Who publishes articles here: the owner's page."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content.admin.settings_pages import settings_page
from content.services.settings import choose_who_publishes
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic

CHOICES = (
    ("no", "Clinicians publish what they write"),
    ("yes", "An editor or an owner looks first; clinicians send their articles for review"),
)


class WhoPublishesForm(forms.Form):
    """One choice."""

    editors_look_first = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, label="Who publishes articles")


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_CLINIC)
def article_settings(request: UserRequest) -> HttpResponse:
    now = "yes" if current_clinic().editors_look_first else "no"
    form = WhoPublishesForm(request.POST if request.method == "POST" else None, initial={"editors_look_first": now})
    if form.is_valid():
        first = form.cleaned_data["editors_look_first"] == "yes"
        choose_who_publishes(editors_look_first=first, by=request.user, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("admin:article_settings")
    context = {"title": "Article settings", "form": form}
    return settings_page(request, "articles.html", context, status=422 if form.errors else 200)
