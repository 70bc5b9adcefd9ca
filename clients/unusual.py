"""What is unusual about who opened what in a week: plain rules, each with its threshold, that an owner can be told.

Unusual is not wrong. Nobody is judged here; the owner sees it and asks.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from practices.audit.models import Action

# By the clinic's clock.
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
# More different clients than this, within this time.
MANY_CLIENTS, SOON = 15, timedelta(hours=1)
# As many refusals as this, or more, within this time.
MANY_REFUSALS, QUICKLY = 5, timedelta(minutes=10)
# As many copies as this, or more, in the week.
MANY_COPIES = 3

READINGS = frozenset({Action.RESPONSE_OPENED, Action.CLIENT_OPENED})
# The actions that the rules ask about.
WATCHED = (*READINGS, Action.GLASS_BROKEN, Action.DENIED, Action.AUDIT_EXPORTED)
COPY = "export"


class Rule(StrEnum):
    """Why something is unusual."""

    GLASS = "with a reason"
    AFTER_CARE = "after care ended"
    MANY_CLIENTS = "many clients"
    AT_NIGHT = "at night"
    COPIES = "copies"
    REFUSALS = "refusals"


class Event(NamedTuple):
    """What the rules need of an audit event."""

    id: UUID
    at: datetime
    actor: UUID | None
    actor_role: str
    action: str
    client_id: UUID | None
    purpose: str

    @property
    def is_reading(self) -> bool:
        return self.action in READINGS

    @property
    def is_copy(self) -> bool:
        return self.action == Action.AUDIT_EXPORTED or self.purpose == COPY


class Care(NamedTuple):
    """From when until when somebody cared for a client."""

    starts_at: datetime
    ends_at: datetime | None


# By clinician and client.
CareTimes = Mapping[tuple[UUID, UUID], Sequence[Care]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One person did something unusual, from the first to the last of these moments; clients in the order they came up."""

    rule: Rule
    actor: UUID | None
    role: str
    first: datetime
    last: datetime
    times: int
    clients: tuple[UUID, ...]


def unusual(events: Iterable[Event], *, zone: ZoneInfo, care: CareTimes) -> list[Finding]:
    """Everything that any of the rules finds, rule by rule, oldest first. One event may break several rules."""
    found: list[Finding] = []
    for own in by_person(events):
        found += [finding(Rule.GLASS, [event]) for event in own if event.action == Action.GLASS_BROKEN]
        readings = [event for event in own if event.is_reading]
        found += [finding(Rule.AFTER_CARE, some) for some in after_care(readings, care)]
        found += [finding(Rule.MANY_CLIENTS, some) for some in many_clients(readings)]
        found += [finding(Rule.AT_NIGHT, some) for some in at_night(readings, zone)]
        if len(copies := [event for event in own if event.is_copy]) >= MANY_COPIES:
            found.append(finding(Rule.COPIES, copies))
        denied = [event for event in own if event.action == Action.DENIED]
        found += [finding(Rule.REFUSALS, some) for some in many_refusals(denied)]
    order = list(Rule)
    return sorted(found, key=lambda one: (order.index(one.rule), one.first, str(one.actor)))


def by_person(events: Iterable[Event]) -> list[list[Event]]:
    """Each person's own, oldest first; what the system did is nobody's."""
    people: dict[UUID, list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        if event.actor:
            people.setdefault(event.actor, []).append(event)
    return list(people.values())


def finding(rule: Rule, events: Sequence[Event]) -> Finding:
    first, last = events[0], events[-1]
    clients = tuple(dict.fromkeys(event.client_id for event in events if event.client_id))
    return Finding(
        rule=rule,
        actor=first.actor,
        role=first.actor_role,
        first=first.at,
        last=last.at,
        times=len(events),
        clients=clients,
    )


def at_night(readings: Sequence[Event], zone: ZoneInfo) -> Iterator[list[Event]]:
    """Night by night."""
    nights = groupby(readings, key=lambda event: night_of(event.at, zone))
    return (list(some) for night, some in nights if night)


def night_of(at: datetime, zone: ZoneInfo) -> date | None:
    """The day on whose evening this night began, if it is night."""
    local = at.astimezone(zone)
    if local.time() >= NIGHT_BEGINS:
        return local.date()
    return local.date() - timedelta(days=1) if local.time() < NIGHT_ENDS else None


def many_clients(readings: Sequence[Event]) -> list[list[Event]]:
    return crowded(readings, within=SOON, least=MANY_CLIENTS + 1, counted=lambda event: event.client_id)


def many_refusals(denied: Sequence[Event]) -> list[list[Event]]:
    return crowded(denied, within=QUICKLY, least=MANY_REFUSALS, counted=lambda event: event.id)


def crowded(
    events: Sequence[Event], *, within: timedelta, least: int, counted: Callable[[Event], Hashable]
) -> list[list[Event]]:
    """The runs in which so many different things fall within so long; runs that overlap are one. Each event is looked at twice."""
    runs: list[list[Event]] = []
    window: Counter[Hashable] = Counter()
    begin, taken = 0, 0
    for end, event in enumerate(events):
        window[counted(event)] += 1
        while event.at - events[begin].at > within:
            window -= Counter([counted(events[begin])])
            begin += 1
        if len(window) >= least:
            if runs and begin < taken:
                runs[-1] += events[taken : end + 1]
            else:
                runs.append(list(events[begin : end + 1]))
            taken = end + 1
    return runs


def after_care(readings: Sequence[Event], care: CareTimes) -> list[list[Event]]:
    """Client by client: what somebody read who once cared for the client and no longer did, on whatever ground."""
    clients: dict[UUID, list[Event]] = {}
    for event in readings:
        if event.actor and event.client_id and ended_before(event.at, care.get((event.actor, event.client_id), ())):
            clients.setdefault(event.client_id, []).append(event)
    return list(clients.values())


def ended_before(at: datetime, times: Sequence[Care]) -> bool:
    """Some of it had ended, and none of it went on."""
    begun = [time for time in times if time.starts_at <= at]
    return bool(begun) and all(time.ends_at is not None and time.ends_at <= at for time in begun)
