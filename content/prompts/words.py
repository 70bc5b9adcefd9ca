"""An answer shown back in words, against the prompt it belongs to."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from content.prompts import kinds
from content.prompts.context import PromptContext
from content.prompts.kinds import DayLog, Group, Prompt
from content.prompts.values import parse_day, plain_decimal

DID_IN_WORDS = {"yes": "yes", "some": "a little", "no": "no"}


@dataclass(frozen=True, kw_only=True)
class LoggedDay:
    date: date
    did: str = ""
    line: str = ""
    is_today: bool = False
    is_later: bool = False

    @property
    def did_in_words(self) -> str:
        return DID_IN_WORDS.get(self.did, "")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A clean answer, ready to print. `look` says how: none, words, plain, date, list, rows or days."""

    prompt: Prompt
    value: Any
    context: PromptContext | None = None

    @property
    def look(self) -> str:
        if self.value is None:
            return "none"
        looks: dict[type[Prompt], str] = {
            kinds.ShortText: "words",
            kinds.LongText: "words",
            kinds.Date: "date",
            kinds.Time: "time",
            kinds.MultipleChoice: "list",
            kinds.Checklist: "list",
            Group: "rows",
            DayLog: "days",
        }
        return looks.get(type(self.prompt), "plain")

    @property
    def plain(self) -> str:
        """The answer as a short phrase."""
        match self.prompt:
            case kinds.SingleChoice() as prompt:
                return prompt.label(self.value)
            case kinds.Scale() as prompt:
                return point_in_words(prompt, self.value)
            case kinds.BeforeAfter() as prompt:
                parts = [f"{part}: {self.value[part]}" for part in ("before", "after") if part in self.value]
                return ", ".join(parts).capitalize() + _ends_in_words(prompt)
            case kinds.Number() as prompt:
                return f"{plain_decimal(self.value)} {prompt.unit}".strip()
            case kinds.YesNo():
                return "Yes" if self.value == "yes" else "No"
        return str(self.value)

    @property
    def date(self) -> date | None:
        return parse_day(self.value)

    @property
    def time(self) -> time:
        return time.fromisoformat(self.value)

    @property
    def labels(self) -> list[str]:
        assert isinstance(self.prompt, kinds.WithChoices)
        return [self.prompt.label(value) for value in self.value]

    @property
    def rows(self) -> list[list["Shown"]]:
        """Each row with the prompts that were answered in it."""
        assert isinstance(self.prompt, Group)
        return [
            [Shown(prompt=sub, value=row[sub.id]) for sub in self.prompt.prompts if sub.id in row] for row in self.value
        ]

    @property
    def strip(self) -> list[LoggedDay]:
        """Every day of the log, written about or not; without a calendar only those written about."""
        assert isinstance(self.prompt, DayLog)
        if self.context is None:
            return self.logged
        today = self.context.today
        return [
            LoggedDay(date=day, is_today=day == today, is_later=day > today, **self.value.get(day.isoformat(), {}))
            for day in self.context.days(self.prompt)
        ]

    @property
    def logged(self) -> list[LoggedDay]:
        return [LoggedDay(date=date.fromisoformat(day), **entry) for day, entry in sorted(self.value.items())]


def point_in_words(prompt: kinds.WithEnds, value: int) -> str:
    """A point on a scale with what it is a part of: "7 of 10 (calm … tense)"."""
    among = f"{value} of {prompt.max}" if prompt.min >= 0 else f"{value}, from {prompt.min} to {prompt.max}"
    return among + _ends_in_words(prompt)


def _ends_in_words(prompt: kinds.WithEnds) -> str:
    return f" ({prompt.low} … {prompt.high})" if prompt.low and prompt.high else ""
