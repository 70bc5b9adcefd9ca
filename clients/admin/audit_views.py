"""Who did what, and who opened what: the owner reads it, and takes a copy."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.admin.audit_log import A_PAGE, AuditFilter, as_csv, names_for
from clients.admin.client_openings import openings_in_words
from clients.admin.pages import desk_page
from clients.models import Client
from practices.accounts.access import UserRequest, allowed
from practices.accounts.confirming import recently_confirmed
from practices.accounts.permissions import Act
from practices.audit.models import Action, AuditEvent, AuditEventQuerySet, record
from practices.audit.wording import fault_in_words
from practices.tenancy import current_clinic


@require_safe
@allowed(Act.READ_AUDIT)
def log(request: UserRequest) -> HttpResponse:
    """The newest events, or those that are asked for; ids and times, no words of anybody."""
    form = AuditFilter(request.GET, zone=current_clinic().zone, reader=request.user)
    valid = form.is_valid()
    found = form.events() if valid else AuditEvent.objects.none()
    events, before = a_page_of(found, request)
    names = names_for(request.user, events)
    check = AuditEvent.objects.checks().newest_first().first()
    context = {
        "title": "Audit log",
        "form": form,
        "lines": [names.line(event) for event in events],
        "before": before,
        "check": check,
        "fault": fault_in_words(check) if check else "",
        "asked": any(request.GET.get(name) for name in form.fields),
    }
    return desk_page(request, "audit_log.html", context, status=200 if valid else 422)


@require_safe
@allowed(Act.READ_AUDIT, Act.READ_RESPONSES)
def openings(request: UserRequest, pk: UUID) -> HttpResponse:
    """Who opened what of one client. What it is called is for those who may read it anyway."""
    client = get_object_or_404(Client.objects.with_history_for(request.user), pk=pk)
    events, before = a_page_of(AuditEvent.objects.openings_of(client.pk), request)
    reads = Client.objects.read_by(request.user).filter(pk=pk).exists()
    context = {
        "title": "Who opened what",
        "client": client,
        "openings": openings_in_words(events, client=client, titled=reads),
        "before": before,
        "later": "before" in request.GET,
    }
    return desk_page(request, "client_openings.html", context)


@require_safe
@allowed(Act.READ_AUDIT)
@recently_confirmed
def export(request: UserRequest) -> HttpResponseBase:
    """The same as a file; that it was taken is written down first."""
    clinic = current_clinic()
    form = AuditFilter(request.GET, zone=clinic.zone, reader=request.user)
    if not form.is_valid():
        return log(request)
    record(Action.AUDIT_EXPORTED, by=request.user, at=timezone.now())
    lines = as_csv(form.events(), clinic=clinic, reader=request.user)
    name = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.csv"'
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def a_page_of(events: AuditEventQuerySet, request: UserRequest) -> tuple[list[AuditEvent], UUID | None]:
    """As many as one page holds, from where the address says, and the id from which older ones follow, if there are any."""
    found = list(events.before(identifier(request.GET.get("before", "")))[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def identifier(text: str) -> UUID | None:
    """The id that the text is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
