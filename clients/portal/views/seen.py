"""Who has seen what I sent, and who can from now on."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.portal.readers import readers_of
from clients.portal.seen import by_day, in_words
from clients.portal.views.pages import page, visiting_client
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.audit.models import AuditEvent
from practices.tenancy import current_clinic

A_PAGE = 50


@require_safe
@allowed(Act.USE_PORTAL)
def seen(request: UserRequest) -> HttpResponse:
    at = timezone.now()
    client = visiting_client(request, at=at)
    zone = client.zone(current_clinic())
    listed = Paginator(AuditEvent.objects.openings_of(client.pk), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Who has seen what I sent",
        "page": listed,
        "days": by_day(in_words(listed, client=client, zone=zone), at.astimezone(zone).date()),
        "readers": readers_of(client),
    }
    return page(request, client, "seen.html", context)
