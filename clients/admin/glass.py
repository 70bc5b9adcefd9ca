"""Openings with a reason, as lists: whom one may open, and what was opened."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from clients.models import BreakGlass, Client
from practices.accounts.models import User

SHORTEST_NAME = 2
MOST_FOUND = 20
A_PAGE = 25
# For how long it stands on the desk of those it concerns.
NEWS = timedelta(days=7)


def strangers(staff: User, name: str) -> list[Client]:
    """Clients of this name whom the member of staff may not read: the first few, with nothing but their names."""
    found = Client.objects.out_of_reach_of(staff).named(name).only("first_name", "last_name")
    return list(found.order_by("first_name", "last_name", "pk")[:MOST_FOUND])


def openings(staff: User) -> Any:
    """Those that concern this member of staff, newest first; `tells_why` says whose reason they may read."""
    told = BreakGlass.objects.with_reason_for(staff).filter(pk=OuterRef("pk"))
    found = BreakGlass.objects.visible_to(staff).select_related("user", "client").defer("client__contact")
    return found.annotate(tells_why=Exists(told)).order_by("-starts_at", "-pk")


def news(staff: User, *, at: datetime) -> list[BreakGlass]:
    """What others opened lately; for the desk."""
    found = BreakGlass.objects.visible_to(staff).exclude(user=staff).filter(starts_at__gt=at - NEWS)
    return list(found.select_related("user", "client").defer("reason", "client__contact").order_by("-starts_at")[:3])
