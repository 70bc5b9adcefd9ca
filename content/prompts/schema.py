"""An exercise's schema: read it, refuse what cannot work, write it back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.prompts import kinds
from content.prompts.kinds import KINDS, NOT_IN_GROUPS, Choice, Group, Prompt, ShowIf
from content.prompts.reading import Record, SchemaError

__all__ = ["Schema", "SchemaError", "parse_schema"]

FORMAT = 1
PROMPT_LIMIT = 200
CHOICE_LIMIT = 50
SCALE_LIMIT = 1_000
SCALE_POINTS = 101
ROW_LIMIT = 20
DAY_LIMIT = 28
SCORING_RULES = ("sum",)
MEASURE_PARTS = {"key": 40, "licence": 500, "citation": 500}
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Band:
    """What a total from `low` to `high`, both included, is called."""

    low: int
    high: int
    label: str

    def to_json(self) -> dict[str, Any]:
        return {"from": self.low, "to": self.high, "label": self.label}


@dataclass(frozen=True, kw_only=True)
class Subscale:
    label: str
    prompts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "prompts": list(self.prompts)}


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """How a total is made; `rule` names the arithmetic, so that an old score can always be explained."""

    rule: str
    prompts: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    maximum: int
    missing_allowed: int = 0
    bands: tuple[Band, ...] = ()
    subscales: tuple[Subscale, ...] = ()

    def to_json(self) -> dict[str, Any]:
        plain = {"rule": self.rule, "prompts": list(self.prompts), "reverse": list(self.reverse)}
        counts = {"maximum": self.maximum, "missing": {"allowed": self.missing_allowed}}
        parts = {"bands": kinds.as_json(self.bands), "subscales": kinds.as_json(self.subscales)}
        return plain | counts | {name: value for name, value in parts.items() if value}


@dataclass(frozen=True, kw_only=True)
class SafetyRule:
    """An answer that must be acted on: one of `values`, or a number of `at_least` or more."""

    prompt: str
    values: tuple[str | int, ...] = ()
    at_least: int | None = None

    def to_json(self) -> dict[str, Any]:
        if self.at_least is not None:
            return {"prompt": self.prompt, "at_least": self.at_least}
        return {"prompt": self.prompt, "in": list(self.values)}


@dataclass(frozen=True, kw_only=True)
class MeasureNote:
    """Which measure this is, on what terms it may be used, and whom to cite; shown wherever the measure is."""

    key: str
    licence: str
    citation: str

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "licence": self.licence, "citation": self.citation}


@dataclass(frozen=True, kw_only=True)
class Schema:
    minutes: int
    prompts: tuple[Prompt, ...]
    introduction: str = ""
    scoring: Scoring | None = None
    safety: tuple[SafetyRule, ...] = ()
    measure: MeasureNote | None = None

    def prompt(self, prompt_id: str) -> Prompt | None:
        """The top-level prompt with this id."""
        return next((prompt for prompt in self.prompts if prompt.id == prompt_id), None)

    def questions(self) -> list[Prompt]:
        """The top-level prompts that take an answer."""
        return [prompt for prompt in self.prompts if prompt.takes_answer]

    def to_json(self) -> dict[str, Any]:
        whole = {
            "format": FORMAT,
            "minutes": self.minutes,
            "introduction": self.introduction,
            "prompts": kinds.as_json(self.prompts),
            "scoring": kinds.as_json(self.scoring),
            "safety": kinds.as_json(self.safety),
        }
        return whole | ({"measure": self.measure.to_json()} if self.measure else {})


def parse_schema(data: object) -> Schema:
    """The schema in this JSON. Raises SchemaError with the place and, in plain words, what to change."""
    record = Record(data, "")
    record.whole("format", lowest=FORMAT, highest=FORMAT)
    minutes = record.whole("minutes", lowest=1, highest=240)
    introduction = record.text("introduction", longest=kinds.TEXT_LIMIT, default="")
    prompts = PromptReader().read_all(record)
    if not any(prompt.takes_answer for prompt in prompts):
        raise SchemaError("prompts", "Ask at least one question.")
    by_id = {prompt.id: prompt for prompt in prompts}
    scoring = read_scoring(Record(record.take("scoring"), "scoring"), by_id) if record.has("scoring") else None
    safety = tuple(read_safety(Record(item, path), by_id) for item, path in record.items("safety", most=PROMPT_LIMIT))
    measure = _measure(Record(record.take("measure"), "measure")) if record.has("measure") else None
    for emptied in ("scoring", "measure"):
        record.take(emptied)
    record.done()
    return Schema(
        minutes=minutes,
        introduction=introduction,
        prompts=prompts,
        scoring=scoring,
        safety=safety,
        measure=measure,
    )


class PromptReader:
    """Reads prompts in order and remembers those before, which is what ids and conditions are checked against."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.earlier: dict[str, Prompt] = {}

    def read_all(self, record: Record) -> tuple[Prompt, ...]:
        return tuple(self.top_level(item, path) for item, path in record.items("prompts", fewest=1, most=PROMPT_LIMIT))

    def top_level(self, data: object, path: str) -> Prompt:
        prompt = self._prompt(data, path)
        self.earlier[prompt.id] = prompt
        return prompt

    def _prompt(self, data: object, path: str, *, in_group: bool = False) -> Prompt:
        record = Record(data, path)
        prompt_id = self._new_id(record)
        kind = KINDS.get(record.text("kind", longest=40))
        if kind is None:
            raise SchemaError(record.at("kind"), f"This kind of prompt is not known. Use one of: {', '.join(KINDS)}.")
        if in_group and issubclass(kind, NOT_IN_GROUPS):
            raise SchemaError(record.at("kind"), "A group cannot hold a prompt of this kind.")
        if in_group and record.has("show_if"):
            raise SchemaError(record.at("show_if"), "A prompt inside a group is always shown. Put this on the group.")
        shared: dict[str, Any] = {
            "id": prompt_id,
            "text": record.text("text", longest=500),
            "help": record.text("help", longest=2_000, default=""),
            "required": record.flag("required"),
            "show_if": self._show_if(record),
        }
        if shared["required"] and not kind.takes_answer:
            raise SchemaError(record.at("required"), "A heading has no answer, so it cannot be required.")
        options = self._group(record) if issubclass(kind, Group) else _options(kind, record)
        record.done()
        return kind(**shared, **options)

    def _new_id(self, record: Record) -> str:
        prompt_id = record.text("id", longest=40)
        if not _ID.fullmatch(prompt_id):
            raise SchemaError(record.at("id"), "An id is small letters, digits and _, and starts with a letter.")
        if prompt_id in self.ids:
            raise SchemaError(record.at("id"), f"The id “{prompt_id}” is used twice. Give each prompt its own.")
        if len(self.ids) == PROMPT_LIMIT:
            raise SchemaError(record.path, f"Keep an exercise to {PROMPT_LIMIT} prompts, those in groups included.")
        self.ids.add(prompt_id)
        return prompt_id

    def _show_if(self, record: Record) -> ShowIf | None:
        if not record.has("show_if"):
            record.take("show_if")
            return None
        condition = Record(record.take("show_if"), record.at("show_if"))
        target = self.earlier.get(condition.text("prompt", longest=40))
        if target is None:
            raise SchemaError(condition.at("prompt"), "Name a prompt that comes earlier.")
        values = _values_of(target, condition, "is")
        condition.done()
        return ShowIf(prompt=target.id, values=values)

    def _group(self, record: Record) -> dict[str, Any]:
        prompts = record.items("prompts", fewest=1, most=20)
        group: dict[str, Any] = {"prompts": tuple(self._prompt(item, path, in_group=True) for item, path in prompts)}
        group["min_rows"] = record.whole("min_rows", lowest=0, highest=ROW_LIMIT, default=0)
        group["max_rows"] = record.whole("max_rows", lowest=1, highest=ROW_LIMIT, default=ROW_LIMIT)
        if group["min_rows"] > group["max_rows"]:
            raise SchemaError(record.at("min_rows"), "The fewest rows cannot be more than the most rows.")
        return group | {"add_label": record.text("add_label", longest=60, default=Group.add_label)}


