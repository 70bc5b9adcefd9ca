"""Topics and series: what articles are sorted by."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from content.admin.base import NamedAdmin
from content.forms import SeriesForm, TopicForm
from content.models import Article, Series, Topic
from content.services.shelves import keep_series, keep_topic
from practices.accounts.permissions import Act

PUBLISHED = Count("articles", filter=Q(articles__status=Article.Status.PUBLISHED))


class ShelfAdmin(NamedAdmin):
    """Something that articles stand under, with how many of them readers see."""

    act_to_view = act_to_add = act_to_change = Act.WRITE_ARTICLES

    @admin.display(description="published articles", ordering="published")
    def published(self, row: Any) -> int:
        count: int = row.published
        return count

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(published=PUBLISHED)
        return rows


@admin.register(Topic)
class TopicAdmin(ShelfAdmin):
    name_field = "name"
    form = TopicForm
    list_display = ("name", "description", "published")
    search_fields = ("name",)
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        keep_topic(obj)


@admin.register(Series)
class SeriesAdmin(ShelfAdmin):
    name_field = "title"
    form = SeriesForm
    list_display = ("title", "description", "published")
    search_fields = ("title",)
    ordering = ("title",)

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        keep_series(obj)
