"""The text that ends the start of the demo: addresses, and who can sign in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CLINICS = ("willow", "harbour")
PLACES = (
    ("", "what everybody can read"),
    ("admin/", "staff"),
    ("portal/", "clients"),
    ("inbox/", "every mail that was sent, and staff's codes"),
)
CLIENTS_SHOWN = 2  # per clinic; the file has them all

Person = Mapping[str, str | None]


def read_people(path: Path) -> list[Person]:
    """Who the seeding says can sign in; nobody if it has not said."""
    try:
        people: list[Person] = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return people


def welcome(port: int, people: Sequence[Person], source: Path, *, one_role: bool = False) -> Iterator[str]:
    """The lines to print once everything answers."""
    yield ""
    for clinic in CLINICS:
        for place, purpose in PLACES:
            yield f"  {f'http://{clinic}.localhost:{port}/{place}':<44} {purpose}"
        yield from _people_of(clinic, people, source)
        yield ""
    yield "Staff are asked for six digits after the password: their codes stand on top of each clinic's inbox/."
    if one_role:
        yield "DATABASE_OWNER_URL is not set: that nobody changes the audit log rests on its triggers alone."
    yield "Ctrl-C stops everything."


def _people_of(clinic: str, people: Sequence[Person], source: Path) -> Iterator[str]:
    own = [person for person in people if person.get("clinic") == clinic]
    staff = [person for person in own if person.get("role") != "client"]
    clients = [person for person in own if person.get("role") == "client"]
    for person in (*staff, *clients[:CLIENTS_SHOWN]):
        yield (
            f"    {person.get('role') or '':<12} {person.get('name') or '':<20} {person.get('email') or '':<34}"
            f" {person.get('password') or 'a code, sent to the inbox'}"
        )
    if len(clients) > CLIENTS_SHOWN:
        yield f"    and {len(clients) - CLIENTS_SHOWN} more clients: {source}"
