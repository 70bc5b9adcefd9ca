"""The clinic as a whole, in numbers; of fewer than five people none is shown, and nothing that anybody wrote."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.formats import date_format

from clients.admin.charts import Bar, bars
from clients.admin.words import count_of
from clients.completion import FEWEST, Tally, Week, added_up, by_week, grouped, half_read_within, monday, reading
from clients.models import CareRelation, Client, Occurrence, Response
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.tenancy import current_clinic

WEEKS = 12
MOST_LEFT = 5


def hours_in_words(taken: timedelta | None) -> str:
    """ "under an hour", "19 hours", from two days on "3 days"."""
    if taken is None:
        return "–"
    hours = round(taken.total_seconds() / 3600)
    if hours < 1:
        return "under an hour"
    return count_of(hours, "hour") if hours < 48 else count_of(round(hours / 24), "day")


@dataclass(frozen=True, slots=True)
class Caseload:
    """One clinician's clients and how their work goes."""

    clinician: UUID
    name: str
    clients: int
    tally: Tally
    half: str

    @property
    def too_few(self) -> bool:
        return self.clients < FEWEST


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """How often an exercise was finished."""

    title: str
    tally: Tally

    @property
    def left_share(self) -> int:
        return 100 - self.tally.done_share


@dataclass(frozen=True, slots=True)
class Share:
    """A part of all, in words and percent."""

    label: str
    percent: int


class Overview:
    """Twelve weeks of the clinic; the number of queries does not depend on its size."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.zone = current_clinic().zone
        first = monday(at, self.zone) - timedelta(weeks=WEEKS - 1)
        self.since = datetime.combine(first, time(), tzinfo=self.zone)

    @cached_property
    def _weeks(self) -> list[Week]:
        """Twice the period, so that it can be compared with the one before."""
        return by_week(Occurrence.objects.all(), weeks=2 * WEEKS, zone=self.zone, at=self.at)

    @property
    def weeks(self) -> list[Week]:
        return self._weeks[WEEKS:]

    @property
    def tally(self) -> Tally:
        return added_up(self.weeks)

    @property
    def before(self) -> Tally:
        return added_up(self._weeks[:WEEKS])

    @property
    def bars(self) -> list[Bar]:
        return bars(self.weeks)

    @property
    def week_rows(self) -> list[tuple[Week, tuple[int, int] | None]]:
        """Each week with its shares on time and late, if enough people had work."""
        return [(week, self._shares(week.tally)) for week in self.weeks]

    @staticmethod
    def _shares(tally: Tally) -> tuple[int, int] | None:
        return None if tally.too_few else (tally.share(tally.on_time), tally.share(tally.late))

    @property
    def hidden_weeks(self) -> int:
        return sum(week.tally.too_few and week.tally.all > 0 for week in self.weeks)

    @property
    def finding(self) -> str:
        """The chart in a sentence; the present week is not over, so it is left out."""
        known = [week for week in self.weeks[:-1] if week.tally.all and not week.tally.too_few]
        if len(known) < 2:
            return "Too little work by too few people to say how the weeks differ."
        lowest = min(known, key=lambda week: week.tally.done_share)
        highest = max(known, key=lambda week: week.tally.done_share)
        return (
            f"Lowest in the week of {date_format(lowest.starts_on, 'j F')}, {lowest.tally.done_share} %. "
            f"Highest in the week of {date_format(highest.starts_on, 'j F')}, {highest.tally.done_share} %."
        )

    @cached_property
    def reading(self) -> Any:
        return reading(Response.objects.submitted(), since=self.since)

    @property
    def half_read(self) -> str:
        return hours_in_words(self.reading.half)

    @property
    def nine_in_ten_read(self) -> str:
        return hours_in_words(self.reading.nine_in_ten)

    @property
    def reply_share(self) -> int:
        return round(100 * self.reading.replied / self.reading.read) if self.reading.read else 0

    @property
    def read_shares(self) -> list[Share]:
        """Of what was read, how much within which time."""
        found = self.reading
        parts = [
            ("A day", found.day),
            ("Two days", found.two_days - found.day),
            ("A week", found.week - found.two_days),
            ("Longer", found.longer),
        ]
        return [Share(label, round(100 * number / found.read)) for label, number in parts] if found.read else []

    @cached_property
    def active_clients(self) -> int:
        return Client.objects.filter(status=Client.Status.ACTIVE).count()

    @cached_property
    def clients_with_open_work(self) -> int:
        open_now = Occurrence.objects.answerable(self.at).filter(assignment__client__status=Client.Status.ACTIVE)
        return open_now.aggregate(people=Count("assignment__client", distinct=True))["people"] or 0

    @cached_property
    def caseloads(self) -> list[Caseload]:
        """Of each clinician whose account is open."""
        care = CareRelation.objects.acting()
        sizes = dict(care.order_by().values_list("clinician").annotate(size=Count("client", distinct=True)))
        current = Occurrence.objects.filter(
            assignment__client__care__in=care.exclude(client__status=Client.Status.DISCHARGED)
        )
        key = "assignment__client__care__clinician"
        tallies = {pk: tally for (pk,), tally in grouped(current, key, since=self.since, at=self.at)}
        halves = half_read_within(Response.objects.submitted(), since=self.since)
        clinicians = User.objects.with_role(Role.CLINICIAN).order_by("display_name").values_list("pk", "display_name")
        return [
            Caseload(pk, name, sizes.get(pk, 0), tallies.get(pk, Tally()), hours_in_words(halves.get(pk)))
            for pk, name in clinicians
        ]

    @cached_property
    def _exercises(self) -> list[ExerciseLine]:
        keys = ("assignment__version__exercise", "assignment__version__exercise__title")
        found = grouped(Occurrence.objects.all(), *keys, since=self.since, at=self.at)
        return [ExerciseLine(title, tally) for (_, title), tally in found]

    @property
    def exercises(self) -> list[ExerciseLine]:
        """Those given to enough clients, the most given first."""
        return sorted(
            (line for line in self._exercises if not line.tally.too_few), key=lambda line: line.tally.all, reverse=True
        )

    @property
    def hidden_exercises(self) -> int:
        return len(self._exercises) - len(self.exercises)

    @property
    def most_left(self) -> list[ExerciseLine]:
        left = [line for line in self.exercises if line.tally.missed]
        return sorted(left, key=lambda line: line.left_share, reverse=True)[:MOST_LEFT]
