"""Scores over time as places on a chart, in percent, so that its text keeps its size; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

TOP, BOTTOM = 6.0, 86.0
LEFT, RIGHT = 9.0, 96.0
MOST_POINTS = 12


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One time it was answered; without a total too little was."""

    on: date
    total: int | None
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Point:
    reading: Reading
    x: float
    y: float
    is_first: bool
    is_last: bool


@dataclass(frozen=True, kw_only=True)
class Segment:
    start: Point
    end: Point
    over_gap: bool


@dataclass(frozen=True, kw_only=True)
class GridLine:
    value: int
    y: float
    is_base: bool


@dataclass(frozen=True, kw_only=True)
class Label:
    on: date
    x: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The last readings of one exercise, oldest first; at least two of them have a total."""

    key: str
    title: str
    readings: Sequence[Reading]

    @property
    def maximum(self) -> int:
        return max(1, *(reading.maximum for reading in self.readings))

    @cached_property
    def points(self) -> list[Point]:
        given = [(place, reading) for place, reading in enumerate(self.readings) if reading.total is not None]
        return [
            Point(
                reading=reading,
                x=self._x(place),
                y=self._y(reading.total or 0),
                is_first=number == 0,
                is_last=number == len(given) - 1,
            )
            for number, (place, reading) in enumerate(given)
        ]

    @property
    def segments(self) -> list[Segment]:
        """The line; over a missing total it is dotted, never drawn down to nought."""
        step = self._x(1) - self._x(0)
        pairs = zip(self.points, self.points[1:], strict=False)
        return [Segment(start=start, end=end, over_gap=end.x - start.x > 1.5 * step) for start, end in pairs]

    @property
    def grid(self) -> list[GridLine]:
        values = (0, self.maximum // 2, self.maximum)
        return [GridLine(value=value, y=self._y(value), is_base=value == 0) for value in dict.fromkeys(values)]

    @property
    def labels(self) -> list[Label]:
        ends = (0, len(self.readings) - 1)
        return [Label(on=self.readings[place].on, x=self._x(place)) for place in ends]

    @property
    def first(self) -> Reading:
        return self.points[0].reading

    @property
    def last(self) -> Reading:
        return self.points[-1].reading

    @property
    def gaps(self) -> int:
        return sum(reading.total is None for reading in self.readings)

    def _x(self, place: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * place / (len(self.readings) - 1), 1)

    def _y(self, value: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.maximum, 1)


def chart_of(key: str, title: str, readings: Sequence[Reading]) -> Chart | None:
    """A chart, when there are two totals to compare."""
    latest = sorted(readings, key=lambda reading: reading.on)[-MOST_POINTS:]
    if sum(reading.total is not None for reading in latest) < 2:
        return None
    return Chart(key=key, title=title, readings=latest)
