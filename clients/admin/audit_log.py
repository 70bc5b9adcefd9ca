"""The owner's audit log: which events are asked for, with the names of those they are about."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from clients.admin.client_openings import GONE
from clients.models import Client
from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.audit.models import AuditEvent, AuditEventQuerySet
from practices.audit.wording import choices, in_words
from practices.models import Clinic
from practices.tenancy import in_clinic

A_PAGE = 50
MOST_NAMED = 20
CHUNK = 2000
HEADINGS = ("when", "who", "role", "what", "client", "event", "place", "address")
# A spreadsheet would take what begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AuditFilter(forms.Form):
    """Which events: all fields may stay empty."""

    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input"})
    )
    who = forms.TypedChoiceField(label="Who", required=False, coerce=UUID, empty_value=None)
    what = forms.ChoiceField(label="What", required=False)
    client = forms.CharField(
        label="Client, by name",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, zone: ZoneInfo, reader: User) -> None:
        super().__init__(data)
        self.zone, self.reader = zone, reader
        staff = User.objects.exclude(kind=Kind.CLIENT).order_by("display_name").values_list("pk", "display_name")
        self.fields["who"].choices = [("", "Anybody"), *((str(pk), name) for pk, name in staff)]  # type: ignore[attr-defined]
        self.fields["what"].choices = [("", "Anything"), *choices()]  # type: ignore[attr-defined]

    def clean_client(self) -> list[UUID] | None:
        """Those of that name whom the reader may list; None if nobody was asked for."""
        if not (name := self.cleaned_data["client"]):
            return None
        found = Client.objects.visible_to(self.reader).named(name).values_list("pk", flat=True)[: MOST_NAMED + 1]
        if len(found) > MOST_NAMED:
            raise forms.ValidationError(f"More than {MOST_NAMED} clients fit this. Write more of the name.")
        return list(found)

    def events(self) -> AuditEventQuerySet:
        """Newest first; both days belong to the range, in the clinic's own time."""
        asked = self.cleaned_data
        wanted = Q()
        if asked["since"]:
            wanted &= Q(at__gte=datetime.combine(asked["since"], time(), self.zone))
        if asked["until"]:
            wanted &= Q(at__lt=datetime.combine(asked["until"] + timedelta(days=1), time(), self.zone))
        if asked["who"]:
            wanted &= Q(actor=asked["who"])
        if asked["what"]:
            wanted &= Q(action=asked["what"])
        if asked["client"] is not None:
            wanted &= Q(client_id__in=asked["client"])
        return AuditEvent.objects.filter(wanted).newest_first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event, as it is read."""

    event: AuditEvent
    who: str
    what: str
    client: str
    url: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id: those of staff, and of the clients that the reader may list."""

    staff: dict[UUID, str]
    clients: dict[UUID, str]

    def line(self, event: AuditEvent) -> Line:
        return Line(
            event=event,
            who=self.who(event.actor, event.actor_role),
            what=in_words(event),
            client=self.client(event.client_id) if event.client_id else "",
            url=self.url(event.client_id) if event.client_id else "",
        )

    def who(self, actor: UUID | None, role: str) -> str:
        if actor is None:
            return "The system"
        return self.staff.get(actor) or ("The client" if role == Kind.CLIENT else GONE)

    def client(self, pk: UUID) -> str:
        return self.clients.get(pk, GONE)

    def url(self, pk: UUID) -> str:
        return reverse("admin:client", args=[pk]) if pk in self.clients else ""


def names_for(reader: User, events: Iterable[AuditEvent]) -> Names:
    """Of those whom these events are about. Two queries."""
    events = list(events)
    return names_of(reader, {event.actor for event in events}, {event.client_id for event in events})


def names_of(reader: User, staff: set[UUID | None] | None = None, clients: set[UUID | None] | None = None) -> Names:
    """Of these, or of everybody. Two queries."""
    people = User.objects.exclude(kind=Kind.CLIENT)
    visible = Client.objects.visible_to(reader)
    if staff is not None:
        people = people.filter(pk__in=[pk for pk in staff if pk])
    if clients is not None:
        visible = visible.filter(pk__in=[pk for pk in clients if pk])
    return Names(
        dict(people.values_list("pk", "display_name")),
        {pk: f"{first} {last}".strip() for pk, first, last in visible.values_list("pk", "first_name", "last_name")},
    )


class Echo:
    """Takes what csv writes and hands it back."""

    def write(self, row: str) -> str:
        return row


def cell(text: object) -> str:
    """As text, whatever a spreadsheet makes of its first character."""
    words = str(text if text is not None else "")
    return f"'{words}" if words.startswith(FORMULA) else words


def as_csv(events: AuditEventQuerySet, *, clinic: Clinic, reader: User) -> Iterator[str]:
    """Line by line, through a cursor of the server's: memory stays flat. Times are the clinic's own, with their offset."""
    writer = csv.writer(Echo())
    with in_clinic(clinic.pk), transaction.atomic():
        names = names_of(reader)
        yield writer.writerow(HEADINGS)
        for event in events.iterator(chunk_size=CHUNK):
            line = names.line(event)
            at = event.at.astimezone(clinic.zone).isoformat(timespec="seconds")
            row = (at, line.who, event.actor_role, line.what, line.client, event.pk, event.seq, event.address)
            yield writer.writerow([cell(value) for value in row])
