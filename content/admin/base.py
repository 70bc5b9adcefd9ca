"""What the admins of this floor have in common: rows are called by their names."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateformat import format as date_format
from django.utils.text import capfirst

from practices.accounts.granted_admin import GrantedAdmin
from practices.tenancy import current_clinic


def moment_in_words(moment: datetime) -> str:
    """Day and hour on the clinic's clock."""
    return date_format(moment.astimezone(current_clinic().zone), "j M Y, H:i").replace(" ", "\u00a0")


class NamedAdmin(GrantedAdmin):
    """An admin whose pages and messages call a row by its name; a row's own text is only its id, for logs."""

    list_per_page = 50
    show_full_result_count = False

    # The attribute that people call a row by.
    name_field: ClassVar[str]

    def name_of(self, row: models.Model) -> str:
        return str(getattr(row, self.name_field))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {"show_save_and_add_another": False, "show_save_and_continue": False} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context["original"]
        name = self.name_of(row) if row else f"Add {self.opts.verbose_name}"
        return super().render_change_form(
            request, context | {"title": name, "subtitle": None, "name": name}, *args, **kwargs
        )

    def response_add(self, request: HttpRequest, obj: models.Model, post_url_continue: Any = None) -> HttpResponse:
        return self.response_saved(request, obj)

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        return self.response_saved(request, obj)

    def response_saved(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Back to the list, saying what was saved."""
        messages.success(request, f"Saved “{self.name_of(row)}”.")
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
