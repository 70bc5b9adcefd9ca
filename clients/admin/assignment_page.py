"""What the page of one piece of work that was given shows: its times, and what of it can be changed."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.formats import date_format

from clients.admin.assignment_forms import DueForm, NoteForm, SmallerForm
from clients.admin.chips import chip_of, in_hand
from clients.admin.queue import NOT_NOW
from clients.admin.words import capital, day_in_words, moment_in_words, often_in_words
from clients.models import Occurrence, Response
from clients.states import UNFINISHED
from practices.accounts.models import User
from practices.tenancy import current_clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One time, and how it stands; `response` is what was sent."""

    name: str
    detail: str
    chip: str
    icon: str
    response: UUID | None
    reason: str
    words: str


def with_times(assignments: Any) -> Any:
    """All that the page needs, without a word of what was answered."""
    times = (
        Occurrence.objects.select_related("response").defer("response__answers", "response__kept").order_by("number")
    )
    return assignments.select_related(
        *("client__user", "version", "smaller", "assigned_by", "noted_by", "instead_of__assignment__version")
    ).prefetch_related(Prefetch("occurrences", times, to_attr="times_in_order"))


class AssignmentPage:
    """One piece of work, as the clinician who may change it sees it. Its moments are by the client's clock."""

    def __init__(self, assignment: Any, *, reader: User, at: datetime) -> None:
        self.assignment, self.reader, self.at = assignment, reader, at
        self.client = assignment.client
        self.zone = self.client.zone(current_clinic())
        self._times: list[Occurrence] = assignment.times_in_order

    @property
    def title(self) -> str:
        return str(self.assignment.version.title)

    @property
    def full(self) -> Any:
        """Of a smaller version that the client chose: what it is done instead of."""
        return self.assignment.instead_of.assignment if self.assignment.instead_of else None

    @property
    def given(self) -> str:
        by = self.assignment.assigned_by
        who = "You" if by.pk == self.reader.pk else by.display_name
        if full := self.full:
            return f"{self.client.first_name} chose it {self._day(self.assignment.assigned_at)}, instead of “{full.version.title}”."
        often = often_in_words(self.assignment.rule, starts_on=self.assignment.starts_on)
        return f"{who} gave it {self._day(self.assignment.assigned_at)}, {often}."

    def _day(self, moment: datetime) -> str:
        return day_in_words(moment, at=self.at, zone=self.zone)

    @property
    def times(self) -> list[Time]:
        return [self._time(occurrence) for occurrence in self._times]

    def _time(self, occurrence: Occurrence) -> Time:
        response: Response | None = getattr(occurrence, "response", None)
        sent = occurrence.submitted_at
        when = f"Due {self._day(occurrence.due_at)}"
        if sent:
            when = f"Sent {moment_in_words(sent, at=self.at, zone=self.zone)}"
        elif occurrence.opens_at > self.at:
            when = f"Opens {self._day(occurrence.opens_at)}. {when}"
        chip, icon = chip_of(occurrence, at=self.at)
        reason = NOT_NOW[Occurrence.NotNow(occurrence.not_now)] if occurrence.not_now and not sent else ""
        return Time(
            reason=reason,
            words=occurrence.not_now_words or "" if reason else "",
            name=self.name_of(occurrence),
            detail=when,
            chip=chip,
            icon=icon,
            response=response.pk if sent and response else None,
        )

    def name_of(self, occurrence: Occurrence) -> str:
        """ "Day 3 of 14", or just when it is due."""
        which = self.assignment.which(occurrence.number)
        return capital(which) or date_format(occurrence.due_at.astimezone(self.zone), "l j F")

    def _due_in_words(self, occurrence: Occurrence) -> str:
        return f"{self.name_of(occurrence)}, due {self._day(occurrence.due_at)}"

    @cached_property
    def unfinished(self) -> list[Occurrence]:
        return [occurrence for occurrence in self._times if occurrence.state in UNFINISHED]

    def due_form(self, posted: Any = None) -> DueForm:
        return DueForm(
            posted,
            assignment=self.assignment,
            words=self._due_in_words,
            first=in_hand(self.unfinished, at=self.at),
            today=self.at.astimezone(self.zone).date(),
        )

    def smaller_form(self, posted: Any = None) -> SmallerForm:
        return SmallerForm(posted, assignment=self.assignment)

    def note_form(self, posted: Any = None) -> NoteForm:
        return NoteForm(posted, initial={"note": self.assignment.note})

    @property
    def note_by(self) -> str:
        """Who wrote the note that is there now."""
        if not self.assignment.note:
            return ""
        writer = self.assignment.writer
        who = "You" if writer.pk == self.reader.pk else writer.display_name
        return f"{who} wrote it {self._day(self.assignment.noted_at or self.assignment.assigned_at)}."
