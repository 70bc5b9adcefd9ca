"""Hypothesis strategies: any valid schema, any valid answers to it, and the form a browser would post for them."""

import string
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from content.prompts import kinds
from content.prompts.answers import DID, Answers, shown
from content.prompts.context import PromptContext
from content.prompts.kinds import Group, Prompt
from content.prompts.schema import Schema, parse_schema
from content.prompts.values import plain_decimal

STARTS_ON = date(2026, 11, 2)
CONTEXT = PromptContext(starts_on=STARTS_ON, today=STARTS_ON + timedelta(days=28))

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
_LINE_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n")


def texts(longest: int = 20) -> st.SearchStrategy[str]:
    """Text with at least one visible character, newlines in their stored form."""
    return st.text(_CHARACTERS, min_size=1, max_size=longest).filter(str.strip)


def lines(longest: int = 20) -> st.SearchStrategy[str]:
    return st.text(_LINE_CHARACTERS, min_size=1, max_size=longest).filter(str.strip)


@st.composite
def schemas(draw: st.DrawFn, kind: str | None = None) -> Schema:
    """Any valid schema; with `kind`, one whose first question is of that kind."""
    prefix = draw(st.text(string.ascii_lowercase, min_size=1, max_size=5))
    prompts: list[dict[str, Any]] = []
    for position in range(draw(st.integers(1, 4))):
        chosen = kind if kind and position == 0 else draw(st.sampled_from(sorted(kinds.KINDS)))
        prompts.append(draw(_prompt_json(f"{prefix}_{position}", chosen, prompts)))
    if all(prompt["kind"] == "heading" for prompt in prompts):
        prompts.append(draw(_prompt_json(prefix, "long_text", prompts)))
    return parse_schema(
        {
            "format": 1,
            "minutes": draw(st.integers(1, 240)),
            "introduction": draw(st.one_of(st.just(""), texts())),
            "prompts": prompts,
            "scoring": draw(_scoring_json(prompts)),
            "safety": draw(_safety_json(prompts)),
        }
    )


