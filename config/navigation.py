"""The sidebars: which pages there are, in which order, and for whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from practices.accounts.models import User
from practices.accounts.permissions import Act


def waiting_for(user: User) -> int:
    """How many responses and alerts wait for this clinician."""
    from clients.models import Response

    return Response.objects.in_care_of(user).waiting().count()


def comments_for(user: User) -> int:
    """How many comments wait to be read."""
    from content.models import Comment

    return Comment.objects.held().count()


def articles_for(user: User) -> int | None:
    """How many articles wait to be read by whoever publishes."""
    from content.models import Article

    return Article.objects.to_be_read().count() if user.may(Act.PUBLISH_ARTICLES) else None


@dataclass(frozen=True, slots=True)
class NavLink:
    """One line of the sidebar: shown to whoever may do the act; without one, to all who work here.

    `act_to_add` is what its Add takes, `count` what waits.
    """

    label: str
    page: str
    act: Act | None
    add_page: str = ""
    act_to_add: Act | None = None
    count: Callable[[User], int | None] | None = None

    def is_for(self, user: User) -> bool:
        return self.act is None or user.may(self.act)

    def for_user(self, user: User, path: str) -> dict[str, Any]:
        url = reverse(self.page)
        act_to_add = self.act_to_add or self.act
        may_add = act_to_add is not None and user.may(act_to_add)
        return {
            "label": self.label,
            "url": url,
            "add_url": reverse(self.add_page) if self.add_page and may_add else "",
            "current": path.startswith(url),
            "count": self.count(user) if self.count else None,
        }


Navigation = Mapping[str, tuple[NavLink, ...]]

CLINIC: Navigation = {
    "Desk": (
        NavLink("Review queue", "admin:queue", Act.READ_RESPONSES, count=waiting_for),
        NavLink("Supervision", "admin:supervision", Act.SUPERVISE),
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
        NavLink(
            "Articles",
            "admin:content_article_changelist",
            Act.WRITE_ARTICLES,
            "admin:content_article_add",
            count=articles_for,
        ),
        NavLink("Comments", "admin:comments", Act.MODERATE_COMMENTS, count=comments_for),
        NavLink("Exercises", "admin:content_exercise_changelist", Act.WRITE_ARTICLES, "admin:content_exercise_add"),
        NavLink("Pictures", "admin:content_picture_changelist", Act.WRITE_ARTICLES, "admin:content_picture_add"),
        NavLink("Topics", "admin:content_topic_changelist", Act.WRITE_ARTICLES, "admin:content_topic_add"),
        NavLink("Series", "admin:content_series_changelist", Act.WRITE_ARTICLES, "admin:content_series_add"),
        NavLink("Authors", "admin:content_author_changelist", Act.WRITE_ARTICLES, "admin:content_author_add"),
        NavLink("Import", "admin:import", Act.MOVE_CONTENT),
        NavLink("Export", "admin:export", Act.MOVE_CONTENT),
    ),
    "Practice": (
        NavLink("Overview", "admin:overview", Act.SEE_OVERVIEW),
        NavLink("Weekly look", "admin:newest_weekly_look", Act.READ_AUDIT),
        NavLink("Audit log", "admin:audit_log", Act.READ_AUDIT),
        NavLink("Opened with a reason", "admin:glass_openings", Act.READ_AUDIT),
        NavLink("Staff", "admin:accounts_user_changelist", Act.MANAGE_STAFF, "admin:invite_staff"),
        NavLink("Who may see what", "admin:who_may_see_what", None),
        NavLink("Your account", "account", None),
        NavLink("Settings", "admin:practice_settings", Act.MANAGE_CLINIC),
    ),
}
PLATFORM: Navigation = {
    "Platform": (
        NavLink("Clinics", "platform:practices_clinic_changelist", Act.MANAGE_PLATFORM, "platform:open_clinic"),
        NavLink("Your account", "account", None),
    ),
}
# Where each member of staff begins: the first page of these that they may open.
HOMES = (
    (Act.READ_RESPONSES, "admin:queue"),
    (Act.SEE_OVERVIEW, "admin:overview"),
    (Act.SUPERVISE, "admin:supervision"),
    (Act.LIST_CLIENTS, "admin:clients_client_changelist"),
    (Act.WRITE_ARTICLES, "admin:content_article_changelist"),
    (Act.MANAGE_PLATFORM, "platform:practices_clinic_changelist"),
)


def sections_for(user: User, path: str, navigation: Navigation) -> list[dict[str, Any]]:
    """The sidebar for one user, as {"title", "links"}; empty sections are left out."""
    sections = (
        {"title": title, "links": [line.for_user(user, path) for line in lines if line.is_for(user)]}
        for title, lines in navigation.items()
    )
    return [section for section in sections if section["links"]]


def home_of(user: User) -> str:
    """The URL name of the page on which this user begins."""
    return next(page for act, page in HOMES if user.may(act))
