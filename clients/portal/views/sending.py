"""Looking it over, and sending it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.models import Occurrence, Response
from clients.portal.readers import readers_of
from clients.portal.views.pages import PARTS, closed_page, page
from clients.portal.work import Work
from clients.services.answering import (
    ConsentMissingError,
    DraftConflictError,
    OccurrenceClosedError,
    submit_response,
)
from content.prompts.answers import AnswerErrors, missing_required, shown
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.identifiers import new_id

CHANGED = "What you wrote was changed in another window. Look it over once more, then send it."

AGREE_FIRST = "What you wrote is saved. Before you can send it, please read this and decide."
ONCE_MORE = "Please press Send once more."


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Act.USE_PORTAL)
def send(request: UserRequest, pk: UUID) -> HttpResponse:
    """What will be sent and who can read it; then Send, which happens once however often it is pressed."""
    at = timezone.now()
    found = get_object_or_404(Occurrence.objects.ever_given_to(request.user).select_related(*PARTS), pk=pk)
    work = Work(occurrence=found, at=at)
    if not found.assignment.client.has_agreed:
        return agree_first(request)
    if request.method != "POST":
        return look_over(request, work)
    if work.response is None:
        return look_over(request, work, trouble="Write something first.", status=409)
    try:
        request_id = UUID(request.POST.get("request_id", ""))
        version = int(request.POST.get("version", ""))
    except ValueError:
        return look_over(request, work, trouble=ONCE_MORE, status=400)
    if Response.objects.filter(request_id=request_id).exclude(pk=work.response.pk).exists():
        return look_over(request, work, trouble=ONCE_MORE, status=400)
    try:
        response = submit_response(work.response, request_id=request_id, by=request.user, at=at, looked_over=version)
    except AnswerErrors:
        return look_over(request, work, status=422)
    except ConsentMissingError:
        return agree_first(request)
    except DraftConflictError:
        messages.warning(request, CHANGED)
        return redirect("portal:send", pk=pk)
    except OccurrenceClosedError as closed:
        return closed_page(request, found.assignment.client, str(closed))
    return redirect(reverse("portal:response", kwargs={"pk": response.pk}) + "?sent=now")


def agree_first(request: HttpRequest) -> HttpResponse:
    messages.warning(request, AGREE_FIRST)
    return redirect("portal:welcome")


def look_over(request: HttpRequest, work: Work, *, trouble: str = "", status: int = 200) -> HttpResponse:
    client = work.occurrence.assignment.client
    if work.occurrence.state == Occurrence.State.SUBMITTED and work.response:
        return redirect("portal:response", pk=work.response.pk)
    if closed := work.occurrence.why_closed(work.at):
        return closed_page(request, client, closed)
    if not work.answers:
        return redirect(work.url)
    readers = readers_of(client)
    context = {
        "title": f"Look it over: {work.title}",
        "work": work,
        "prompts": [prompt for prompt in shown(work.schema, work.answers) if prompt.takes_answer],
        "missing": missing_required(work.schema, work.answers),
        "readers": readers,
        "told": readers.told,
        "request_id": new_id(),
        "trouble": trouble,
    }
    return page(request, client, "send.html", context, status=status)