@st.composite
def _prompt_json(draw: st.DrawFn, prompt_id: str, kind: str, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    prompt: dict[str, Any] = {
        "id": prompt_id,
        "kind": kind,
        "text": draw(texts()),
        "help": draw(st.one_of(st.just(""), texts())),
    }
    if kind != "heading":
        prompt["required"] = draw(st.booleans())
    targets: dict[str, list[Any]] = {entry["id"]: values for entry in earlier if (values := _values(entry))}
    if draw(st.booleans()) and targets:
        target = draw(st.sampled_from(sorted(targets)))
        picked = draw(st.lists(st.sampled_from(targets[target]), min_size=1, max_size=3, unique=True))
        prompt["show_if"] = {"prompt": target, "is": picked}
    return prompt | draw(_options(prompt_id, kind))


@st.composite
def _options(draw: st.DrawFn, prompt_id: str, kind: str) -> dict[str, Any]:
    if kind in ("single_choice", "multiple_choice", "checklist"):
        numeric = st.integers(0, 9).map(str)
        value = numeric if draw(st.booleans()) else lines()
        values = draw(st.lists(value, min_size=1, max_size=5, unique=True))
        return {"choices": [{"value": value, "label": draw(lines())} for value in values]}
    if kind in ("scale", "before_after"):
        low = draw(st.integers(-20, 20))
        ends = {"low": draw(lines()), "high": draw(lines())} if draw(st.booleans()) else {}
        return {"min": low, "max": low + draw(st.integers(1, 100))} | ends
    if kind == "number":
        low = draw(st.integers(-1000, 1000))
        whole = {"min": low, "max": low + draw(st.integers(1, 1000)), "step": draw(st.sampled_from([1, 0.5, 0.25]))}
        return draw(st.sampled_from([{}, whole, {"min": low, "unit": "hours"}]))
    if kind == "day_log":
        return {"days": draw(st.integers(1, 28)), "line_label": draw(lines())}
    if kind == "group":
        inner = sorted(name for name, cls in kinds.KINDS.items() if not issubclass(cls, kinds.NOT_IN_GROUPS))
        subs = [f"{prompt_id}_{letter}" for letter in "ab"]
        prompts = [draw(_prompt_json(sub, draw(st.sampled_from(inner)), [])) for sub in subs]
        fewest = draw(st.integers(0, 2))
        return {"prompts": prompts, "min_rows": fewest, "max_rows": fewest + 2, "add_label": draw(lines())}
    return {}


def _values(prompt: dict[str, Any]) -> list[Any]:
    if prompt["kind"] == "scale":
        return list(range(prompt["min"], prompt["max"] + 1))
    return ["yes", "no"] if prompt["kind"] == "yes_no" else [choice["value"] for choice in prompt.get("choices", [])]


@st.composite
def _scoring_json(draw: st.DrawFn, prompts: list[dict[str, Any]]) -> dict[str, Any] | None:
    scales = [prompt for prompt in prompts if prompt["kind"] == "scale"]
    if draw(st.booleans()) or not scales:
        return None
    lowest, highest = sum(prompt["min"] for prompt in scales), sum(prompt["max"] for prompt in scales)
    split = draw(st.integers(lowest, highest - 1))
    ids = [prompt["id"] for prompt in scales]
    return {
        "rule": "sum",
        "prompts": ids,
        "reverse": draw(st.lists(st.sampled_from(ids), unique=True)),
        "maximum": highest,
        "missing": {"allowed": draw(st.integers(0, len(ids) - 1))},
        "bands": [
            {"from": lowest, "to": split, "label": draw(lines())},
            {"from": split + 1, "to": highest, "label": draw(lines())},
        ],
    }


@st.composite
def _safety_json(draw: st.DrawFn, prompts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for prompt in prompts:
        if prompt["kind"] == "scale" and draw(st.booleans()):
            rules.append({"prompt": prompt["id"], "at_least": draw(st.integers(prompt["min"] + 1, prompt["max"]))})
        elif draw(st.booleans()) and _values(prompt):
            rules.append({"prompt": prompt["id"], "in": [draw(st.sampled_from(_values(prompt)))]})
    return rules


@st.composite
def drafts(draw: st.DrawFn, schema: Schema) -> Answers:
    """Any answers that can be saved: some missing, rows half filled."""
    return draw(_answers_to(schema.questions(), full=False))


@st.composite
def final_answers(draw: st.DrawFn, schema: Schema) -> Answers:
    """Any answers that can be sent: all that is required, nothing that is hidden."""
    answers = draw(_answers_to(schema.questions(), full=True))
    visible = {prompt.id for prompt in shown(schema, answers)}
    return {name: value for name, value in answers.items() if name in visible}


@st.composite
def _answers_to(draw: st.DrawFn, prompts: list[Prompt] | tuple[Prompt, ...], *, full: bool) -> Answers:
    asked = [prompt for prompt in prompts if (full and prompt.required) or draw(st.booleans())]
    values = {prompt.id: draw(answers_to_one(prompt, full=full)) for prompt in asked}
    return {name: value for name, value in values.items() if value not in ([], {})}


def answers_to_one(prompt: Prompt, *, full: bool = True) -> st.SearchStrategy[Any]:
    """Any valid answer to this prompt, in its stored form."""
    match prompt:
        case kinds.ShortText():
            return lines(60)
        case kinds.LongText():
            return texts(60)
        case kinds.SingleChoice() | kinds.YesNo():
            return st.sampled_from(list(prompt.values()))
        case kinds.WithChoices():
            order = list(prompt.values())
            return st.sets(st.sampled_from(order), min_size=1).map(lambda picked: sorted(picked, key=order.index))
        case kinds.Scale():
            return st.sampled_from(prompt.points())
        case kinds.BeforeAfter():
            points = st.sampled_from(prompt.points())
            pair = st.fixed_dictionaries({"before": points, "after": points})
            part = st.sampled_from(["before", "after"]).flatmap(lambda name: st.fixed_dictionaries({name: points}))
            return pair if full and prompt.required else st.one_of(pair, part)
        case kinds.Number():
            return _numbers(prompt)
        case kinds.Date():
            return st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
        case kinds.Time():
            return st.times().map(lambda moment: moment.strftime("%H:%M"))
        case kinds.DayLog():
            return _logs(prompt)
        case Group():
            return _rows(prompt, full=full)
    raise AssertionError(prompt.kind)


def _numbers(prompt: kinds.Number) -> st.SearchStrategy[int | float]:
    low = 0 if prompt.min is None else prompt.min
    if prompt.step is None:
        return st.one_of(st.integers(int(low), 10**6), st.integers(int(low) * 100, 10**6).map(lambda part: part / 100))
    high = low if prompt.max is None else prompt.max
    step = prompt.step
    return st.integers(0, int((high - low) / step)).map(lambda steps: low + steps * step)


def _logs(prompt: kinds.DayLog) -> st.SearchStrategy[dict[str, dict[str, str]]]:
    entry = st.fixed_dictionaries({}, optional={"did": st.sampled_from(DID), "line": lines()}).filter(bool)
    days = st.integers(0, prompt.days - 1).map(lambda offset: (STARTS_ON + timedelta(days=offset)).isoformat())
    return st.dictionaries(days, entry, min_size=1, max_size=5).map(lambda log: dict(sorted(log.items())))


@st.composite
def _rows(draw: st.DrawFn, group: Group, *, full: bool) -> list[Answers]:
    fewest = max(group.min_rows, 1) if full else 0
    rows = []
    for _ in range(draw(st.integers(fewest, group.max_rows))):
        row = draw(_answers_to(group.prompts, full=full))
        first = group.prompts[0]
        rows.append(row or {first.id: draw(answers_to_one(first, full=full))})
    return rows


def as_post(schema: Schema, answers: Answers) -> dict[str, list[str]]:
    """The form fields a browser posts for these answers: all values are text, newlines are CRLF."""
    post: dict[str, list[str]] = {"csrfmiddlewaretoken": ["x"]}
    for prompt in schema.questions():
        post |= _fields(prompt, f"a-{prompt.id}", answers.get(prompt.id))
    return post


def _fields(prompt: Prompt, name: str, value: Any) -> dict[str, list[str]]:
    match prompt:
        case kinds.MultipleChoice() | kinds.Checklist():
            return {name: value} if value else {}
        case kinds.BeforeAfter():
            return {f"{name}-{part}": [str(point)] for part, point in (value or {}).items()}
        case kinds.DayLog():
            entries = (value or {}).items()
            return {f"{name}-{day}-{part}": [text] for day, entry in entries for part, text in entry.items()}
        case Group():
            fields: dict[str, list[str]] = {}
            for position, row in enumerate([*(value or []), {}]):
                for sub in prompt.prompts:
                    fields |= _fields(sub, f"{name}-{position}-{sub.id}", row.get(sub.id))
            return fields
    if value is None:
        return {name: [""]}
    return {name: [plain_decimal(value) if isinstance(value, int | float) else value.replace("\n", "\r\n")]}
