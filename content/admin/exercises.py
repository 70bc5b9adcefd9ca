"""Exercises: which there are, and each version as a client meets it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from content.admin.base import NamedAdmin
from content.models import Exercise, ExerciseVersion
from content.prompts.context import PromptContext
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic


@admin.register(Exercise)
class ExerciseAdmin(NamedAdmin):
    name_field = "title"
    act_to_view = Act.WRITE_ARTICLES
    list_display = ("title", "kind", "version", "prompts", "state")
    list_filter = ("kind",)
    list_select_related = ("current",)
    search_fields = ("title", "summary")
    ordering = ("title", "pk")

    @admin.display(description="version", ordering="current__number")
    def version(self, exercise: Exercise) -> int | None:
        return exercise.current.number if exercise.current else None

    @admin.display(description="prompts")
    def prompts(self, exercise: Exercise) -> int | None:
        return exercise.current.prompt_count if exercise.current else None

    @admin.display(description="state")
    def state(self, exercise: Exercise) -> SafeString:
        chip = {"text": "can be given", "icon": "check", "tone": "good"}
        if exercise.retired_at:
            chip = {"text": "retired", "icon": "close", "tone": "warm"}
        elif not exercise.current:
            chip = {"text": "not published", "icon": "draft", "tone": "line"}
        return render_to_string("practices/parts/chip.html", chip)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exercise]:
        return Exercise.objects.select_related("current", "article")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A version as a client meets it: the current one, or that of ?version=. Nothing here is saved."""
        if object_id is None or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        exercise = self.get_object(request, object_id)
        versions = list(exercise.versions.select_related("published_by").order_by("-number"))
        today = timezone.now().astimezone(current_clinic().zone).date()
        context = {
            "title": exercise.title,
            "subtitle": None,
            "opts": self.opts,
            "exercise": exercise,
            "version": chosen(versions, request.GET.get("version")),
            "versions": versions,
            "nothing": {},
            "context": PromptContext(starts_on=today, today=today),
            "may_assign": may_be_assigned(exercise, by=request.user),
        }
        frame = self.admin_site.each_context(request)
        return render(request, "admin/content/exercise/try.html", frame | context)


def chosen(versions: list[ExerciseVersion], number: str | None) -> ExerciseVersion | None:
    """The version of this number, or the newest. Raises Http404 for a number there is not."""
    if number is None:
        return versions[0] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


def may_be_assigned(exercise: Exercise, *, by: Any) -> bool:
    is_assignable = exercise.current is not None and exercise.retired_at is None
    return is_assignable and isinstance(by, User) and by.may(Act.ASSIGN_WORK)
