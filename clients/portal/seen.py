"""Who has seen what a client sent: the audit's events, in words that the client reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.models import Client, Response
from clients.portal import wording
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent

GROUNDS = {
    "handing over": ", while handing over to a colleague",
    "supervision": ", as your clinician’s supervisor",
    "break-glass": ", in place of your clinician, with a reason",
    "export": ", and took a copy of it",
    "print": ", and printed it",
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody looked at something: once, or several times on one day. `at` is the last time, in the client's own zone."""

    at: datetime
    who: str
    role: str
    what: str
    url_of: UUID | None
    times: int

    @property
    def often(self) -> str:
        return f", {self.times} times" if self.times > 1 else ""


def in_words(events: Iterable[AuditEvent], *, client: Client, zone: ZoneInfo) -> list[Look]:
    """The same by the same person on one day is one line, at its last time. Two queries."""
    found: dict[tuple[object, ...], list[AuditEvent]] = {}
    for event in events:
        day = event.at.astimezone(zone).date()
        found.setdefault((day, event.actor, event.action, event.subject_id, event.purpose), []).append(event)
    newest = [same[0] for same in found.values()]
    people = dict(User.objects.filter(pk__in={event.actor for event in newest}).values_list("pk", "display_name"))
    own = Response.objects.submitted().filter(occurrence__assignment__client=client)
    titles = own.filter(pk__in={event.subject_id for event in newest}).titles()
    return [
        Look(
            at=same[0].at.astimezone(zone),
            who=people.get(same[0].actor, "Somebody who has left") if same[0].actor else "Somebody who has left",
            role=same[0].actor_role,
            what=what_was_seen(same[0], titles),
            url_of=same[0].subject_id if same[0].subject_id in titles else None,
            times=len(same),
        )
        for same in found.values()
    ]


def what_was_seen(event: AuditEvent, titles: dict[UUID, str]) -> str:
    """ "read “A small step”", "looked at your work, as your clinician’s supervisor"."""
    if event.action == Action.GLASS_BROKEN:
        return "asked to see your work for one hour, and gave a reason. Your clinician and the owner were told"
    title = titles.get(event.subject_id) if event.subject_id else None
    if event.action == Action.RESPONSE_OPENED:
        seen = f"read “{title}”" if title else "read something you sent"
    else:
        seen = "looked at your page: what you were given, what you sent, and your scores"
    return seen + GROUNDS.get(event.purpose, "")


def by_day(looks: list[Look], today: date) -> list[tuple[str, list[Look]]]:
    days = groupby(looks, key=lambda look: look.at.date())
    return [(wording.plain_date(day, today), list(found)) for day, found in days]
