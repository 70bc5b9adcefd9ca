"""One piece of work that was given: more time, a line, something smaller, taking it back. For the clinician in care alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clients.admin.assignment_page import AssignmentPage, with_times
from clients.admin.handed_over import told_who_has_them
from clients.admin.pages import desk_page, written_down
from clients.models import Assignment
from clients.services.assigning import withdraw_work
from clients.services.changing import DayError, NotSmallerError, move_due, offer_smaller, write_note
from clients.states import StateError
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.views import busy

PageView = Callable[[UserRequest, AssignmentPage], HttpResponse]


def of_own_caseload(view: PageView) -> Callable[[UserRequest, UUID], HttpResponse]:
    """Give the view the page of this work: 404 for anybody else's. Of a client who was handed over, say who has them now."""

    @wraps(view)
    def found(request: UserRequest, pk: UUID) -> HttpResponse:
        if told := told_who_has_them(request, assignments=pk):
            return told
        work = get_object_or_404(with_times(Assignment.objects.in_care_of(request.user)), pk=pk)
        return view(request, AssignmentPage(work, reader=request.user, at=timezone.now()))

    return found


@require_safe
@allowed(Act.ASSIGN_WORK)
@of_own_caseload
def assignment(request: UserRequest, page: AssignmentPage) -> HttpResponse:
    """How it stands, and what of it can be changed."""
    return show(request, page)


@require_POST
@allowed(Act.ASSIGN_WORK)
@of_own_caseload
def due(request: UserRequest, page: AssignmentPage) -> HttpResponse:
    """Give this client until another day."""
    form = page.due_form(request.POST)
    if form.is_valid():
        try:
            move_due(form.cleaned_data["time"], to=form.cleaned_data["to"], by=request.user, at=page.at)
        except (DayError, StateError) as error:
            form.add_error("to", str(error))
        else:
            messages.success(request, f"{page.client.first_name} has until then.")
            return redirect("admin:assignment", pk=page.assignment.pk)
    return show(request, page, due_form=form)


@require_POST
@allowed(Act.ASSIGN_WORK)
@of_own_caseload
def note(request: UserRequest, page: AssignmentPage) -> HttpResponse:
    """Write another line above the work, or take it away."""
    form = page.note_form(request.POST)
    if form.is_valid():
        try:
            write_note(page.assignment, note=form.cleaned_data["note"], by=request.user, at=page.at)
        except StateError as error:
            form.add_error("note", str(error))
        else:
            messages.success(request, f"Saved. {page.client.first_name} finds it above the work.")
            return redirect("admin:assignment", pk=page.assignment.pk)
    return show(request, page, note_form=form)


@require_POST
@allowed(Act.ASSIGN_WORK)
@of_own_caseload
def smaller(request: UserRequest, page: AssignmentPage) -> HttpResponse:
    """Offer something smaller beside it, or no longer."""
    form = page.smaller_form(request.POST)
    if form.is_valid():
        try:
            offer_smaller(page.assignment, exercise=form.cleaned_data["exercise"], by=request.user, at=page.at)
        except (NotSmallerError, StateError) as error:
            form.add_error("exercise", str(error))
        else:
            messages.success(request, f"Saved. {page.client.first_name} chooses each time.")
            return redirect("admin:assignment", pk=page.assignment.pk)
    return show(request, page, smaller_form=form)


@require_POST
@allowed(Act.ASSIGN_WORK)
@of_own_caseload
def withdraw(request: UserRequest, page: AssignmentPage) -> HttpResponse:
    """Take back what was not sent yet."""
    withdraw_work(page.assignment, by=request.user, at=page.at)
    messages.success(request, f"“{page.title}” is taken back. What was sent stays.")
    return redirect("admin:client", pk=page.client.pk)


def show(request: UserRequest, page: AssignmentPage, **forms_: forms.Form) -> HttpResponse:
    """The page, once it is written down that it was opened; with what was typed where that was wrong."""
    if not written_down(page.client, by=request.user, at=page.at):
        return busy(request)
    context: dict[str, Any] = {
        "title": page.title,
        "page": page,
        "client": page.client,
        "due_form": page.due_form(),
        "note_form": page.note_form(),
        "smaller_form": page.smaller_form(),
    }
    wrong = any(form.errors for form in forms_.values())
    return desk_page(request, "assignment.html", context | forms_, status=422 if wrong else 200)
