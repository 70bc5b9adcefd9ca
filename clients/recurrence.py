"""When work is to be done: rules of RFC 5545 as days, and days as moments by a zone's own clock.

A rule is text, as it is stored; the first day stands beside it. "" is once; "FREQ=DAILY;COUNT=14" and
"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=8" are recurrence rules (section 3.3.10); "RDATE;VALUE=DATE:20261130,20261207" are days
that follow no rule (section 3.8.5.2).

Days are reckoned as days and only then given an hour, so a change of the clock skips and doubles none of them.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

ONCE = ""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MORNING, EVENING = time(7, 0), time(21, 0)
DAY = timedelta(days=1)
# More than the clock of any zone is put forward, so that what opens is due later also in that night.
LEAST = timedelta(hours=3)
_RDATE = "RDATE;VALUE=DATE:"


def daily(times: int) -> str:
    """Every day, so many times."""
    return f"FREQ=DAILY;COUNT={times}"


def weekly(times: int, *, on: Collection[int] = (), every: int = 1) -> str:
    """So many times in all, every week or every few weeks; `on` are weekdays from 0, Monday. Without, that of the first day."""
    parts = [
        "FREQ=WEEKLY",
        *([f"INTERVAL={every}"] if every > 1 else []),
        *([f"BYDAY={','.join(WEEKDAYS[number] for number in sorted(set(on)))}"] if on else []),
    ]
    return f"{';'.join(parts)};COUNT={times}"


def on_days(days: Iterable[date]) -> str:
    """On these days, such as those of the next sessions."""
    return _RDATE + ",".join(f"{day:%Y%m%d}" for day in sorted(set(days)))


def kind_of(rule: str) -> str:
    """What Assignment.Repeat calls it."""
    if not rule:
        return "once"
    return "dates" if rule.startswith(_RDATE) else parts_of(rule)["FREQ"].lower()


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a recurrence rule by name; nothing of what is none."""
    return dict(part.split("=") for part in rule.split(";")) if rule.startswith("FREQ=") else {}


def times_of(rule: str) -> int:
    """How often it is to be done."""
    if rule.startswith(_RDATE):
        return rule.count(",") + 1
    return int(parts_of(rule)["COUNT"]) if rule else 1


def noun_of(rule: str) -> str:
    """What one of its times is called: the third "day", "week" or just "time"."""
    parts = parts_of(rule)
    if parts.get("FREQ") == "DAILY":
        return "day"
    plain = parts.get("FREQ") == "WEEKLY" and "INTERVAL" not in parts and "," not in parts.get("BYDAY", "")
    return "week" if plain else "time"


def days_of(rule: str, *, starts_on: date) -> list[date]:
    """Its days in order. The first is the first from `starts_on` that the rule allows, and every second week counts from there."""
    if not rule:
        return [starts_on]
    if rule.startswith(_RDATE):
        return [date.fromisoformat(day) for day in rule.removeprefix(_RDATE).split(",")]
    repeated = cast(rrule, rrulestr(rule, dtstart=datetime.combine(starts_on, time())))
    first = repeated.replace(interval=1, count=1)[0]
    return [moment.date() for moment in repeated.replace(dtstart=first)]


def moment_on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When it is so late there on that day. RFC 5545, section 3.3.5:

    of an hour that comes twice because the clock is put back, the first; an hour that is skipped because it is put forward
    is told from before, so that 2:30 is 3:30 that night.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC).astimezone(zone)


@dataclass(frozen=True, slots=True)
class Timing:
    """When work is to be done: on the days of a rule, with `days` days for each time, from one hour to another.

    With `before`, each time is done with the day that it leads up to, and is due the evening before: a session's.
    """

    starts_on: date
    days: int = 7
    rule: str = ONCE
    opens: time = MORNING
    due: time = EVENING
    before: bool = False

    @property
    def times(self) -> int:
        return times_of(self.rule)

    @property
    def dates(self) -> list[date]:
        return days_of(self.rule, starts_on=self.starts_on)

    @property
    def mark(self) -> str:
        """The same for the same timing: by it a form knows which one was looked at."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    def spans(self) -> Iterator[tuple[date, date]]:
        """First and last day of each time. None begins before the one that it follows is over."""
        days, length = self.dates, timedelta(days=self.days)
        if self.before:
            for earlier, day in pairwise([date.min, *days]):
                yield max(day - length, earlier), day - DAY
        else:
            for day, later in pairwise([*days, date.max]):
                yield day, min(day + length, later) - DAY

    def windows(self, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
        """Opening and due moment of each time, by the zone's own clock."""
        return [(moment_on(first, self.opens, zone), moment_on(last, self.due, zone)) for first, last in self.spans()]

    @property
    def is_too_short(self) -> bool:
        """Somebody would have less than LEAST for one of its times."""
        least = min(
            datetime.combine(last, self.due) - datetime.combine(first, self.opens) for first, last in self.spans()
        )
        return least < LEAST