def _options(kind: type[Prompt], record: Record) -> dict[str, Any]:
    read: dict[type[Prompt], Callable[[Record], dict[str, Any]]] = {
        kinds.WithChoices: _choices,
        kinds.WithEnds: _ends,
        kinds.Number: _number,
        kinds.DayLog: _day_log,
    }
    return next((reader(record) for parent, reader in read.items() if issubclass(kind, parent)), {})


def _choices(record: Record) -> dict[str, Any]:
    found: dict[str, Choice] = {}
    for item, path in record.items("choices", fewest=1, most=CHOICE_LIMIT):
        entry = Record(item, path)
        choice = Choice(value=entry.text("value", longest=100), label=entry.text("label", longest=300))
        entry.done()
        if choice.value in found or "\n" in choice.value or "\r" in choice.value:
            raise SchemaError(f"{path}.value", "Give each choice its own value, on one line.")
        found[choice.value] = choice
    return {"choices": tuple(found.values())}


def _ends(record: Record) -> dict[str, Any]:
    low = record.whole("min", lowest=-SCALE_LIMIT, highest=SCALE_LIMIT)
    high = record.whole("max", lowest=-SCALE_LIMIT, highest=SCALE_LIMIT)
    if low >= high:
        raise SchemaError(record.at("max"), "The highest number must be above the lowest.")
    if high - low >= SCALE_POINTS:
        raise SchemaError(record.at("max"), f"Keep a scale to {SCALE_POINTS} steps.")
    labels = {key: record.text(key, longest=100, default="") for key in ("low", "high")}
    return {"min": low, "max": high} | labels


def _number(record: Record) -> dict[str, Any]:
    low, high, step = (record.number(key) for key in ("min", "max", "step"))
    if low is not None and high is not None and low >= high:
        raise SchemaError(record.at("max"), "The highest number must be above the lowest.")
    if step is not None and step < 0.000001:
        raise SchemaError(record.at("step"), "The step must be above zero.")
    return {"min": low, "max": high, "step": step, "unit": record.text("unit", longest=40, default="")}


