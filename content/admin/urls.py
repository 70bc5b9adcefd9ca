"""Pages about content that are more than a list: they live on the admin site, behind its sign-in."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from content.admin import (
    article_settings,
    comment_settings,
    export_views,
    import_views,
    look,
    moderation,
    settings_pages,
)

PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("comments/", moderation.queue, "comments"),
    ("comments/decide/", moderation.decide, "comments_decide"),
    ("comments/undo/", moderation.undo, "comments_undo"),
    ("comments/<uuid:pk>/erase/", moderation.erase, "comment_erase"),
    ("settings/", settings_pages.practice_settings, "practice_settings"),
    ("settings/contacts/", settings_pages.contacts_settings, "contacts_settings"),
    ("settings/articles/", article_settings.article_settings, "article_settings"),
    ("import/", import_views.bring, "import"),
    ("import/<uuid:pk>/", import_views.run_page, "import_run"),
    ("import/<uuid:pk>/confirm/", import_views.confirm, "import_confirm"),
    ("import/<uuid:pk>/stop/", import_views.stop, "import_stop"),
    ("export/", export_views.export, "export"),
    ("export/<str:kind>/", export_views.export_file, "export_file"),
    ("settings/look/", look.look, "look"),
    ("settings/look/sample.css", look.look_sample, "look_sample"),
    ("settings/comments/", comment_settings.comment_settings, "comment_settings"),
)


def content_urls(site: AdminSite) -> list[URLPattern]:
    return [path(route, site.admin_view(view), name=name) for route, view, name in PAGES]
