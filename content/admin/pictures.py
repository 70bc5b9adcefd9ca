"""Pictures: taken in once, described, and found again."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from content.admin.base import NamedAdmin, moment_in_words
from content.admin.picture_pages import choose_page, delete_page, replace_page
from content.forms import NewPictureForm, PictureForm
from content.models import Picture
from content.models.pictures import uses_of
from content.services.pictures import describe_picture, keep_picture
from practices.accounts.models import User
from practices.accounts.permissions import Act


@admin.register(Picture)
class PictureAdmin(NamedAdmin):
    name_field = "alt"
    act_to_view = act_to_add = act_to_change = Act.WRITE_ARTICLES
    change_form_template = "admin/content/picture/change_form.html"
    list_display = ("alt", "thumbnail", "credit", "size", "added")
    search_fields = ("alt", "credit")
    ordering = ("-added_at", "-pk")

    @admin.display(description="picture")
    def thumbnail(self, picture: Picture) -> SafeString:
        return render_to_string("admin/content/picture/thumbnail.html", {"picture": picture})

    @admin.display(description="size")
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    @admin.display(description="added", ordering="added_at")
    def added(self, picture: Picture) -> str:
        return moment_in_words(picture.added_at)

    def get_form(
        self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any
    ) -> "type[ModelForm[Picture]]":
        return PictureForm if change else NewPictureForm

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        return ("alt", "credit", "focus") if obj else ("file", "alt", "credit", "focus")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("choose/", wrap(choose_page), name="content_picture_choose"),
            path("<uuid:pk>/replace/", wrap(replace_page), name="content_picture_replace"),
            path("<uuid:pk>/remove/", wrap(delete_page), name="content_picture_remove"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        picture = context["original"]
        added = {
            "uses": uses_of(picture) if picture else [],
            "may_replace": isinstance(request.user, User) and request.user.may(Act.PUBLISH_ARTICLES),
        }
        return super().render_change_form(request, context | added, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Picture:
        """The picture as the services make it, so that there is none without its files."""
        words = {name: form.cleaned_data[name] for name in ("alt", "credit", "focus")}
        if change:
            describe_picture(form.instance, **words)
            return form.instance  # type: ignore[no-any-return]
        return keep_picture(form.cleaned_data["file"], **words, at=timezone.now())

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        """Done in save_form."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A picture has nothing else."""
