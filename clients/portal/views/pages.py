"""What every page of the portal begins and ends with: whose it is, and in whose time zone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clients.models import Client, Occurrence
from clients.portal.work import Work
from clients.services.caseload import note_visit
from practices.accounts.access import UserRequest
from practices.tenancy import current_clinic

PARTS = (
    "assignment__client",
    "assignment__assigned_by",
    "assignment__noted_by",
    "assignment__smaller",
    "assignment__instead_of__assignment__version",
    "assignment__version__exercise",
    "assignment__version__revision__cover",
    "response",
)


def visiting_client(request: UserRequest, *, at: datetime) -> Client:
    """The client who is signed in; that they were here is noted."""
    try:
        client: Client = request.user.client
    except Client.DoesNotExist:
        raise Http404 from None
    note_visit(client, at=at)
    return client


def own_work(request: UserRequest, pk: UUID, *, at: datetime) -> Work:
    """Work that this client was given, in whatever state; what was taken back is 404, as is anybody else's."""
    found = get_object_or_404(Occurrence.objects.given_to(request.user).opened(at).select_related(*PARTS), pk=pk)
    return Work(occurrence=found, at=at)


def closed_page(request: HttpRequest, client: Client, why: str) -> HttpResponse:
    """Nothing that was typed is lost, and it says why it can't be sent."""
    return page(request, client, "closed.html", {"title": "This is closed", "why": why}, status=409)


def page(
    request: HttpRequest, client: Client, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render with every moment in the client's own time zone."""
    with timezone.override(client.zone(current_clinic())):
        return render(request, f"clients/portal/{template}", context, status=status)
