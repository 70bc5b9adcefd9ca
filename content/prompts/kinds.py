"""What a prompt can be: one small frozen class per kind."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

TEXT_LIMIT = 10_000
LINE_LIMIT = 300


@dataclass(frozen=True, kw_only=True)
class ShowIf:
    """Show a prompt only when an earlier one was answered with one of these values."""

    prompt: str
    values: tuple[str | int, ...]

    def to_json(self) -> dict[str, Any]:
        return {"prompt": self.prompt, "is": list(self.values)}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer that can be picked: the value is stored, the label is read."""

    value: str
    label: str

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "label": self.label}


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One question or input; every kind below adds its own options."""

    kind: ClassVar[str] = ""
    takes_answer: ClassVar[bool] = True

    id: str
    text: str
    help: str = ""
    required: bool = False
    show_if: ShowIf | None = None

    def values(self) -> Collection[str | int]:
        """Every value one pick can have, or nothing when the kind has no closed set of them."""
        return ()

    def numbers(self) -> Sequence[int]:
        """The whole numbers an answer can stand for in a score, lowest first, or nothing when it cannot be scored."""
        return ()

    def to_json(self) -> dict[str, Any]:
        """The prompt as the schema's JSON, options at their default left out."""
        options = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = {field.name: options[field.name] for field in fields(self) if options[field.name] != field.default}
        return {"kind": self.kind} | {name: as_json(value) for name, value in changed.items()}


@dataclass(frozen=True, kw_only=True)
class ShortText(Prompt):
    kind: ClassVar[str] = "short_text"


@dataclass(frozen=True, kw_only=True)
class LongText(Prompt):
    kind: ClassVar[str] = "long_text"


@dataclass(frozen=True, kw_only=True)
class WithChoices(Prompt):
    """What the three kinds with answers to pick from share."""

    choices: tuple[Choice, ...]

    def values(self) -> Collection[str | int]:
        return tuple(choice.value for choice in self.choices)

    def label(self, value: str) -> str:
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, kw_only=True)
class SingleChoice(WithChoices):
    kind: ClassVar[str] = "single_choice"

    def numbers(self) -> Sequence[int]:
        """A measure's items are choices whose values are whole numbers in text, such as "0" to "3"."""
        values = [choice.value for choice in self.choices]
        return sorted(map(int, values)) if all(re.fullmatch(r"-?[0-9]{1,4}", value) for value in values) else ()


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(WithChoices):
    kind: ClassVar[str] = "multiple_choice"


@dataclass(frozen=True, kw_only=True)
class Checklist(WithChoices):
    kind: ClassVar[str] = "checklist"


@dataclass(frozen=True, kw_only=True)
class WithEnds(Prompt):
    """Whole numbers between two ends that are named in words."""

    min: int
    max: int
    low: str = ""
    high: str = ""

    def points(self) -> range:
        return range(self.min, self.max + 1)


@dataclass(frozen=True, kw_only=True)
class Scale(WithEnds):
    kind: ClassVar[str] = "scale"

    def values(self) -> Collection[str | int]:
        return self.points()

    def numbers(self) -> Sequence[int]:
        return self.points()


@dataclass(frozen=True, kw_only=True)
class BeforeAfter(WithEnds):
    """The same scale twice: before something was done, and after."""

    kind: ClassVar[str] = "before_after"


@dataclass(frozen=True, kw_only=True)
class Number(Prompt):
    kind: ClassVar[str] = "number"

    min: int | float | None = None
    max: int | float | None = None
    step: int | float | None = None
    unit: str = ""

    def numbers(self) -> Sequence[int]:
        """A number can be scored when it has both ends and goes in whole steps."""
        match self.min, self.max, self.step:
            case int(low), int(high), int(step):
                return range(low, high + 1, step)
        return ()


@dataclass(frozen=True, kw_only=True)
class Date(Prompt):
    kind: ClassVar[str] = "date"


@dataclass(frozen=True, kw_only=True)
class Time(Prompt):
    kind: ClassVar[str] = "time"


@dataclass(frozen=True, kw_only=True)
class YesNo(Prompt):
    kind: ClassVar[str] = "yes_no"

    def values(self) -> Collection[str | int]:
        return ("yes", "no")


@dataclass(frozen=True, kw_only=True)
class Heading(Prompt):
    """A title and an instruction between questions; nothing is answered."""

    kind: ClassVar[str] = "heading"
    takes_answer: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class Group(Prompt):
    """The same few prompts again and again, a row each time."""

    kind: ClassVar[str] = "group"

    prompts: tuple[Prompt, ...]
    min_rows: int = 0
    max_rows: int = 20
    add_label: str = "Add another"

    def sub(self, prompt_id: str) -> Prompt | None:
        return next((prompt for prompt in self.prompts if prompt.id == prompt_id), None)


@dataclass(frozen=True, kw_only=True)
class DayLog(Prompt):
    """One small entry a day: was it done, and a line about it."""

    kind: ClassVar[str] = "day_log"

    days: int
    line_label: str = "How was it? One line is plenty"


KINDS: dict[str, type[Prompt]] = {
    kind.kind: kind
    for kind in (
        ShortText,
        LongText,
        SingleChoice,
        MultipleChoice,
        Checklist,
        Scale,
        Number,
        Date,
        Time,
        YesNo,
        Heading,
        Group,
        BeforeAfter,
        DayLog,
    )
}
NOT_IN_GROUPS = (Heading, Group, DayLog)


def as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value.to_json() if hasattr(value, "to_json") else value
