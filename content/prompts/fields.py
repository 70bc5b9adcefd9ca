"""What a page shows for a prompt that is being answered; templates only print it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from content.prompts import kinds
from content.prompts.answers import DID, AnswerError
from content.prompts.context import PromptContext
from content.prompts.kinds import DayLog, Group, Prompt
from content.prompts.values import plain_decimal

BUTTONS_UP_TO = 21  # a longer scale is written as a number, not picked from buttons
ROW_PLACEHOLDER = "__row__"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One radio button or checkbox."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Field:
    """One prompt on a form. `name` is the form field; the answer may be raw, as a refused form is shown again."""

    prompt: Prompt
    name: str
    answer: Any = None
    messages: Mapping[str, str]
    context: PromptContext | None = None
    inside: bool = False

    @property
    def template(self) -> str:
        return f"content/prompts/{self.prompt.kind}.html"

    @property
    def error(self) -> str:
        return self.messages.get(self.name, "")

    @property
    def described_by(self) -> str:
        """The ids of what explains this field: its error, its help, what its numbers mean, and whether it is saved."""
        unit = isinstance(self.prompt, kinds.Number) and self.prompt.unit
        parts = {
            "error": self.error,
            "help": self.prompt.help,
            "ends": self.long_scale,
            "unit": unit,
            "saved": not self.inside,
        }
        return " ".join(f"{self.name}-{part}" for part, there in parts.items() if there)

    @property
    def text(self) -> str:
        """The answer as it stands in a text field."""
        if isinstance(self.answer, int | float) and not isinstance(self.answer, bool):
            return plain_decimal(self.answer)
        return self.answer if isinstance(self.answer, str) else ""

    @cached_property
    def options(self) -> list[Option]:
        return self._options([(str(value), self._label(value)) for value in self.prompt.values()])

    @property
    def long_scale(self) -> bool:
        return isinstance(self.prompt, kinds.Scale) and len(self.prompt.points()) > BUTTONS_UP_TO

    @property
    def whole_only(self) -> bool:
        """Whether a phone may show its plain number pad, which has neither a point nor a minus sign."""
        match self.prompt:
            case kinds.Number(min=low, step=1) | kinds.Scale(min=low):
                return low is not None and low >= 0
        return False

    @cached_property
    def pair(self) -> list["Field"]:
        """Before and after, each a scale of its own."""
        prompt = self.prompt
        assert isinstance(prompt, kinds.WithEnds)
        answer = self.answer if isinstance(self.answer, dict) else {}
        halves = [
            (
                part,
                kinds.Scale(id=prompt.id, text=text, min=prompt.min, max=prompt.max, low=prompt.low, high=prompt.high),
            )
            for part, text in (("before", "Before"), ("after", "After"))
        ]
        return [self._inner(scale, part, answer.get(part)) for part, scale in halves]

    @cached_property
    def rows(self) -> list["Row"]:
        """The rows that are filled in and, while there is room, an empty one."""
        group = self._group()
        answers = self.answer if isinstance(self.answer, list) else []
        empty: list[Any] = [{}] if len(answers) < group.max_rows else []
        return [self._row(str(number), answer) for number, answer in enumerate([*answers, *empty])]

    @property
    def blank_row(self) -> "Row":
        """The row a script copies, its number still to be filled in."""
        return self._row(ROW_PLACEHOLDER, {})

    @cached_property
    def days(self) -> list["Day"]:
        """Every day of the log; without a calendar there is none."""
        if self.context is None or not isinstance(self.prompt, DayLog):
            return []
        log = self.answer if isinstance(self.answer, dict) else {}
        return [self._day(day, log.get(day.isoformat()), self.context.today) for day in self.context.days(self.prompt)]

    @property
    def today(self) -> "Day | None":
        return next((day for day in self.days if day.is_today), None)

    @property
    def earlier_days(self) -> list["Day"]:
        return [day for day in self.days if not day.is_today and not day.is_later]

    def _group(self) -> Group:
        assert isinstance(self.prompt, Group)
        return self.prompt

    def _row(self, number: str, answers: Any) -> "Row":
        given = answers if isinstance(answers, dict) else {}
        fields = [self._inner(sub, f"{number}-{sub.id}", given.get(sub.id)) for sub in self._group().prompts]
        return Row(number=number, fields=fields)

    def _inner(self, prompt: Prompt, suffix: str, answer: Any) -> "Field":
        return Field(prompt=prompt, name=f"{self.name}-{suffix}", answer=answer, messages=self.messages, inside=True)

    def _day(self, day: date, entry: Any, today: date) -> "Day":
        name = f"{self.name}-{day.isoformat()}"
        written = entry if isinstance(entry, dict) else {}
        did = str(written.get("did") or "")
        words = zip(DID, ("Yes", "A little", "Not today" if day == today else "No"), strict=True)
        return Day(
            name=name,
            date=day,
            did=did if did in DID else "",
            line=str(written.get("line") or ""),
            options=[
                Option(id=f"{name}-did-{value}", value=value, label=label, checked=value == did)
                for value, label in words
            ],
            error=self.messages.get(name, ""),
            is_today=day == today,
            is_later=day > today,
        )

    def _label(self, value: str | int) -> str:
        if isinstance(self.prompt, kinds.WithChoices):
            return self.prompt.label(str(value))
        return {"yes": "Yes", "no": "No"}.get(str(value), str(value))

    def _options(self, labels: list[tuple[str, str]]) -> list[Option]:
        """The first button has the field's own id, so that a link to the field reaches something that takes focus."""
        picked = self.answer if isinstance(self.answer, list) else [self.text]
        return [
            Option(
                id=self.name if not position else f"{self.name}-{position}",
                value=value,
                label=label,
                checked=value in picked,
            )
            for position, (value, label) in enumerate(labels)
        ]


@dataclass(frozen=True, kw_only=True)
class Row:
    number: str
    fields: list[Field]

    @property
    def title(self) -> str:
        return str(int(self.number) + 1) if self.number.isdigit() else self.number


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of a log, on the strip and as something to write about."""

    name: str
    date: date
    did: str
    line: str
    options: list[Option]
    error: str = ""
    is_today: bool = False
    is_later: bool = False


def field_for(
    prompt: Prompt,
    answers: Mapping[str, Any],
    *,
    errors: Iterable[AnswerError] = (),
    context: PromptContext | None = None,
) -> Field:
    """The form field of a top-level prompt, with its answer, raw or clean, and the words of what was refused."""
    messages = {error.field: error.message for error in errors}
    return Field(
        prompt=prompt, name=f"a-{prompt.id}", answer=answers.get(prompt.id), messages=messages, context=context
    )
