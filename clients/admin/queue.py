"""What waits for a clinician: alerts, new responses, work that is stuck, work that is late."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from clients.admin.words import count_of, day_in_words, days_between, short_moment
from clients.models import Assignment, Client, Occurrence, Response
from clients.models.people import ClientQuerySet


class Group(StrEnum):
    """The parts of the queue, in the order in which they are shown."""

    ALERT = "alert"
    NEW = "new"
    STUCK = "stuck"
    LATE = "late"


FILTERS = (Group.NEW, Group.STUCK, Group.LATE)
NOT_NOW = {
    Occurrence.NotNow.LATER: "Needs more time",
    Occurrence.NotNow.SMALLER: "Too much for me",
    Occurrence.NotNow.WHY: "Not sure what it is for",
    Occurrence.NotNow.OTHER: "Not now",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the queue. `chip` is its state in words, with an icon and a tone."""

    group: Group
    name: str
    title: str
    when: str
    url: str
    response: UUID | None = None
    chip: str = ""
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a queue is found, and what its address asks for besides the group."""

    page: str = "admin:queue"
    asked: tuple[tuple[str, str], ...] = ()

    def url(self, group: str = "") -> str:
        asked = [*self.asked, *([("show", group)] if group else [])]
        return f"{reverse(self.page)}?{urlencode(asked)}" if asked else reverse(self.page)


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that waits, grouped; two queries, however much it is."""

    items: list[Item]
    shown: Group | None = None
    place: Place = Place()

    @property
    def url(self) -> str:
        return self.place.url()

    @property
    def links(self) -> list[tuple[Group, int, str]]:
        """The filters, how much each finds, and where it leads."""
        return [(group, count, self.place.url(group)) for group, count in self.filters]

    @property
    def groups(self) -> list[tuple[Group, list[Item]]]:
        """The groups that have something in them and are asked for; alerts can't be filtered away."""
        wanted = [group for group in Group if self.shown in (None, group) or group is Group.ALERT]
        grouped = [(group, [item for item in self.items if item.group is group]) for group in wanted]
        return [(group, items) for group, items in grouped if items]

    @property
    def filters(self) -> list[tuple[Group, int]]:
        return [(group, sum(item.group is group for item in self.items)) for group in FILTERS]

    def next_response(self) -> UUID | None:
        """What to open next: the first alert, else the first new response."""
        return next((item.response for item in self.items if item.response), None)


def queue_of(
    clients: ClientQuerySet, *, zone: ZoneInfo, at: datetime, shown: str = "", place: Place | None = None
) -> Queue:
    """The queue of these clients; `shown` is one of the filters, or nothing for all."""
    items = [*_responses(clients, zone=zone, at=at), *_occurrences(clients, zone=zone, at=at)]
    order = list(Group)
    items.sort(key=lambda item: order.index(item.group))
    return Queue(items, Group(shown) if shown in FILTERS else None, place or Place())


def title_of(assignment: Assignment, number: int) -> str:
    """The title as the client got it, and which time this is."""
    which = assignment.which(number)
    return f"{assignment.version.title}, {which}" if which else assignment.version.title


def _responses(clients: ClientQuerySet, *, zone: ZoneInfo, at: datetime) -> list[Item]:
    waiting = (
        Response.objects.sent_by(clients)
        .waiting()
        .select_related("occurrence__assignment__client", "occurrence__assignment__version", "alert")
        .defer("answers", "kept", "occurrence__assignment__version__schema")
        .order_by("-submitted_at")
    )
    return [_response_item(response, zone=zone, at=at) for response in waiting]


def _response_item(response: Response, *, zone: ZoneInfo, at: datetime) -> Item:
    occurrence = response.occurrence
    alert = getattr(response, "alert", None)
    raised = alert is not None and alert.acknowledged_at is None
    return Item(
        group=Group.ALERT if raised else Group.NEW,
        name=occurrence.assignment.client.name,
        title=title_of(occurrence.assignment, occurrence.number),
        when=short_moment(response.submitted_at or at, at=at, zone=zone),
        url=reverse("admin:response", args=[response.pk]),
        response=response.pk,
        chip="Not acknowledged" if raised else "",
        icon="alert",
        tone="bad",
    )


def _occurrences(clients: ClientQuerySet, *, zone: ZoneInfo, at: datetime) -> list[Item]:
    troubled = (
        Occurrence.objects.of(clients)
        .exclude(assignment__client__status=Client.Status.DISCHARGED)
        .needing_attention(at)
        .select_related("assignment__client", "assignment__version")
        .defer("assignment__version__schema")
    )
    longest_first = sorted(troubled, key=lambda occurrence: occurrence.not_now_at or occurrence.due_at)
    return [_occurrence_item(occurrence, zone=zone, at=at) for occurrence in longest_first]


def _occurrence_item(occurrence: Occurrence, *, zone: ZoneInfo, at: datetime) -> Item:
    if occurrence.is_put_off:
        group, since = Group.STUCK, occurrence.not_now_at or at
        chip, icon, tone = f"“{NOT_NOW[Occurrence.NotNow(occurrence.not_now)]}”", "reply", "warm"
    elif occurrence.state == Occurrence.State.STARTED:
        group, since = Group.STUCK, occurrence.started_at or at
        chip, icon, tone = "Begun, not sent", "draft", ""
    else:
        group, since = Group.LATE, occurrence.due_at
        chip, icon, tone = f"Due {day_in_words(since, at=at, zone=zone)}", "clock", ""
    days = days_between(since, at, zone=zone)
    return Item(
        group=group,
        name=occurrence.assignment.client.name,
        title=title_of(occurrence.assignment, occurrence.number),
        when=count_of(days, "day") if days else "Today",
        url=reverse("admin:client", args=[occurrence.assignment.client_id]),
        chip=chip,
        icon=icon,
        tone=tone,
    )
