"""Addresses of a clinic's host."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from practices import theme_views
from practices.accounts.views import start

urlpatterns = [
    path("", include("content.urls")),
    path("portal/", include("clients.portal.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("practices.accounts.urls")),
    path("start/", start, name="start"),
    path("theme-<slug:version>.css", theme_views.theme, name="theme"),
    path("logo/<uuid:pk>.webp", theme_views.logo, name="logo"),
]

if settings.DEMO or settings.TESTING:
    urlpatterns += [path("inbox/", include("config.inbox"))]

handler400 = "practices.views.bad_request"
handler404 = "content.moved.not_here"
