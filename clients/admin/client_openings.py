"""Who opened what of one client: the audit's openings, in words for those who care for the client or own the practice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clients.models import Client, Response
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.audit.wording import PURPOSES

GONE = "Somebody who has left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One time that somebody opened something."""

    at: datetime
    who: str
    role: str
    what: str
    why: str


def openings_in_words(events: list[AuditEvent], *, client: Client, titled: bool) -> list[Opening]:
    """In the order given; with the titles of what was read only if they are `titled`. Two queries, or one without titles."""
    people = dict(
        User.objects.filter(pk__in={event.actor for event in events if event.actor}).values_list("pk", "display_name")
    )
    read = {event.subject_id for event in events if event.subject_id and event.action == Action.RESPONSE_OPENED}
    own = Response.objects.submitted().filter(occurrence__assignment__client=client, pk__in=read)
    titles = own.titles() if titled else {}
    return [
        Opening(
            at=event.at,
            who=people.get(event.actor, GONE) if event.actor else GONE,
            role=event.actor_role,
            what=what_was_opened(event, titles, client=client),
            why=PURPOSES.get(event.purpose, ""),
        )
        for event in events
    ]


def what_was_opened(event: AuditEvent, titles: dict[UUID, str], *, client: Client) -> str:
    if event.action == Action.GLASS_BROKEN:
        return f"Asked to open {client.first_name}’s work"
    if event.action == Action.CLIENT_OPENED:
        return "The client page"
    title = titles.get(event.subject_id) if event.subject_id else None
    return f"“{title}”" if title else f"Something {client.first_name} sent"
