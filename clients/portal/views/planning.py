"""Before one starts: when and where, how sure, something smaller, or not now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.portal.forms import NotNowForm, PlanForm
from clients.portal.views.pages import closed_page, own_work, page
from clients.portal.views.put_by import puts_by, take_back
from clients.services.caseload import note_visit
from clients.services.planning import ask_for_plan, plan_work
from clients.states import StateError
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act

# Less sure than this, and it is said that nobody has to.
SURE = 6
GENTLE = "Saved. If it turns out to be too much, say so on Today: “Not now, because …”. Nobody minds."


@require_http_methods(["GET", "HEAD", "POST"])
@puts_by
@allowed(Act.USE_PORTAL)
def plan(request: UserRequest, pk: UUID) -> HttpResponse:
    """Asked once, on the way to the work; it can be passed by, and changed later."""
    at = timezone.now()
    work = own_work(request, pk, at=at)
    assignment = work.occurrence.assignment
    note_visit(assignment.client, at=at)
    if closed := work.occurrence.why_closed(at):
        return closed_page(request, assignment.client, closed)
    # After a sign-in that came in between, what was posted before it is taken up where it was.
    post = request.POST if request.method == "POST" else take_back(request, pk)
    form = PlanForm(post, initial=assignment.plan)
    if form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        try:
            plan_work(assignment, **said, by=request.user, at=at)
        except StateError as error:
            return closed_page(request, assignment.client, str(error))
        unsure = said["confidence"] is not None and said["confidence"] < SURE
        messages.success(request, GENTLE if unsure else "Saved.")
        return redirect("portal:work", pk=pk)
    if request.method == "GET":
        ask_for_plan(assignment, at=at)
    context = {"title": "Before you start", "work": work, "form": form, "not_now": NotNowForm()}
    return page(request, assignment.client, "plan.html", context, status=422 if form.errors else 200)
