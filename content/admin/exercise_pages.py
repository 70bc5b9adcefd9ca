"""Pages about one exercise beside its builder: try it, copy it, take it out of use."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from content.admin.builder.views import builder_page
from content.models import Exercise, ExerciseVersion
from content.prompts.answers import AnswerError, AnswerErrors, Answers, clean_answers, shown
from content.prompts.context import PromptContext
from content.prompts.drafting import schema_of_draft
from content.prompts.posted import answers_from_post, row_asked_for
from content.prompts.schema import Schema, SchemaError, parse_schema
from content.services.drafts import DraftLockedError, copy_exercise
from content.services.exercises import bring_back_exercise, retire_exercise
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic


@dataclass(kw_only=True)
class Trial:
    """An exercise as it is tried out: what was filled in is checked as when a client sends it, and kept nowhere."""

    schema: Schema
    context: PromptContext
    answers: Answers
    errors: list[AnswerError]
    is_done: bool = False

    @property
    def read_back(self) -> list[tuple[Any, Any]]:
        """Each question that was asked, with its answer."""
        asked = [prompt for prompt in shown(self.schema, self.answers) if prompt.takes_answer]
        return [(prompt, self.answers.get(prompt.id)) for prompt in asked]


def trial_of(request: HttpRequest, schema: Schema) -> Trial:
    today = timezone.now().astimezone(current_clinic().zone).date()
    trial = Trial(schema=schema, context=PromptContext(starts_on=today, today=today), answers={}, errors=[])
    if request.method == "POST":
        trial.answers = answers_from_post(schema, request.POST)
        if row_asked_for(schema, request.POST) is None:
            try:
                trial.answers = clean_answers(schema, trial.answers, final=True, context=trial.context)
                trial.is_done = True
            except AnswerErrors as refused:
                trial.errors = refused.errors
    return trial


def chosen(versions: list[ExerciseVersion], number: str | None) -> ExerciseVersion | None:
    """The version of this number, or the newest. Raises Http404 for a number there is not."""
    if number is None:
        return versions[0] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


@require_http_methods(["GET", "POST"])
@allowed(Act.WRITE_ARTICLES)
def try_out(request: UserRequest, pk: UUID) -> HttpResponse:
    """The draft, or what is published, filled in and sent to nobody."""
    exercise = get_object_or_404(Exercise.objects.select_related("current"), pk=pk)
    number = request.GET.get("version")
    if number is None and exercise.draft is not None:
        try:
            schema = parse_schema(schema_of_draft(exercise.draft))
        except SchemaError:
            messages.warning(request, "Some questions need a second look before this can be tried.")
            return redirect("admin:content_exercise_build", pk)
        title, name = exercise.draft["title"], "the draft"
    else:
        version = chosen(list(exercise.versions.order_by("-number")), number)
        if version is None:
            raise Http404
        schema, title, name = version.parsed, version.title, f"version {version.number}"
    trial = trial_of(request, schema)
    context = {"exercise": exercise, "trial": trial, "name": name, "introduction": schema.introduction}
    return builder_page(request, "try_out.html", title, context, status=422 if trial.errors else 200)


@require_POST
@allowed(Act.WRITE_ARTICLES)
def copy(request: UserRequest, pk: UUID) -> HttpResponse:
    """A new draft that begins as this exercise is."""
    exercise = get_object_or_404(Exercise.objects.select_related("current"), pk=pk)
    try:
        made = copy_exercise(exercise, by=request.user, at=timezone.now())
    except DraftLockedError as error:
        raise Http404 from error
    messages.success(request, "This is a copy. Nothing you change here changes the other one.")
    return redirect("admin:content_exercise_build", made.pk)


@require_http_methods(["GET", "POST"])
@allowed(Act.PUBLISH_EXERCISES)
def retire(request: UserRequest, pk: UUID) -> HttpResponse:
    """Ask, then take the exercise out of use; or bring it back."""
    exercise = get_object_or_404(Exercise, pk=pk)
    if request.method == "POST":
        if exercise.retired_at:
            bring_back_exercise(exercise)
            messages.success(request, f"“{exercise.title}” can be given again.")
        else:
            retire_exercise(exercise, at=timezone.now())
            messages.success(request, f"“{exercise.title}” can’t be given any more. Whoever has it keeps it.")
        return redirect("admin:content_exercise_change", pk)
    title = "Bring this exercise back?" if exercise.retired_at else "Retire this exercise?"
    return builder_page(request, "retire.html", title, {"exercise": exercise})
