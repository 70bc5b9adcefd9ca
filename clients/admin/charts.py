"""Where the marks of a chart stand, in percent of its plot, so that text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format

from clients.completion import Week

TOP, BOTTOM = 6.0, 86.0
# Right of the last dot stand the names of the bands.
LEFT, RIGHT, RIGHT_WITH_BANDS = 9.0, 87.0, 70.0


def percent(value: float) -> str:
    return f"{value:.2f}%"


def height(value: float, highest: float) -> float:
    """The distance from the top at which a value stands."""
    return BOTTOM - (BOTTOM - TOP) * value / highest


@dataclass(frozen=True, slots=True)
class Sitting:
    """One time that a score could have been had; without a total there is none."""

    on: date
    total: int | None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot with its total; `label` is drawn below, if there is room."""

    x: str
    y: str
    total: int | None
    label: str
    on: date
    band: str


@dataclass(frozen=True, slots=True)
class Line:
    """From one dot to the next; dotted across a gap."""

    x1: str
    y1: str
    x2: str
    y2: str
    gap: bool


class ScoreChart:
    """Totals over time, against the bands of the rule."""

    def __init__(self, title: str, sittings: Sequence[Sitting], *, maximum: int, bands: Sequence[Any]) -> None:
        self.title, self.sittings, self.maximum = title, sittings, maximum
        days = (sittings[-1].on - sittings[0].on).days or 1
        right = RIGHT_WITH_BANDS if bands else RIGHT
        places = [LEFT + (right - LEFT) * (sitting.on - sittings[0].on).days / days for sitting in sittings]
        labelled = {0, len(sittings) - 1, len(sittings) // 2}
        self.marks = [
            Mark(
                x=percent(place),
                y=percent(height(sitting.total or 0, maximum)),
                total=sitting.total,
                label=date_format(sitting.on, "j M") if number in labelled else "",
                on=sitting.on,
                band=sitting.band,
            )
            for number, (sitting, place) in enumerate(zip(sittings, places, strict=True))
        ]
        self.grid = [
            (value, percent(height(value, maximum))) for value in sorted({maximum, *(band.low for band in bands)} - {0})
        ]
        self.base = percent(BOTTOM)
        self.bands = [self._band(band, shaded=number % 2 == 1) for number, band in enumerate(bands)]

    def _band(self, band: Any, *, shaded: bool) -> tuple[str, str, str, bool]:
        """Label, upper edge, thickness, and whether it is shaded."""
        top, bottom = height(min(band.high + 1, self.maximum), self.maximum), height(band.low, self.maximum)
        return band.label, percent(top), percent(bottom - top), shaded

    @property
    def scored(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.total is not None]

    @property
    def lines(self) -> list[Line]:
        numbered = [(number, mark) for number, mark in enumerate(self.marks) if mark.total is not None]
        pairs = pairwise(numbered)
        return [Line(a.x, a.y, b.x, b.y, second - first > 1) for (first, a), (second, b) in pairs]

    @property
    def finding(self) -> str:
        """The chart in a sentence."""
        first, last = self.scored[0], self.scored[-1]
        missing = len(self.marks) - len(self.scored)
        gaps = f" Not answered {missing} time{'' if missing == 1 else 's'}." if missing else ""
        if first is last:
            return f"{last.total} of {self.maximum} on {date_format(last.on, 'j F')}.{gaps}"
        return (
            f"{first.total} of {self.maximum} on {date_format(first.on, 'j F')}, "
            f"{last.total} on {date_format(last.on, 'j F')}.{gaps}"
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """A week's bar: done on time, late on top of it, and for the present week what is still open."""

    x: str
    middle: str
    label: str
    wide: bool
    top: str
    value: int
    hidden: bool
    pieces: list[tuple[str, str, str]]


WIDTH, FIRST, LAST = 5.64, 7.10, 93.26


def bars(weeks: Sequence[Week]) -> list[Bar]:
    """One bar for each week; weeks with too few people have none."""
    step = (LAST - FIRST) / max(len(weeks) - 1, 1)
    return [_bar(week, FIRST + step * number, number, len(weeks)) for number, week in enumerate(weeks)]


def _bar(week: Week, x: float, number: int, of: int) -> Bar:
    tally, now = week.tally, number == of - 1
    shown = not tally.too_few
    edge, pieces = 0.0, []
    for kind, amount in (("bar", tally.on_time), ("bar-late", tally.late), ("bar-rest", tally.open if now else 0)):
        share = 100 * amount / tally.all if tally.all and shown else 0
        if share:
            top = height(edge + share, 100)
            pieces.append((kind, percent(top), percent(height(edge, 100) - top)))
            edge += share
    return Bar(
        x=percent(x),
        middle=percent(x + WIDTH / 2),
        label="Now" if now else date_format(week.starts_on, "j M"),
        wide=not now and number % 4 != 0,
        top=percent(height(edge, 100)),
        value=tally.share(tally.done),
        hidden=not shown,
        pieces=pieces,
    )
