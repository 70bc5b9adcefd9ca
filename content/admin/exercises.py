"""Exercises: which there are, their versions, and the way to the builder and the library."""

from typing import Any, Protocol, cast
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from content.admin import exercise_pages, file_views, library_views
from content.admin.base import NamedAdmin
from content.admin.builder import views as builder
from content.admin.exercise_pages import chosen, trial_of
from content.models import Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Act

PAGES = (
    ("<uuid:pk>/build/", builder.build, "build"),
    ("<uuid:pk>/build/about/", builder.about, "about"),
    ("<uuid:pk>/build/add/", builder.prompt_add, "prompt_add"),
    ("<uuid:pk>/build/act/", builder.act, "act"),
    ("<uuid:pk>/build/discard/", builder.discard, "discard"),
    ("<uuid:pk>/build/publish/", builder.publish, "publish"),
    ("<uuid:pk>/build/prompts/<slug:prompt_id>/", builder.prompt, "prompt"),
    ("<uuid:pk>/try/", exercise_pages.try_out, "try"),
    ("<uuid:pk>/copy/", exercise_pages.copy, "copy"),
    ("<uuid:pk>/retire/", exercise_pages.retire, "retire"),
    ("<uuid:pk>/file/", file_views.export_file, "file"),
    ("file/", file_views.import_file, "import"),
    ("library/", library_views.library, "library"),
    ("library/<slug:name>/", library_views.library_entry, "library_entry"),
    ("library/<slug:name>/copy/", library_views.library_copy, "library_copy"),
    ("measures/<slug:key>/use/", library_views.measure_use, "measure_use"),
)


class KnowsOpenWork(Protocol):
    """The admin site of a clinic, which the floor above has told who is working on what."""

    def open_work(self, exercise: Exercise) -> dict[UUID, int]:
        """How many clients have unfinished work on each version, by its id; versions that nobody has may be missing."""


@admin.register(Exercise)
class ExerciseAdmin(NamedAdmin):
    name_field = "title"
    act_to_view = act_to_add = Act.WRITE_ARTICLES
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
        elif getattr(exercise, "has_draft", False):
            chip = {"text": "draft of a new version", "icon": "draft", "tone": "accent"}
        return render_to_string("practices/parts/chip.html", chip)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exercise]:
        return Exercise.objects.select_related("current", "article").with_draft_state()

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(route, self.admin_site.admin_view(view), name=f"content_exercise_{name}")
            for route, view, name in PAGES
        ]
        return [*pages, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return cast(HttpResponse, builder.begin(request))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A version as a client meets it, the current one or that of ?version=, and who is on which version."""
        if object_id is None or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        exercise = self.get_object(request, object_id)
        versions = list(exercise.versions.select_related("published_by").order_by("-number"))
        version = chosen(versions, request.GET.get("version"))
        if version is None and not exercise.is_locked:
            return redirect("admin:content_exercise_build", exercise.pk)
        holders = cast(KnowsOpenWork, self.admin_site).open_work(exercise)
        context = {
            "title": exercise.title,
            "subtitle": None,
            "opts": self.opts,
            "exercise": exercise,
            "version": version,
            "versions": [(other, holders.get(other.pk, 0)) for other in versions],
            "trial": trial_of(request, version.parsed) if version else None,
            "try_url": f"{reverse('admin:content_exercise_try', args=[exercise.pk])}?version={version.number}"
            if version
            else "",
            "may_assign": may_be_assigned(exercise, by=request.user),
            "may_publish": isinstance(request.user, User) and request.user.may(Act.PUBLISH_EXERCISES),
        }
        frame = self.admin_site.each_context(request)
        return render(request, "admin/content/exercise/try.html", frame | context)


def may_be_assigned(exercise: Exercise, *, by: Any) -> bool:
    is_assignable = exercise.current is not None and exercise.retired_at is None
    return is_assignable and isinstance(by, User) and by.may(Act.ASSIGN_WORK)
