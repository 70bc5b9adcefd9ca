"""Giving work."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from clients.admin.assign_page import AssignPage, usual
from clients.admin.pages import desk_page
from clients.admin.queue import queue_of
from clients.models import Client
from clients.services.assigning import AlreadyOpenError, CannotAssignError, assign_to_all
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic

# What htmx asks for by the id of the element it fills.
PARTS = {"what-list": "assign_what.html", "assign-preview": "assign_preview.html"}


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
@allowed(Act.ASSIGN_WORK)
def assign(request: UserRequest) -> HttpResponse:
    """Who, what, when and a note on one page. Everything but the last button only draws it again."""
    at, zone = timezone.now(), current_clinic().zone
    values = request.POST if request.method == "POST" else usual(request.GET, at=at, zone=zone)
    do = values.get("do", "")
    if do in ("leave_out", "others"):
        values = AssignPage(request.user, values, at=at).without_holders()
    page = AssignPage(request.user, values, at=at, complain=do in ("assign", "others", "preview"))
    if do in ("assign", "others") and page.form.is_valid() and _given(request, page):
        return _back(request, page)
    part = PARTS.get(request.headers.get("HX-Target", "")) if request.headers.get("HX-Request") else None
    status = 422 if page.form.errors or page.already or page.must_look else 200
    return desk_page(request, part or "assign.html", {"title": "Assign", "page": page, "part": part}, status=status)


def assign_to(request: UserRequest, clients: list[str]) -> HttpResponse:
    """The page with these clients chosen, from a list of any length."""
    at = timezone.now()
    values = usual(QueryDict(), at=at, zone=current_clinic().zone)
    values.setlist("client", clients)
    page = AssignPage(request.user, values, at=at)
    return desk_page(request, "assign.html", {"title": "Assign", "page": page, "part": None})


def _given(request: UserRequest, page: AssignPage) -> bool:
    values = page.form.cleaned_data
    if not page.was_seen:
        page.must_look = True
        return False
    try:
        assign_to_all(
            values["exercise"],
            clients=values["client"],
            timing=page.timing,
            note=values["note"],
            smaller=values["smaller"],
            despite=[assignment.pk for assignment in values["despite"]],
            by=request.user,
            at=page.at,
        )
    except AlreadyOpenError as error:
        page.already = error.assignments
        return False
    except CannotAssignError as error:
        page.form.add_error(None, str(error))
        return False
    messages.success(request, f"“{values['exercise'].title}” is given to {page.names}.")
    return True


def _back(request: UserRequest, page: AssignPage) -> HttpResponse:
    """To the next response if one came from the queue, else to the client."""
    if page.came_from == "queue":
        following = queue_of(Client.objects.in_care_of(request.user), zone=page.zone, at=page.at).next_response()
        return redirect("admin:response", pk=following) if following else redirect("admin:queue")
    return redirect("admin:client", pk=page.chosen[0].pk) if len(page.chosen) == 1 else redirect("admin:queue")
