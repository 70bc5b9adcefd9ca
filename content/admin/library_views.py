"""The library: look at starter exercises and copy one into the clinic; use a measure."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from content.admin.builder.forms import OWN_KINDS
from content.admin.builder.views import builder_page
from content.admin.exercise_pages import trial_of
from content.library import Entry, entries
from content.measures.definitions import DEFINITIONS
from content.models import Exercise
from content.services.drafts import begin_exercise
from content.services.measures import MeasureMissingError, measures_taken_in, use_measure
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act


def entry_named(name: str) -> Entry:
    """Raises Http404."""
    try:
        return entries()[name]
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET"])
@allowed(Act.WRITE_ARTICLES)
def library(request: UserRequest) -> HttpResponse:
    """Every starter exercise, by kind."""
    parts = [
        (words.partition(":")[0], [entry for entry in entries().values() if entry.draft["kind"] == kind])
        for kind, words in OWN_KINDS
    ]
    taken_in = measures_taken_in()
    used = set(Exercise.objects.filter(kind=Exercise.Kind.MEASURE).values_list("slug", flat=True))
    measures = [(measure, key in taken_in, f"measure-{key}" in used) for key, measure in DEFINITIONS.items()]
    context = {"parts": parts, "measures": measures, "may_publish": request.user.may(Act.PUBLISH_EXERCISES)}
    return builder_page(request, "library.html", "Library", context)


@require_POST
@allowed(Act.PUBLISH_EXERCISES)
def measure_use(request: UserRequest, key: str) -> HttpResponse:
    """The measure as a locked exercise of the clinic."""
    try:
        made = use_measure(key, by=request.user, at=timezone.now())
    except MeasureMissingError as error:
        raise Http404 from error
    messages.success(request, f"{made.title} can be given to clients.")
    return redirect("admin:content_exercise_change", made.pk)


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def library_entry(request: UserRequest, name: str) -> HttpResponse:
    """One starter exercise as a client would meet it, to be tried."""
    entry = entry_named(name)
    trial = trial_of(request, entry.schema)
    context = {"entry": entry, "trial": trial}
    return builder_page(
        request, "library_entry.html", entry.draft["title"], context, status=422 if trial.errors else 200
    )


@require_POST
@allowed(Act.WRITE_ARTICLES)
def library_copy(request: UserRequest, name: str) -> HttpResponse:
    """A draft in the clinic that begins as the library's exercise."""
    entry = entry_named(name)
    made = begin_exercise(entry.draft, by=request.user, at=timezone.now(), origin=entry.name)
    messages.success(request, "This copy is yours. Change what you like, then publish it.")
    return redirect("admin:content_exercise_build", made.pk)