def _day_log(record: Record) -> dict[str, Any]:
    days = record.whole("days", lowest=1, highest=DAY_LIMIT)
    return {"days": days, "line_label": record.text("line_label", longest=200, default=kinds.DayLog.line_label)}


def _values_of(prompt: Prompt, record: Record, key: str) -> tuple[str | int, ...]:
    """Values of a prompt that a rule names, each of which must be able to occur."""
    possible = prompt.values()
    if not possible:
        raise SchemaError(record.path, "A rule can only look at a choice, a checklist, yes or no, or a scale.")
    found: list[str | int] = []
    for item, path in record.items(key, fewest=1, most=SCALE_POINTS):
        if not (isinstance(item, str) or type(item) is int) or item not in possible:
            raise SchemaError(path, f"The prompt “{prompt.id}” can never have this answer.")
        found.append(item)
    return tuple(found)


def read_scoring(record: Record, by_id: dict[str, Prompt]) -> Scoring:
    rule = record.text("rule", longest=40)
    if rule not in SCORING_RULES:
        raise SchemaError(record.at("rule"), f"This scoring rule is not known. Use one of: {', '.join(SCORING_RULES)}.")
    scored = _scored_ids(record, "prompts", by_id, fewest=1)
    lowest = sum(by_id[prompt_id].numbers()[0] for prompt_id in scored)
    highest = sum(by_id[prompt_id].numbers()[-1] for prompt_id in scored)
    within = {prompt_id: by_id[prompt_id] for prompt_id in scored}
    reverse = _scored_ids(record, "reverse", within)
    if record.whole("maximum", lowest=-(10**6), highest=10**6) != highest:
        raise SchemaError("scoring.maximum", f"The highest total these prompts can give is {highest}.")
    missing = Record(record.take("missing") if record.has("missing") else {}, "scoring.missing")
    allowed = missing.whole("allowed", lowest=0, highest=len(scored) - 1, default=0)
    missing.done()
    bands = tuple(_bands(record, lowest, highest))
    subscales = tuple(_subscale(Record(item, path), within) for item, path in record.items("subscales", most=20))
    record.done()
    return Scoring(
        rule=rule,
        prompts=scored,
        reverse=reverse,
        maximum=highest,
        missing_allowed=allowed,
        bands=bands,
        subscales=subscales,
    )


def _scored_ids(record: Record, key: str, by_id: dict[str, Prompt], fewest: int = 0) -> tuple[str, ...]:
    found: list[str] = []
    for prompt_id, path in record.texts(key, fewest=fewest, most=PROMPT_LIMIT):
        if prompt_id not in by_id or prompt_id in found:
            raise SchemaError(path, "Name a prompt that is scored, and each only once.")
        if not by_id[prompt_id].numbers():
            raise SchemaError(path, f"The answer to “{prompt_id}” is not a whole number, so it cannot be scored.")
        found.append(prompt_id)
    return tuple(found)


def _subscale(record: Record, by_id: dict[str, Prompt]) -> Subscale:
    label = record.text("label", longest=100)
    prompts = _scored_ids(record, "prompts", by_id, fewest=1)
    record.done()
    return Subscale(label=label, prompts=prompts)


def _bands(record: Record, lowest: int, highest: int) -> Iterator[Band]:
    """Bands in order, which together cover every possible total exactly once."""
    expected, path = lowest, ""
    for item, path in record.items("bands", most=20):
        entry = Record(item, path)
        low = entry.whole("from", lowest=-(10**6), highest=10**6)
        high = entry.whole("to", lowest=-(10**6), highest=10**6)
        if low != expected or high < low:
            raise SchemaError(path, f"Bands leave no gap and do not overlap: this one starts at {expected}.")
        yield Band(low=low, high=high, label=entry.text("label", longest=100))
        entry.done()
        expected = high + 1
    if path and expected != highest + 1:
        raise SchemaError(path, f"The last band must end at {highest}, the highest total.")


def read_safety(record: Record, by_id: dict[str, Prompt]) -> SafetyRule:
    prompt = by_id.get(record.text("prompt", longest=40))
    if prompt is None:
        raise SchemaError(record.at("prompt"), "Name a prompt of this exercise, not one inside a group.")
    if record.has("at_least"):
        numbers = prompt.numbers()
        if not numbers:
            raise SchemaError(record.at("at_least"), f"The answer to “{prompt.id}” is not a whole number.")
        rule = SafetyRule(
            prompt=prompt.id, at_least=record.whole("at_least", lowest=numbers[0] + 1, highest=numbers[-1])
        )
    else:
        rule = SafetyRule(prompt=prompt.id, values=_values_of(prompt, record, "in"))
    record.done()
    return rule


def _measure(record: Record) -> MeasureNote:
    parts = {key: record.text(key, longest=longest) for key, longest in MEASURE_PARTS.items()}
    record.done()
    return MeasureNote(**parts)
