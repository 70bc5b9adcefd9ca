"""The staff's workplace: one admin site for clinics, one for the operator, both signed in to through allauth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator

from practices.accounts.granted_admin import GrantedAdmin
from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind
from practices.admin import ClinicAdmin
from practices.models import Clinic


def waiting_for(user: User) -> int:
    """How many responses and alerts wait for this clinician."""
    from clients.models import Response

    return Response.objects.visible_to(user).waiting().count()


def address(page: str) -> str:
    """Where the page is, or nothing if there is none of that name."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """One line of the sidebar: shown to whoever may do the act. `act_to_add` is what its Add takes, `count` what waits."""

    label: str
    page: str
    act: Act
    add_page: str = ""
    act_to_add: Act | None = None
    count: Callable[[User], int] | None = None

    def for_user(self, user: User, path: str) -> dict[str, Any]:
        url = address(self.page)
        may_add = user.may(self.act_to_add or self.act)
        return {
            "label": self.label,
            "url": url,
            "add_url": address(self.add_page) if self.add_page and may_add else "",
            "current": bool(url) and path.startswith(url),
            "count": self.count(user) if self.count else None,
        }


NAVIGATION: dict[str, tuple[NavLink, ...]] = {
    "Desk": (
        NavLink("Review queue", "admin:queue", Act.READ_RESPONSES, count=waiting_for),
        NavLink(
            "Clients",
            "admin:clients_client_changelist",
            Act.LIST_CLIENTS,
            "admin:clients_client_add",
            act_to_add=Act.ADD_CLIENTS,
        ),
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

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        user = request.user
        return redirect(next(page for act, page in HOMES if isinstance(user, User) and user.may(act)))

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what the GRANTS table guards: packages bring admins of their own, which it knows nothing of."""
        if admin_class is not None and issubclass(admin_class, GrantedAdmin):
            super().register(model_or_iterable, admin_class, **options)

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
            {"title": title, "links": [link.for_user(user, request.path) for link in links if user.may(link.act)]}
            for title, links in NAVIGATION.items()
        ]
        for section in sections:
            section["links"] = [link for link in section["links"] if link["url"]]
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
