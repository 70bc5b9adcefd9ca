"""The staff's workplace: one admin site for clinics, one for the operator, both signed in to through allauth."""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator

from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind
from practices.admin import ClinicAdmin
from practices.models import Clinic


@dataclass(frozen=True, slots=True)
class NavLink:
    """One line of the sidebar: shown to whoever may do the act."""

    label: str
    page: str
    act: Act
    add_page: str = ""


NAVIGATION: dict[str, tuple[NavLink, ...]] = {
    "Desk": (
        NavLink("Review queue", "admin:queue", Act.READ_RESPONSES),
        NavLink("Clients", "admin:clients_client_changelist", Act.LIST_CLIENTS, "admin:clients_client_add"),
        NavLink("Assign", "admin:assign", Act.ASSIGN_WORK),
    ),
    "Content": (
        NavLink("Articles", "admin:content_article_changelist", Act.WRITE_ARTICLES, "admin:content_article_add"),
        NavLink("Exercises", "admin:content_exercise_changelist", Act.WRITE_ARTICLES),
        NavLink("Pictures", "admin:content_picture_changelist", Act.WRITE_ARTICLES, "admin:content_picture_add"),
        NavLink("Authors", "admin:content_author_changelist", Act.WRITE_ARTICLES, "admin:content_author_add"),
    ),
    "Practice": (
        NavLink("Overview", "admin:overview", Act.SEE_OVERVIEW),
        NavLink("Staff", "admin:accounts_user_changelist", Act.MANAGE_STAFF, "admin:accounts_user_add"),
    ),
}
# Where each member of staff begins: the first page of these that they may open.
HOMES = (
    (Act.READ_RESPONSES, "admin:queue"),
    (Act.SEE_OVERVIEW, "admin:overview"),
    (Act.LIST_CLIENTS, "admin:clients_client_changelist"),
    (Act.WRITE_ARTICLES, "admin:content_article_changelist"),
)


class ClinicAdminSite(AdminSite):
    site_title = "Desk"
    site_header = "Desk"
    index_title = "Desk"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and user.kind == Kind.STAFF

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().login(request, extra_context)  # pragma: no cover - secure_admin_login always answers

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        user = request.user
        return redirect(next(page for act, page in HOMES if isinstance(user, User) and user.may(act)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from clients.admin.urls import desk_urls

        return [*desk_urls(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"nav_sections": self.navigation(request)}

    def navigation(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The sidebar for whoever asks; empty sections are left out."""
        user = request.user
        if not isinstance(user, User):
            return []
        sections = [
            {
                "title": title,
                "links": [
                    {
                        "label": link.label,
                        "url": reverse(link.page),
                        "add_url": reverse(link.add_page) if link.add_page else "",
                        "current": request.path.startswith(reverse(link.page)),
                        "count": None,
                    }
                    for link in links
                    if user.may(link.act)
                ],
            }
            for title, links in NAVIGATION.items()
        ]
        return [section for section in sections if section["links"]]


class PlatformAdminSite(AdminSite):
    """The operator's console: which clinics there are; nothing of what is in them."""

    site_title = site_header = "Platform"
    index_title = "Clinics"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and user.may(Act.MANAGE_PLATFORM)

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().login(request, extra_context)  # pragma: no cover - secure_admin_login always answers


platform_site = PlatformAdminSite(name="platform")
platform_site.register(Clinic, ClinicAdmin)
