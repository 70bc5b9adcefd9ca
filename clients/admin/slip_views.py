"""Printing the way in for a client, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clients.models import Client, Slip
from clients.services.slips import make_slip, revoke_slip
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.qr_codes import qr_code
from practices.tenancy import clinic_origin, current_clinic


@require_POST
@allowed(Act.ADD_CLIENTS)
def make(request: UserRequest, pk: UUID) -> HttpResponse:
    """A slip to print: the only time that its code is shown."""
    here = Client.objects.arranged_by(request.user).exclude(status=Client.Status.DISCHARGED)
    client = get_object_or_404(here, pk=pk)
    slip, code = make_slip(client, by=request.user, at=timezone.now())
    address = clinic_origin(current_clinic()) + reverse("portal:slip")
    # Behind the #, so that no server and no log is told the code when the picture is scanned.
    scanned = qr_code(f"{address}#{code}")
    where = address.partition("://")[2]
    context = {"title": "A way in", "slip": slip, "code": code, "where": where, "qr_code": scanned, "client": client}
    return render(request, "clients/admin/slip.html", context)


@require_POST
@allowed(Act.ADD_CLIENTS)
def revoke(request: UserRequest, pk: UUID) -> HttpResponse:
    """The slip lets nobody in any more."""
    slip = get_object_or_404(Slip.objects.arranged_by(request.user).pending(), pk=pk)
    revoke_slip(slip, by=request.user, at=timezone.now())
    messages.success(request, "Taken back. The code on that slip no longer works.")
    return redirect("admin:client", pk=slip.client_id)
