"""The client page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clients.admin.pages import desk_page
from clients.models import Client
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_safe
@allowed(Act.LIST_CLIENTS)
def client(request: UserRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    return desk_page(request, "client.html", {"title": found.name, "client": found})
