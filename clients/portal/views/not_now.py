"""Not now, because …: as easy as to start."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.models import Occurrence
from clients.portal.forms import NotNowForm
from clients.portal.views.pages import PARTS, closed_page, page
from clients.portal.views.put_by import puts_by, take_back
from clients.portal.work import Work
from clients.services.answering import OccurrenceClosedError, put_off
from clients.services.caseload import note_visit
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


@require_http_methods(["GET", "HEAD", "POST"])
@puts_by
@allowed(Act.USE_PORTAL)
def not_now(request: UserRequest, pk: UUID) -> HttpResponse:
    """The client says why not now. By itself the page comes only when something is to be put right."""
    at = timezone.now()
    own = Occurrence.objects.ever_given_to(request.user).select_related(*PARTS)
    work = Work(occurrence=get_object_or_404(own, pk=pk), at=at)
    client = work.occurrence.assignment.client
    note_visit(client, at=at)
    # After a sign-in that came in between, what was posted before it is taken up where it was.
    post = request.POST if request.method == "POST" else take_back(request, pk)
    if post is None:
        return redirect("portal:today")
    form = NotNowForm(post)
    if not form.is_valid():
        context = {"title": "Not now", "work": work, "form": form}
        return page(request, client, "not_now.html", context, status=422)
    said = form.cleaned_data
    try:
        put_off(work.occurrence, reason=Occurrence.NotNow(said["reason"]), words=said["words"], at=at)
    except OccurrenceClosedError as closed:
        return closed_page(request, client, str(closed))
    messages.success(request, f"Saved. {work.giver} can see what you said.")
    return redirect("portal:today")
