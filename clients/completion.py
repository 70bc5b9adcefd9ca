"""How much of the work was done and how soon it was read: counted, never what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Least, TruncWeek

from clients.models import Occurrence, Response
from clients.models.work import OccurrenceQuerySet
from clients.states import UNFINISHED

# Of fewer people than this no number is shown: one could tell who they are.
FEWEST = 5
DONE = Q(state=Occurrence.State.SUBMITTED)
TO_DO = Q(state__in=UNFINISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Work that was due: sent on time, sent late, not sent (and of that, put off with a reason), and not due yet."""

    on_time: int = 0
    late: int = 0
    missed: int = 0
    put_off: int = 0
    open: int = 0
    people: int = 0

    @property
    def done(self) -> int:
        return self.on_time + self.late

    @property
    def all(self) -> int:
        return self.done + self.missed + self.open

    @property
    def too_few(self) -> bool:
        return self.people < FEWEST

    def share(self, number: int) -> int:
        """Of all, in percent."""
        return round(100 * number / self.all) if self.all else 0

    @property
    def done_share(self) -> int:
        """Of what was due, in percent."""
        due = self.done + self.missed
        return round(100 * self.done / due) if due else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week, from Monday, in the clinic's time zone; work belongs to the week in which it is due."""

    starts_on: date
    tally: Tally


def monday(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def counts(at: datetime) -> dict[str, Any]:
    """The aggregates of a tally."""
    return {
        "on_time": Count("pk", filter=DONE & Q(submitted_at__lte=F("due_at"))),
        "late": Count("pk", filter=DONE & Q(submitted_at__gt=F("due_at"))),
        "missed": Count("pk", filter=TO_DO & Q(due_at__lt=at)),
        "put_off": Count("pk", filter=TO_DO & Q(due_at__lt=at) & ~Q(not_now="")),
        "open": Count("pk", filter=TO_DO & Q(due_at__gte=at)),
        "people": Count("assignment__client", distinct=True),
    }


def begun(occurrences: OccurrenceQuerySet, *, at: datetime) -> OccurrenceQuerySet:
    """What the clients have had before them, less what was taken back or left out."""
    return occurrences.filter(opens_at__lte=at).counted().order_by()


def by_week(occurrences: OccurrenceQuerySet, *, weeks: int, zone: ZoneInfo, at: datetime) -> list[Week]:
    """The last `weeks` weeks, oldest first, those without work too. What is due later counts in the present week."""
    this_week = monday(at, zone)
    first = this_week - timedelta(weeks=weeks - 1)
    ends = datetime.combine(this_week + timedelta(days=6), time(12), tzinfo=zone)
    rows: Any = (
        begun(occurrences, at=at)
        .filter(due_at__gte=datetime.combine(first, time(), tzinfo=zone))
        .annotate(week=TruncWeek(Least(F("due_at"), Value(ends)), tzinfo=zone))
        .values("week")
        .annotate(**counts(at))
    )
    tallies = {row.pop("week").date(): Tally(**row) for row in rows}
    starts = [first + timedelta(weeks=number) for number in range(weeks)]
    return [Week(starts_on=start, tally=tallies.get(start, Tally())) for start in starts]


def added_up(weeks: Iterable[Week]) -> Tally:
    """All weeks together; how many people that were can't be known from it, so the most of one week stands for it."""
    tallies = [week.tally for week in weeks]
    return Tally(
        on_time=sum(tally.on_time for tally in tallies),
        late=sum(tally.late for tally in tallies),
        missed=sum(tally.missed for tally in tallies),
        put_off=sum(tally.put_off for tally in tallies),
        open=sum(tally.open for tally in tallies),
        people=max((tally.people for tally in tallies), default=0),
    )


def grouped(occurrences: OccurrenceQuerySet, *keys: str, since: datetime, at: datetime) -> list[tuple[Any, Tally]]:
    """Tallies by these columns, for work due since then; each with the values of the columns."""
    rows: Any = begun(occurrences, at=at).filter(due_at__gte=since).values(*keys).annotate(**counts(at)).order_by(*keys)
    return [(tuple(row.pop(key) for key in keys), Tally(**row)) for row in rows]


class Percentile(Aggregate):
    """PostgreSQL's percentile_cont: `share` of the values are at most this."""

    name = "Percentile"
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, output_field=DurationField(), **extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How soon responses were read. Durations are None where nothing was read."""

    responses: int
    people: int
    read: int
    replied: int
    half: timedelta | None
    nine_in_ten: timedelta | None
    day: int
    two_days: int
    week: int

    @property
    def longer(self) -> int:
        return self.read - self.week

    @property
    def too_few(self) -> bool:
        return self.people < FEWEST


TAKEN = ExpressionWrapper(F("review__at") - F("submitted_at"), output_field=DurationField())


def reading(responses: QuerySet[Response], *, since: datetime) -> Reading:
    """How soon what was sent since then was read."""
    numbers = (
        responses.filter(submitted_at__gte=since)
        .annotate(taken=TAKEN)
        .aggregate(
            responses=Count("pk"),
            people=Count("occurrence__assignment__client", distinct=True),
            read=Count("review"),
            replied=Count("review", filter=Q(review__reply__isnull=False)),
            half=Percentile("taken", share=0.5),
            nine_in_ten=Percentile("taken", share=0.9),
            day=Count("pk", filter=Q(taken__lte=timedelta(days=1))),
            two_days=Count("pk", filter=Q(taken__lte=timedelta(days=2))),
            week=Count("pk", filter=Q(taken__lte=timedelta(days=7))),
        )
    )
    return Reading(**numbers)


def half_read_within(responses: QuerySet[Response], *, since: datetime) -> dict[Any, timedelta]:
    """By reader: the time within which they read half of what they read."""
    rows = (
        responses.filter(submitted_at__gte=since, review__isnull=False)
        .annotate(taken=TAKEN)
        .order_by()
        .values("review__by")
        .annotate(half=Percentile("taken", share=0.5))
    )
    return {row["review__by"]: row["half"] for row in rows}
