"""The library: look at starter exercises and copy one into the clinic."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from content.admin.builder.forms import OWN_KINDS
from content.admin.builder.views import builder_page
from content.admin.exercise_pages import trial_of
from content.library import Entry, entries
from content.services.drafts import begin_exercise
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
    return builder_page(request, "library.html", "Library", {"parts": parts})


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
