"""The owner's weekly look at who opened what: what was unusual, week by week."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.admin.pages import desk_page
from clients.admin.weekly import newest_week, sections_of, week_of
from clients.services.weekly import findings_of
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic


@require_safe
@allowed(Act.READ_AUDIT)
def newest(request: UserRequest) -> HttpResponse:
    """The last week that is over has an address of its own, so that a link to it stays with that week."""
    week = newest_week(at=timezone.now(), zone=current_clinic().zone)
    return redirect("admin:weekly_look", monday=week.monday.isoformat())


@require_safe
@allowed(Act.READ_AUDIT)
def look(request: UserRequest, monday: str) -> HttpResponse:
    """What was unusual in the week that began on this Monday; worked out from the events, which never change."""
    zone = current_clinic().zone
    found = week_of(monday, at=timezone.now(), zone=zone)
    if found is None:
        raise Http404
    week, weeks = found
    context = {
        "title": "Weekly look",
        "week": week,
        "weeks": weeks,
        "sections": sections_of(findings_of(week), reader=request.user, zone=zone),
    }
    return desk_page(request, "weekly_look.html", context)
