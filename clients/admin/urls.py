"""Pages of the desk that are more than a list: they live on the admin site, behind its sign-in."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from clients.admin import (
    assign_views,
    assignment_views,
    audit_views,
    client_views,
    glass_views,
    hand_over_views,
    overview_views,
    pause_views,
    queue_views,
    slip_views,
    weekly_views,
)
from practices.accounts.admin.permission_views import who_may_see_what

PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("queue/", queue_views.queue, "queue"),
    ("supervision/", queue_views.supervision, "supervision"),
    ("queue/<uuid:pk>/", queue_views.response, "response"),
    ("queue/<uuid:pk>/review/", queue_views.review, "review"),
    ("alerts/<uuid:pk>/acknowledge/", queue_views.acknowledge, "acknowledge"),
    ("assign/", assign_views.assign, "assign"),
    ("assignments/<uuid:pk>/", assignment_views.assignment, "assignment"),
    ("assignments/<uuid:pk>/due/", assignment_views.due, "move_due"),
    ("assignments/<uuid:pk>/note/", assignment_views.note, "write_note"),
    ("assignments/<uuid:pk>/smaller/", assignment_views.smaller, "offer_smaller"),
    ("assignments/<uuid:pk>/withdraw/", assignment_views.withdraw, "withdraw"),
    ("clients/client/<uuid:pk>/page/", client_views.client, "client"),
    ("clients/client/<uuid:pk>/openings/", audit_views.openings, "client_openings"),
    ("clients/client/<uuid:pk>/care/", client_views.care, "give_care"),
    ("clients/client/<uuid:pk>/pause/", pause_views.pause, "pause"),
    ("clients/client/<uuid:pk>/resume/", pause_views.resume, "resume"),
    ("clients/client/<uuid:pk>/remind/", client_views.remind, "nudge"),
    ("clients/client/<uuid:pk>/invite/", client_views.invite, "invite"),
    ("clients/client/<uuid:pk>/slip/", slip_views.make, "make_slip"),
    ("slips/<uuid:pk>/revoke/", slip_views.revoke, "revoke_slip"),
    ("care/hand-over/", hand_over_views.to_colleague, "hand_over"),
    ("care/<uuid:pk>/end/", client_views.end, "end_care"),
    ("glass/", glass_views.find, "break_glass"),
    ("glass/client/<uuid:pk>/", glass_views.break_for, "break_glass_for"),
    ("glass/<uuid:pk>/end/", glass_views.end, "end_glass"),
    ("glass/openings/", glass_views.listed, "glass_openings"),
    ("audit/", audit_views.log, "audit_log"),
    ("audit/export/", audit_views.export, "audit_export"),
    ("weekly/", weekly_views.newest, "newest_weekly_look"),
    ("weekly/<str:monday>/", weekly_views.look, "weekly_look"),
    ("who-may-see-what/", who_may_see_what, "who_may_see_what"),
    ("overview/", overview_views.overview, "overview"),
    ("overview/first-hour/put-away/", overview_views.put_away_first_hour, "put_away_first_hour"),
)


def desk_urls(site: AdminSite) -> list[URLPattern]:
    return [path(route, site.admin_view(view), name=name) for route, view, name in PAGES]
