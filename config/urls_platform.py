"""Addresses of the operator's own host."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from config.admin_site import platform_site
from practices import theme_views
from practices.accounts.views import start

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="platform:index"), name="home"),
    path("admin/", platform_site.urls),
    path("accounts/", include("practices.accounts.urls")),
    path("open/", include("practices.console.urls")),
    path("start/", start, name="start"),
    path("theme-<slug:version>.css", theme_views.theme, name="theme"),
]

if settings.DEMO or settings.TESTING:
    urlpatterns += [path("inbox/", include("config.inbox"))]

handler400 = "practices.views.bad_request"
handler404 = "practices.views.not_found"
