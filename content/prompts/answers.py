"""The one gate for answers, whether they come as JSON from autosave or from a posted form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from content.prompts.context import PromptContext
from content.prompts.kinds import LINE_LIMIT, BeforeAfter, DayLog, Group, Prompt
from content.prompts.schema import Schema
from content.prompts.values import Refusal, clean_text, clean_value, parse_day

Answers = dict[str, Any]

DID = ("yes", "some", "no")


@dataclass(frozen=True)
class AnswerError:
    """What is wrong with one answer, and what to do about it.

    `prompt_id` is the prompt at the top level; `field` is the form field to go to, which inside a group or a day log
    is more exact.
    """

    prompt_id: str
    message: str
    field: str


class AnswerErrors(ValueError):
    """Some answers were refused. `answers` holds the others, cleaned, so that a draft can keep them."""

    def __init__(self, errors: list[AnswerError], answers: Answers) -> None:
        self.errors = errors
        self.answers = answers
        super().__init__("; ".join(f"{error.prompt_id}: {error.message}" for error in errors))

    def __iter__(self) -> Iterator[AnswerError]:
        return iter(self.errors)


def clean_answers(schema: Schema, raw: object, *, final: bool, context: PromptContext | None = None) -> Answers:
    """Answers in their one stored form, in the schema's order; what was left empty is left out.

    A draft (`final=False`) may miss required answers and keeps those to prompts that are hidden just now. A final set
    must have every required answer that is shown, and loses the hidden ones. With a context, a day log takes no day
    outside its own days or after today. Raises AnswerErrors.
    """
    if not isinstance(raw, dict):
        raise AnswerErrors([AnswerError("", "We could not read these answers. Load the page again.", "")], {})
    answers: Answers = {}
    errors = [_unknown(name) for name in raw if not isinstance(name, str) or schema.prompt(name) is None]
    for prompt in schema.prompts:
        value, refused = _clean(prompt, raw.get(prompt.id), context)
        errors += refused
        if value is not None:
            answers[prompt.id] = value
    if final:
        visible = {prompt.id for prompt in shown(schema, answers)}
        hidden = {prompt.id for prompt in schema.prompts} - visible
        answers = {name: value for name, value in answers.items() if name in visible}
        errors = [error for error in errors if error.prompt_id not in hidden]
        refused_ids = {error.prompt_id for error in errors}
        errors += [error for error in missing_required(schema, answers) if error.prompt_id not in refused_ids]
    if errors:
        raise AnswerErrors(errors, answers)
    return answers


def shown(schema: Schema, answers: Answers) -> list[Prompt]:
    """The prompts to show for these answers. A prompt that depends on a hidden one is hidden too."""
    visible: dict[str, Prompt] = {}
    for prompt in schema.prompts:
        condition = prompt.show_if
        if condition is None or (
            condition.prompt in visible and _has_one_of(answers, condition.prompt, condition.values)
        ):
            visible[prompt.id] = prompt
    return list(visible.values())


def answered(schema: Schema, answers: Answers) -> set[str]:
    """The ids of the shown prompts that have an answer."""
    return {prompt.id for prompt in shown(schema, answers) if prompt.id in answers}


def missing_required(schema: Schema, answers: Answers) -> list[AnswerError]:
    """What a client still has to fill in before sending; `answers` are clean."""
    return [error for prompt in shown(schema, answers) for error in _missing(prompt, answers.get(prompt.id))]


def _has_one_of(answers: Answers, prompt_id: str, values: tuple[str | int, ...]) -> bool:
    answer = answers.get(prompt_id)
    picked = answer if isinstance(answer, list) else [answer]
    return any(value in values for value in picked)


def _missing(prompt: Prompt, value: Any) -> Iterator[AnswerError]:
    field = f"a-{prompt.id}"
    if isinstance(prompt, Group):
        yield from _missing_in_rows(prompt, value or [])
    elif prompt.required and value is None:
        yield AnswerError(prompt.id, f"Answer this before you send it: {prompt.text}", field)
    elif prompt.required and isinstance(prompt, BeforeAfter):
        for part in ("before", "after"):
            if part not in value:
                yield AnswerError(prompt.id, f"Pick a number for {part}: {prompt.text}", f"{field}-{part}")


def _missing_in_rows(group: Group, rows: list[Answers]) -> Iterator[AnswerError]:
    fewest = max(group.min_rows, 1) if group.required else group.min_rows
    if len(rows) < fewest and (rows or group.required):
        noun = "row" if fewest == 1 else "rows"
        yield AnswerError(group.id, f"Fill in at least {fewest} {noun}: {group.text}", f"a-{group.id}")
    for position, row in enumerate(rows):
        for prompt in group.prompts:
            for error in _missing(prompt, row.get(prompt.id)):
                yield _in_row(error, group, position)


def _in_row(error: AnswerError, group: Group, position: int) -> AnswerError:
    """The same error, seen from the group: its field name starts with the row."""
    return AnswerError(group.id, error.message, f"a-{group.id}-{position}-{error.field.removeprefix('a-')}")


def _unknown(name: object) -> AnswerError:
    known_form = name[:40].encode("ascii", "replace").decode().replace("\0", "?") if isinstance(name, str) else ""
    return AnswerError(known_form, "This answer belongs to no question here. Load the page again.", f"a-{known_form}")


def _clean(prompt: Prompt, raw: object, context: PromptContext | None) -> tuple[Any, list[AnswerError]]:
    """The clean value, or None when there is none, and what was refused on the way."""
    if isinstance(prompt, Group):
        return _clean_rows(prompt, raw)
    if isinstance(prompt, BeforeAfter):
        return _clean_pair(prompt, raw)
    if isinstance(prompt, DayLog):
        return _clean_day_log(prompt, raw, context)
    try:
        return clean_value(prompt, raw), []
    except Refusal as refusal:
        return None, [AnswerError(prompt.id, refusal.message, f"a-{prompt.id}")]


def _clean_rows(group: Group, raw: object) -> tuple[list[Answers] | None, list[AnswerError]]:
    if raw is None:
        return None, []
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        return None, [AnswerError(group.id, "We could not read these rows. Write them again.", f"a-{group.id}")]
    rows, errors = [], []
    for position, raw_row in enumerate(raw):
        errors += [
            AnswerError(group.id, "A row holds an answer that belongs to no question here.", f"a-{group.id}")
            for name in raw_row
            if not isinstance(name, str) or group.sub(name) is None
        ]
        row = {}
        for prompt in group.prompts:
            value, refused = _clean(prompt, raw_row.get(prompt.id), None)
            errors += [_in_row(error, group, position) for error in refused]
            if value is not None:
                row[prompt.id] = value
        if row:
            rows.append(row)
    if len(rows) > group.max_rows:
        errors.append(AnswerError(group.id, f"Keep this to {group.max_rows} rows.", f"a-{group.id}"))
    return rows or None, errors


def _clean_pair(prompt: BeforeAfter, raw: object) -> tuple[dict[str, int] | None, list[AnswerError]]:
    field = f"a-{prompt.id}"
    if raw is None:
        return None, []
    if not isinstance(raw, dict) or not set(raw) <= {"before", "after"}:
        return None, [AnswerError(prompt.id, "Pick one number for before and one for after.", field)]
    pair, errors = {}, []
    for part in ("before", "after"):
        try:
            value = clean_value(prompt, raw.get(part))
        except Refusal as refusal:
            errors.append(AnswerError(prompt.id, refusal.message, f"{field}-{part}"))
            continue
        if value is not None:
            pair[part] = value
    return pair or None, errors


def _clean_day_log(
    prompt: DayLog, raw: object, context: PromptContext | None
) -> tuple[dict[str, dict[str, str]] | None, list[AnswerError]]:
    if raw is None:
        return None, []
    if not isinstance(raw, dict):
        return None, [AnswerError(prompt.id, "Write about each day on its own.", f"a-{prompt.id}")]
    log: dict[date, dict[str, str]] = {}
    errors = []
    for name, raw_entry in raw.items():
        day = parse_day(name) if isinstance(name, str) else None
        try:
            entry = _clean_entry(prompt, day, raw_entry, context)
        except Refusal as refusal:
            errors.append(AnswerError(prompt.id, refusal.message, f"a-{prompt.id}-{day}" if day else f"a-{prompt.id}"))
            continue
        if day and entry:
            log[day] = entry
    if log and (max(log) - min(log)).days >= prompt.days:
        errors.append(AnswerError(prompt.id, f"Write about {prompt.days} days at most.", f"a-{prompt.id}"))
    return {day.isoformat(): log[day] for day in sorted(log)} or None, errors


def _clean_entry(prompt: DayLog, day: date | None, raw: object, context: PromptContext | None) -> dict[str, str]:
    if day is None or (context is not None and day not in context.days(prompt)):
        raise Refusal("This day does not belong to this log.")
    if context is not None and day > context.today:
        raise Refusal("This day is still to come. Write about it when it is here.")
    if not isinstance(raw, dict) or not set(raw) <= {"did", "line"}:
        raise Refusal("Pick yes, a little or not today, and write one line if you like.")
    if raw.get("did") not in (None, "", *DID):
        raise Refusal("Pick yes, a little or not today.")
    line = raw.get("line")
    line = None if line is None else clean_text(line, longest=LINE_LIMIT, one_line=True)
    return {key: value for key, value in (("did", raw.get("did")), ("line", line)) if value}
