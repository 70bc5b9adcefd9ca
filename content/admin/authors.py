"""Authors: staff and guests by whom articles are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from content.admin.base import NamedAdmin
from content.forms import AuthorForm
from content.models import Author
from content.services.shelves import keep_author
from practices.accounts.permissions import Act


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    name_field = "byline"
    act_to_view = act_to_add = act_to_change = Act.WRITE_ARTICLES
    form = AuthorForm
    list_display = ("name", "credentials", "account", "is_on_team_page")
    list_select_related = ("user",)
    search_fields = ("name", "credentials")
    ordering = ("name", "pk")

    @admin.display(description="works here as", empty_value="guest")
    def account(self, author: Author) -> str | None:
        return author.user.display_name if author.user else None

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        keep_author(obj)
