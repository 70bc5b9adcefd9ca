"""Bringing a site here: upload, look at what would come, take it in, and see how far it is."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.admin.base import moment_in_words
from content.import_forms import MOST_BYTES, ExportForm
from content.models import ContentImport
from content.services.importing.runs import (
    ImportRunningError,
    ImportStateError,
    begin_import,
    confirm_import,
    stop_import,
)
from content.wordpress import Note
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.posted import takes_large_files

State = ContentImport.State
EARLIER = 10
TITLES = {
    State.LOOKING: "Reading the export",
    State.LOOKED: "This is what would come",
    State.IMPORTING: "Taking it in",
    State.DONE: "It is here",
    State.FAILED: "This could not be taken in",
    State.STOPPED: "Stopped",
}
CHIPS = {
    State.LOOKING: {"text": "being read", "icon": "clock", "tone": "line"},
    State.LOOKED: {"text": "waits for you", "icon": "clock", "tone": "warm"},
    State.IMPORTING: {"text": "being taken in", "icon": "clock", "tone": "line"},
    State.DONE: {"text": "done", "icon": "check", "tone": "good"},
    State.FAILED: {"text": "failed", "icon": "alert", "tone": "bad"},
    State.STOPPED: {"text": "stopped", "icon": "close", "tone": "line"},
}
QUICKER = "Somebody else decided about this meanwhile."


@require_http_methods(["GET", "POST"])
@allowed(Act.MOVE_CONTENT)
@takes_large_files(MOST_BYTES)
def bring(request: UserRequest) -> HttpResponse:
    """The form; while an export is here, the way to it."""
    now = ContentImport.objects.filter(is_open=True).first()
    if now:
        return redirect("admin:import_run", now.pk)
    form = ExportForm(request.POST, request.FILES) if request.method == "POST" else ExportForm()
    if form.is_valid():
        files = form.cleaned_data
        try:
            run = begin_import(files["export"], media=files["pictures"], by=request.user, at=timezone.now())
        except ImportRunningError:
            return redirect("admin:import")
        return redirect("admin:import_run", run.pk)
    earlier = [
        {"run": run, "chip": CHIPS[State(run.state)], "begun": moment_in_words(run.begun_at)}
        for run in ContentImport.objects.newest_first().defer("found", "done")[:EARLIER]
    ]
    context = {"title": "Bring articles from WordPress", "form": form, "earlier": earlier}
    return import_page(request, "bring.html", context, status=422 if form.errors else 200)


@require_safe
@allowed(Act.MOVE_CONTENT)
def run_page(request: UserRequest, pk: UUID) -> HttpResponse:
    """How far it is, what was found, what was done. While a worker is at it, the page asks for this part again."""
    run = get_object_or_404(ContentImport, pk=pk)
    report = run.report
    state = State(run.state)
    context = {
        "title": TITLES[state],
        "run": run,
        "report": report,
        "groups": grouped(report.notes),
        "has_begun": bool(run.done),
    }
    template = "parts/state.html" if request.headers.get("HX-Request") else "run.html"
    response = import_page(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@require_POST
@allowed(Act.MOVE_CONTENT)
def confirm(request: UserRequest, pk: UUID) -> HttpResponse:
    """Take in what was looked at."""
    run = get_object_or_404(ContentImport, pk=pk)
    try:
        confirm_import(run, by=request.user, at=timezone.now())
    except ImportStateError:
        messages.warning(request, QUICKER)
    return redirect("admin:import_run", pk)


@require_POST
@allowed(Act.MOVE_CONTENT)
def stop(request: UserRequest, pk: UUID) -> HttpResponse:
    """Take in nothing more, or nothing at all."""
    run = get_object_or_404(ContentImport, pk=pk)
    try:
        stop_import(run, at=timezone.now())
    except ImportStateError:
        messages.warning(request, QUICKER)
    return redirect("admin:import_run", pk)


def grouped(notes: Iterable[Note]) -> list[tuple[str, list[Note]]]:
    """Notes that say the same together, those first that are about most posts."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.words, []).append(note)
    return sorted(found.items(), key=lambda group: -len(group[1]))


def import_page(request: UserRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = admin.site.each_context(request) | {"subtitle": None}
    return render(request, f"admin/content/import/{template}", frame | context, status=status)
