"""The review queue: open what was sent, read it, answer in a line, go on to the next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clients.admin.forms import ReplyForm
from clients.admin.glass import news
from clients.admin.handed_over import HANDED_OVER
from clients.admin.opened import Opened
from clients.admin.pages import desk_page
from clients.admin.queue import Place, queue_of
from clients.models import Client, Response, SafetyAlert
from clients.models.people import supervisees_of
from clients.models.reading import Ground, reading_of
from clients.models.responses import ResponseQuerySet
from clients.services.alerts import acknowledge_alert
from clients.services.reviewing import open_response, review_response
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic
from practices.views import busy

READERS = (Act.READ_RESPONSES, Act.SUPERVISE, Act.BREAK_GLASS)


@require_safe
@allowed(Act.READ_RESPONSES)
def queue(request: UserRequest) -> HttpResponse:
    """Everything that waits for this clinician; nothing of it is opened yet."""
    at = timezone.now()
    context = _queue_context(request, at=at) | {"news": news(request.user, at=at)}
    return desk_page(request, "queue.html", context)


@require_safe
@allowed(Act.SUPERVISE)
def supervision(request: UserRequest) -> HttpResponse:
    """What waits for those whom this member of staff supervises; nothing of it is opened yet."""
    return desk_page(request, "queue.html", _supervision_context(request, at=timezone.now()))


@require_safe
@allowed(*READERS)
def response(request: UserRequest, pk: UUID) -> HttpResponse:
    """One response, opened beside the queue."""
    found = get_object_or_404(_with_parts(Response.objects.visible_to(request.user)), pk=pk)
    return _opened(request, found, ReplyForm(), at=timezone.now())


@require_POST
@allowed(Act.READ_RESPONSES)
def review(request: UserRequest, pk: UUID) -> HttpResponse:
    """Mark as read, with or without a reply; then on to the next, or to giving more work."""
    at = timezone.now()
    if _is_handed_over(request, Response.objects.filter(pk=pk)):
        return _refused(request, pk)
    found = get_object_or_404(_with_parts(Response.objects.in_care_of(request.user)), pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _opened(request, found, form, at=at)
    read = review_response(found, reply=form.words, by=request.user, at=at)
    if form.words and read.reply != form.words:
        form.add_error("reply", "This was marked as read meanwhile, so your reply was not sent.")
        return _opened(request, found, form, at=at)
    client = found.occurrence.assignment.client
    messages.success(request, f"Sent to {client.first_name}, and marked as read." if form.words else "Marked as read.")
    if form.cleaned_data["next"]:
        chosen = form.cleaned_data["next"].pk
        return redirect(f"{reverse('admin:assign')}?client={client.pk}&exercise={chosen}&from=queue")
    return _to_next(request, at=at)


@require_POST
@allowed(Act.READ_RESPONSES)
def acknowledge(request: UserRequest, pk: UUID) -> HttpResponse:
    """The clinician has seen an alert."""
    raised = Response.objects.filter(alert=pk)
    if _is_handed_over(request, raised):
        return _refused(request, raised.values_list("pk", flat=True)[0])
    alert = get_object_or_404(
        SafetyAlert.objects.in_care_of(request.user).select_related("response__occurrence__assignment"), pk=pk
    )
    acknowledge_alert(alert, note=request.POST.get("note", ""), by=request.user, at=timezone.now())
    messages.success(request, "Acknowledged. The alert is off your list; the response stays until you mark it as read.")
    return redirect("admin:response", pk=alert.response_id)


def _is_handed_over(request: UserRequest, responses: ResponseQuerySet) -> bool:
    return responses.sent_by(Client.objects.handed_over_by(request.user)).exists()


def _refused(request: UserRequest, pk: UUID) -> HttpResponse:
    """The page that says who has taken over, with a word on what was not done."""
    messages.error(request, HANDED_OVER)
    return redirect("admin:response", pk=pk)


def _with_parts(responses: ResponseQuerySet) -> ResponseQuerySet:
    return responses.select_related(
        "occurrence__assignment__client__user",
        "occurrence__assignment__version",
        "occurrence__assignment__assigned_by",
        "alert__acknowledged_by",
        "review__by",
        "score",
    )


def _queue_context(request: UserRequest, *, at: datetime) -> dict[str, Any]:
    mine = Client.objects.in_care_of(request.user)
    return {
        "title": "Review queue",
        "queue": queue_of(mine, zone=current_clinic().zone, at=at, shown=request.GET.get("show", "")),
        "caseload": mine.count(),
        "handed_over": Client.objects.handed_over_by(request.user).count(),
        "supervisees": None,
        "news": [],
        "opened": None,
    }


def _supervision_context(request: UserRequest, *, at: datetime) -> dict[str, Any]:
    """The queue of everybody supervised, or of the one whom the address names."""
    supervisees = list(supervisees_of(request.user))
    chosen = next((one for one in supervisees if str(one.pk) == request.GET.get("of")), None)
    clients = Client.objects.supervised_by(request.user)
    if chosen:
        clients = clients.in_care_of(chosen)
    place = Place("admin:supervision", (("of", str(chosen.pk)),) if chosen else ())
    shown = request.GET.get("show", "")
    return {
        "title": "Supervision",
        "queue": queue_of(clients, zone=current_clinic().zone, at=at, shown=shown, place=place),
        "caseload": clients.count(),
        "supervisees": supervisees,
        "chosen": chosen,
        "news": [],
        "opened": None,
    }


def _opened(request: UserRequest, found: Response, form: ReplyForm, *, at: datetime) -> HttpResponse:
    """The opened response. First the event is committed, then the page is made; without the one there is no other."""
    reading = reading_of(found.occurrence.assignment.client, staff=request.user)
    if reading is None:
        raise Http404  # what was current as the response was fetched has ended since
    try:
        with transaction.atomic(durable=True):
            open_response(found, by=request.user, at=at, purpose=reading.purpose("review"))
    except DatabaseError:
        return busy(request)
    beside = _supervision_context if reading.ground is Ground.SUPERVISION else _queue_context
    opened = Opened(found, reading=reading, clinic=current_clinic(), at=at)
    context = beside(request, at=at) | {"opened": opened, "form": form, "title": opened.client.name}
    return desk_page(request, "queue.html", context, status=422 if form.errors else 200)


def _to_next(request: UserRequest, *, at: datetime) -> HttpResponse:
    mine = Client.objects.in_care_of(request.user)
    following = queue_of(mine, zone=current_clinic().zone, at=at).next_response()
    return redirect("admin:response", pk=following) if following else redirect("admin:queue")
