"""The staff's workplace: one admin site for clinics, one for the operator, both signed in to through allauth."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account import views as account_views
from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator

from config import navigation
from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.console.admin import ClinicAdmin
from practices.models import Clinic

if TYPE_CHECKING:
    from content.models import Exercise


class WorkplaceSite(AdminSite):
    """An admin site for one kind of people, with a sidebar of its own and each user's own first page."""

    kind: Kind
    sidebar: navigation.Navigation

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and user.kind == self.kind

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what the GRANTS table guards: packages bring admins of their own, which it knows nothing of."""
        if admin_class is not None and issubclass(admin_class, GrantedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().login(request, extra_context)  # pragma: no cover - secure_admin_login always answers

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Signing out is the same everywhere: recorded, and forgotten by the browser."""
        response: HttpResponse = account_views.logout(request)
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect(f"{self.name}:index")

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        assert isinstance(request.user, User)
        return redirect(navigation.home_of(request.user))

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The sidebar is the map; Django's page of an app's models would be a second one."""
        return redirect(f"{self.name}:index")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's way from any row to its page: it knows nothing of who may see the row, nor of ids like ours."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        user = request.user
        sections = navigation.sections_for(user, request.path, self.sidebar) if isinstance(user, User) else []
        return super().each_context(request) | {"nav_sections": sections}


class ClinicAdminSite(WorkplaceSite):
    """Where a clinic's staff work."""

    site_title = site_header = index_title = "Desk"
    kind = Kind.STAFF
    sidebar = navigation.CLINIC

    def open_work(self, exercise: "Exercise") -> dict[UUID, int]:
        """What the exercise's page says about each version, which the floor of exercises can't count itself."""
        from clients.models import Assignment

        return Assignment.objects.holders_by_version(exercise)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from clients.admin.urls import desk_urls
        from clients.portal.views.preview import article_in_portal
        from content.admin.urls import content_urls

        in_portal = path("articles/<uuid:pk>/in-portal/", self.admin_view(article_in_portal), name="article_in_portal")
        return [*desk_urls(self), *content_urls(self), in_portal, *super().get_urls()]


class PlatformAdminSite(WorkplaceSite):
    """The operator's console: which clinics there are; nothing of what is in them."""

    site_title = site_header = index_title = "Platform"
    kind = Kind.OPERATOR
    sidebar = navigation.PLATFORM

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from practices.console.urls import console_urls

        return [*console_urls(self), *super().get_urls()]


platform_site = PlatformAdminSite(name="platform")
platform_site.register(Clinic, ClinicAdmin)
