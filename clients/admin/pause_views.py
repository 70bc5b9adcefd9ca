"""A pause from work for one client: looked at, begun, ended."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clients.admin.handed_over import told_who_has_them
from clients.admin.pages import desk_page, written_down
from clients.admin.pause_forms import PauseForm
from clients.admin.pause_page import PausePage, days_in_words
from clients.models import Client
from clients.services.pausing import CannotPauseError, check_pause, pause_work, resume_work
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.views import busy

ClientView = Callable[[UserRequest, Client], HttpResponse]


def of_own_client(view: ClientView) -> Callable[[UserRequest, UUID], HttpResponse]:
    """Give the view this client: 404 for anybody else's. Of one who was handed over, say who has them now."""

    @wraps(view)
    def found(request: UserRequest, pk: UUID) -> HttpResponse:
        told = told_who_has_them(request, pk=pk)
        return told or view(request, get_object_or_404(Client.objects.in_care_of(request.user), pk=pk))

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Act.ASSIGN_WORK)
@of_own_client
def pause(request: UserRequest, client: Client) -> HttpResponse:
    """From when, to when; then what that changes; then it is so."""
    at = timezone.now()
    page = PausePage(client, at=at)
    form = PauseForm(request.POST if request.method == "POST" else None, today=page.today)
    changes = None
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            if request.POST.get("do") == "pause":
                pause_work(client, first=first, last=last, by=request.user, at=at)
                messages.success(request, f"{client.first_name} has a pause: {days_in_words(first, last)}.")
                return redirect("admin:client", pk=client.pk)
            check_pause(client, first=first, last=last, at=at)
            changes = page.changes(first, last)
        except CannotPauseError as error:
            form.add_error(None, str(error))
    if not written_down(client, by=request.user, at=at):
        return busy(request)
    context = {"title": "A pause", "page": page, "client": client, "form": form, "changes": changes}
    return desk_page(request, "pause.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(Act.ASSIGN_WORK)
@of_own_client
def resume(request: UserRequest, client: Client) -> HttpResponse:
    """End the pause, or take it back before it begins."""
    if resume_work(client, by=request.user, at=timezone.now()):
        messages.success(request, f"The pause is over. What was to come for {client.first_name} comes again.")
    return redirect("admin:client", pk=client.pk)
