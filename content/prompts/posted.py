"""Read raw answers from a posted HTML form.

A form posts everything it shows: a field that is absent has no answer. (Browsers leave out a radio or checkbox that is
not ticked, so "absent" cannot mean "unchanged"; a page that shows only some prompts merges the result into the draft
itself, for the prompts it showed.) Values are only given their JSON shape here; `clean_answers` is the gate.
"""

import re
from collections.abc import Mapping
from typing import Any

from content.prompts.kinds import BeforeAfter, Checklist, DayLog, Group, MultipleChoice, Number, Prompt, WithEnds
from content.prompts.schema import Schema

Post = Mapping[str, Any]

_WHOLE = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,12}[.,][0-9]{1,12}", re.ASCII)


def answers_from_post(schema: Schema, post: Post) -> dict[str, Any]:
    """Raw answers from the fields `a-<id>`; unknown ids are passed on, for the gate to refuse."""
    values = {prompt.id: _read(prompt, post, f"a-{prompt.id}") for prompt in schema.prompts}
    stray = {name.split("-")[1] for name in post if name.startswith("a-")} - set(values)
    return {name: value for name, value in values.items() if value not in ("", [], {})} | dict.fromkeys(stray, "")


def kept_from_post(schema: Schema, post: Post) -> set[str]:
    """The ids of the answers marked "Only for me"."""
    return {prompt.id for prompt in schema.questions() if f"keep-{prompt.id}" in post}


def row_asked_for(schema: Schema, post: Post) -> str | None:
    """The id of the group whose "Add another" button sent the form. Saving the draft then shows one more empty row."""
    groups = (prompt.id for prompt in schema.prompts if isinstance(prompt, Group))
    return next((group_id for group_id in groups if f"add-{group_id}" in post), None)


def _all(post: Post, name: str) -> list[str]:
    """Every value of a field, from a QueryDict or from a plain mapping of values or lists."""
    if hasattr(post, "getlist"):
        return list(post.getlist(name))
    value = post.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def _one(post: Post, name: str) -> str:
    values = _all(post, name)
    return values[-1] if values else ""


def _read(prompt: Prompt, post: Post, name: str) -> Any:
    match prompt:
        case MultipleChoice() | Checklist():
            return [value for value in _all(post, name) if value]
        case BeforeAfter():
            parts = {part: _number(_one(post, f"{name}-{part}")) for part in ("before", "after")}
            return {part: value for part, value in parts.items() if value != ""}
        case Group():
            return _rows(prompt, post, name)
        case DayLog():
            return _days(post, name)
        case WithEnds() | Number():
            return _number(_one(post, name))
        case _:
            return _one(post, name)


def _number(text: str) -> int | float | str:
    """The number in this text; anything else stays text, so that the gate can refuse it by name."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else text


def _rows(group: Group, post: Post, name: str) -> list[dict[str, Any]]:
    """The rows that hold something, in the order of their numbers, which may have gaps."""
    numbered = re.compile(rf"{re.escape(name)}-([0-9]{{1,4}})-.+", re.ASCII)
    positions = sorted({int(match[1]) for field in post if (match := numbered.fullmatch(field))})
    rows = [
        {prompt.id: _read(prompt, post, f"{name}-{position}-{prompt.id}") for prompt in group.prompts}
        for position in positions
    ]
    rows = [{key: value for key, value in row.items() if not _blank(value)} for row in rows]
    return [row for row in rows if row]


def _days(post: Post, name: str) -> dict[str, dict[str, str]]:
    days: dict[str, dict[str, str]] = {}
    for field in post:
        day, _, part = field.removeprefix(f"{name}-").rpartition("-")
        if field.startswith(f"{name}-") and part in ("did", "line") and not _blank(_one(post, field)):
            days.setdefault(day, {})[part] = _one(post, field)
    return days


def _blank(value: Any) -> bool:
    return value in ([], {}) or (isinstance(value, str) and not value.strip())
