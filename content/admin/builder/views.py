"""Views of the builder. Each act names the edition it was made upon; a stale one is refused and nothing is lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from content.admin.builder.acts import done_in_words, perform
from content.admin.builder.forms import AboutForm, PromptForm, PublishForm
from content.admin.builder.page import BuilderPage
from content.admin.builder.preview import prompt_preview
from content.models import Exercise
from content.prompts.drafting import DraftError, find
from content.prompts.kinds import KINDS, NOT_IN_GROUPS
from content.prompts.naming import KIND_WORDS
from content.services.drafts import (
    DraftChangedError,
    DraftNotReadyError,
    begin_exercise,
    change_draft,
    discard_draft,
    draft_of,
    publish_draft,
)
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic

Change = Callable[[dict[str, Any]], dict[str, Any]]


def builder_page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = admin.site.each_context(request) | {"title": title, "subtitle": None, "exercise": None}
    today = timezone.now().astimezone(current_clinic().zone).date()
    return render(request, f"admin/content/exercise/{template}", frame | {"today": today} | context, status=status)


def editable(pk: UUID) -> Exercise:
    """The exercise, with who wrote in its draft last. Raises Http404 for what is not edited here."""
    return get_object_or_404(Exercise.objects.editable().select_related("current", "draft_by"), pk=pk)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also if that is nothing; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def posted_edition(request: HttpRequest) -> int:
    """The edition that the page was drawn from; -1 is none."""
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def begin(request: UserRequest) -> HttpResponse:
    """A new exercise: what it is about; its questions come next."""
    form = AboutForm(posted(request))
    if form.is_valid():
        made = begin_exercise(form.new_draft(), by=request.user, at=timezone.now())
        return redirect("admin:content_exercise_build", made.pk)
    return builder_page(
        request, "about.html", "New exercise", {"form": form, "conflict": False}, status=422 if form.errors else 200
    )


@require_http_methods(["GET"])
@allowed(Act.WRITE_ARTICLES)
def build(request: UserRequest, pk: UUID) -> HttpResponse:
    """The list of prompts with a preview."""
    return _build(request, editable(pk))


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def about(request: UserRequest, pk: UUID) -> HttpResponse:
    """Title, kind, minutes and introduction."""
    exercise = editable(pk)
    form = AboutForm(posted(request), draft=draft_of(exercise))
    conflict = False
    if form.is_valid():
        try:
            _change(request, exercise, form.changed)
        except DraftChangedError as error:
            exercise, conflict = editable(error.exercise.pk), True
        else:
            messages.success(request, "Saved in the draft.")
            return redirect("admin:content_exercise_build", pk)
    context = {"form": form, "exercise": exercise, "conflict": conflict, "theirs": draft_of(exercise)}
    return builder_page(request, "about.html", "About this exercise", context, status=_status(form, conflict))


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@allowed(Act.WRITE_ARTICLES)
def prompt_add(request: UserRequest, pk: UUID) -> HttpResponse:
    """A new prompt: first its kind, then what it asks."""
    exercise = editable(pk)
    draft = draft_of(exercise)
    kind, group = request.GET.get("kind", ""), request.GET.get("group", "")
    held_by = find(draft, group) if group else None
    if (group and (held_by is None or held_by["kind"] != "group")) or (kind and kind not in KINDS):
        raise Http404
    if not kind:
        fitting = [name for name in KIND_WORDS if not (group and issubclass(KINDS[name], NOT_IN_GROUPS))]
        kinds = [(name, *KIND_WORDS[name]) for name in fitting]
        context = {"exercise": exercise, "kinds": kinds, "group": held_by}
        return builder_page(request, "prompt_kinds.html", "Add a question", context)
    form = PromptForm(posted(request), kind=kind, draft=draft, group=group)
    return _prompt(request, exercise, form, prompt_id="")


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@allowed(Act.WRITE_ARTICLES)
def prompt(request: UserRequest, pk: UUID, prompt_id: str) -> HttpResponse:
    """One prompt of the draft. If somebody removed it while this was written, it is added again."""
    exercise = editable(pk)
    draft = draft_of(exercise)
    data = find(draft, prompt_id)
    kind = data["kind"] if data else request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    form = PromptForm(posted(request), kind=kind, draft=draft, prompt=data)
    return _prompt(request, exercise, form, prompt_id=prompt_id)


@require_POST
@vary_on_headers("HX-Request")
@allowed(Act.WRITE_ARTICLES)
def act(request: UserRequest, pk: UUID) -> HttpResponse:
    """One act upon the list: move, duplicate, remove, put back, into or out of a group."""
    exercise = editable(pk)
    do, prompt_id, group = (request.POST.get(name, "") for name in ("do", "prompt", "group"))
    try:
        changed = _change(request, exercise, lambda draft: perform(draft, do, prompt_id=prompt_id, group=group))
    except DraftChangedError as error:
        return _build(request, editable(error.exercise.pk), conflict=True)
    except DraftError as error:
        return _build(request, exercise, refused=str(error))
    words = done_in_words(draft_of(changed), do, prompt_id)
    if request.headers.get("HX-Request"):
        return _build(request, editable(pk), said=words, did=do)
    messages.success(request, words)
    at = f"#row-{prompt_id}" if prompt_id else ""
    return redirect(reverse("admin:content_exercise_build", args=[pk]) + at)


@require_POST
@allowed(Act.WRITE_ARTICLES)
def discard(request: UserRequest, pk: UUID) -> HttpResponse:
    """Throw the draft away and keep what was published."""
    exercise = editable(pk)
    try:
        discard_draft(exercise, edition=posted_edition(request), by=request.user, at=timezone.now())
    except DraftChangedError as error:
        return _build(request, editable(error.exercise.pk), conflict=True)
    messages.success(request, "The draft is gone. What was published is as it was.")
    return redirect("admin:content_exercise_change", pk)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_EXERCISES)
def publish(request: UserRequest, pk: UUID) -> HttpResponse:
    """What is new, in a line; then the draft becomes a version."""
    exercise = editable(pk)
    page = BuilderPage(exercise)
    form = PublishForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            version = publish_draft(
                exercise,
                edition=posted_edition(request),
                note=form.cleaned_data["note"],
                by=request.user,
                at=timezone.now(),
            )
        except DraftChangedError as error:
            return _build(request, editable(error.exercise.pk), conflict=True)
        except DraftNotReadyError as error:
            return _build(
                request, exercise, refused=f"There is something to look at first: {error.problems[0].message}"
            )
        messages.success(request, f"Version {version.number} is published. It can be given to clients now.")
        return redirect("admin:content_exercise_change", pk)
    context = {"form": form, "exercise": exercise, "page": page}
    return builder_page(request, "publish.html", "Publish", context, status=422 if form.errors else 200)


def _change(request: UserRequest, exercise: Exercise, change: Change) -> Exercise:
    edition = posted_edition(request)
    return change_draft(exercise, change, edition=edition, by=request.user, at=timezone.now())


def _status(form: Any, conflict: bool) -> int:
    return 409 if conflict else 422 if form.errors else 200


def _build(
    request: HttpRequest,
    exercise: Exercise,
    *,
    conflict: bool = False,
    refused: str = "",
    said: str = "",
    did: str = "",
) -> HttpResponse:
    page = BuilderPage(exercise)
    context = {
        "page": page,
        "exercise": exercise,
        "kinds": [(name, *words) for name, words in KIND_WORDS.items()],
        "conflict": conflict,
        "refused": refused,
        "said": said,
        "did": did,
        "nothing": {},
    }
    template = "parts/builder_answer.html" if request.headers.get("HX-Request") else "build.html"
    return builder_page(
        request, template, page.draft["title"], context, status=409 if conflict else 422 if refused else 200
    )


def _prompt(request: UserRequest, exercise: Exercise, form: PromptForm, *, prompt_id: str) -> HttpResponse:
    # A preview by script may bring the name of the button along that is being pressed meanwhile; it saves nothing.
    is_preview = bool(request.headers.get("HX-Request"))
    conflict = False
    if request.POST.get("do") == "save" and not is_preview and form.is_valid():
        try:
            changed = _change(request, exercise, form.changed)
        except DraftChangedError as error:
            exercise, conflict = editable(error.exercise.pk), True
        else:
            saved = prompt_id if form.prompt else draft_of(changed)["prompts"][-1]["id"]
            messages.success(request, f"Saved in the draft: “{form.cleaned_data['text'][:80]}”.")
            return redirect(reverse("admin:content_exercise_build", args=[exercise.pk]) + f"#row-{form.group or saved}")
    kind = KIND_WORDS[form.kind][0]
    context = {
        "form": form,
        "exercise": exercise,
        "kind": kind,
        "prompt_id": prompt_id,
        "conflict": conflict,
        "theirs": find(draft_of(exercise), prompt_id) if conflict else None,
        "nothing": {},
        **prompt_preview(form, theirs=find(draft_of(exercise), prompt_id) if conflict else None),
    }
    if is_preview:
        return builder_page(request, "parts/prompt_preview.html", kind, context)
    title = kind if form.prompt else f"Add: {kind.lower()}"
    return builder_page(request, "prompt.html", title, context, status=_status(form, conflict))
