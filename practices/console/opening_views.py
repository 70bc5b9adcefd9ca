"""The operator opens a clinic."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.console.forms import WishForm
from practices.console.pages import console_page
from practices.console.services.asking import ask_for_clinic
from practices.opening import NameTakenError


@require_http_methods(["GET", "POST"])
@allowed(Act.MANAGE_PLATFORM)
def open_clinic(request: UserRequest) -> HttpResponse:
    """Its name is taken at once; the page to which this leads shows how far it is."""
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked = ask_for_clinic(form.wish, by=request.user, at=timezone.now())
            return redirect("platform:clinic", asked.clinic)
        except NameTakenError as error:
            form.add_error("label", str(error))
    context = {"title": "Open a clinic", "form": form, "domain": settings.CLINICS_DOMAIN}
    return console_page(request, "open.html", context, status=422 if form.errors else 200)
