"""Who did what, and who opened what: the owner reads it, and takes a copy."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.admin.audit_log import A_PAGE, AuditFilter, as_csv, names_for, older_than
from clients.admin.pages import desk_page
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.audit.models import Action, AuditEvent, record
from practices.tenancy import current_clinic


@require_safe
@allowed(Act.READ_AUDIT)
def log(request: UserRequest) -> HttpResponse:
    """The newest events, or those that are asked for; ids and times, no words of anybody."""
    form = AuditFilter(request.GET, zone=current_clinic().zone, reader=request.user)
    valid = form.is_valid()
    found = older_than(form.events(), identifier(request.GET.get("before", ""))) if valid else AuditEvent.objects.none()
    events = list(found[: A_PAGE + 1])
    names = names_for(request.user, events)
    checks = AuditEvent.objects.filter(action__in=[Action.AUDIT_VERIFIED, Action.AUDIT_BROKEN]).order_by("-at", "-pk")
    context = {
        "title": "Audit log",
        "form": form,
        "lines": [names.line(event) for event in events[:A_PAGE]],
        "before": events[A_PAGE - 1].pk if len(events) > A_PAGE else None,
        "check": checks.first(),
        "asked": any(request.GET.get(name) for name in form.fields),
    }
    return desk_page(request, "audit_log.html", context, status=200 if valid else 422)


@require_safe
@allowed(Act.READ_AUDIT)
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


def identifier(text: str) -> UUID | None:
    """The id that the text is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
