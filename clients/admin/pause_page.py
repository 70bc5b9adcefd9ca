"""What the page for a client's pause shows: the pause there is, or what one would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.utils.formats import date_format

from clients.admin.words import capital, count_of
from clients.models import Client, Occurrence
from clients.services.pausing import Held, what_would_be_held
from practices.tenancy import current_clinic


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one piece of work."""

    title: str
    words: str


def days_in_words(first: date, last: date) -> str:
    """ "20 December 2026", "20 December 2026 to 3 January 2027"."""
    return " to ".join(dict.fromkeys(date_format(day, "j F Y") for day in (first, last)))


class PausePage:
    """By the client's own calendar."""

    def __init__(self, client: Client, *, at: datetime) -> None:
        self.client, self.at = client, at
        self.zone = client.zone(current_clinic())
        self.today = at.astimezone(self.zone).date()

    @cached_property
    def present(self) -> str:
        """The pause there is, on or to come."""
        first, last = self.client.pause_from, self.client.pause_until
        return days_in_words(first, last) if first and last and self.client.has_pause(self.today) else ""

    @property
    def is_on(self) -> bool:
        return self.client.is_paused(self.today)

    def changes(self, first: date, last: date) -> list[Change]:
        """What a pause on these days would change."""
        own = Occurrence.objects.filter(assignment__client=self.client)
        held = what_would_be_held(own, first=first, last=last, zone=self.zone, since=self.at, at=self.at)
        by_work = groupby(held, key=lambda one: one.occurrence.assignment)
        return [Change(work.version.title, ". ".join(self._words(list(group)))) for work, group in by_work]

    def _words(self, held: list[Held]) -> Iterable[str]:
        left_out = sum(one.left_out for one in held)
        if left_out:
            yield f"{count_of(left_out, 'time')} of {held[0].occurrence.assignment.times} left out"
        for one in held:
            if one.opens_at and one.due_at:
                due = f"due {self._day(one.due_at)} instead of {self._day(one.occurrence.due_at)}"
                yield f"Opens {self._day(one.opens_at)}, {due}" if one.opens_later else capital(due)

    def _day(self, moment: datetime) -> str:
        return date_format(moment.astimezone(self.zone), "j F")
