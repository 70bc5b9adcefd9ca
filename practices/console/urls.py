"""Pages of the console that are more than a list, and those by which a practice signs up."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from practices.console import clinic_views, opening_views, sign_up_views

PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("clinics/open/", opening_views.open_clinic, "open_clinic"),
    ("clinics/<uuid:pk>/", clinic_views.clinic, "clinic"),
    ("clinics/<uuid:pk>/rename/", clinic_views.rename, "rename_clinic"),
    ("clinics/<uuid:pk>/rest/", clinic_views.rest, "rest_clinic"),
    ("clinics/<uuid:pk>/hold/", clinic_views.hold, "hold_clinic"),
    ("clinics/<uuid:pk>/again/", clinic_views.open_again, "open_again"),
    ("clinics/<uuid:pk>/hosts/", clinic_views.new_host, "new_host"),
    ("clinics/<uuid:pk>/hosts/<int:number>/<slug:act>/", clinic_views.host, "host"),
)

urlpatterns = [
    path("", sign_up_views.ask, name="sign_up"),
    path("sent/", sign_up_views.sent, name="sign_up_sent"),
    path("<str:token>/", sign_up_views.confirm, name="sign_up_confirm"),
]


def console_urls(site: AdminSite) -> list[URLPattern]:
    return [path(route, site.admin_view(view), name=name) for route, view, name in PAGES]
