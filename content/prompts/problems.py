"""Everything that keeps a draft from being published, each named by its prompt, with what to do about it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.prompts.kinds import Prompt
from content.prompts.reading import Record, SchemaError
from content.prompts.schema import PROMPT_LIMIT, PromptReader, parse_schema, read_safety, read_scoring

_PLACE = re.compile(r"prompts\[([0-9]+)\](?:\.prompts\[([0-9]+)\])?(?:\.(.+))?")
_SCORE = (
    "The score counts a question that is gone, or has other numbers now. Put it back as it was, or take the score off."
)
_ALERT = (
    "An alert looks at an answer that can’t be given any more. Put the question back as it was, or take the alert off."
)
_CONDITION = (
    "It is shown only after a certain answer to an earlier question. That question or answer is gone, or comes later "
    "now. Choose again when to show it."
)
_EMPTY_GROUP = "This group asks nothing yet. Add a question to it, or move one into it."


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong and what to do. `prompt_id` and `name` are empty where it is the exercise as a whole."""

    prompt_id: str = ""
    name: str = ""
    part: str = ""
    message: str


def problems(schema: Mapping[str, Any]) -> list[Problem]:
    """All problems of a schema whose `prompts` is a list of objects; none exactly if `parse_schema` takes it."""
    found = list(_problems(schema))
    if not found:
        try:
            parse_schema(dict(schema))
        except SchemaError as error:
            found.append(_problem(schema, error))
    return found


def readable(schema: Mapping[str, Any]) -> list[tuple[str, Prompt | None]]:
    """Each prompt by its id, read on its own, for a preview of what is not finished; None for one that can't be shown."""
    reader = PromptReader()
    shown: list[tuple[str, Prompt | None]] = []
    for position, data in enumerate(schema["prompts"]):
        prompt = None
        for tried in (data, {key: value for key, value in data.items() if key != "show_if"}):
            reader.ids.discard(str(data.get("id")))
            try:
                prompt = reader.top_level(tried, f"prompts[{position}]")
                break
            except SchemaError:
                continue
        shown.append((str(data.get("id", "")), prompt))
    return shown


def _problems(schema: Mapping[str, Any]) -> Iterator[Problem]:
    reader = PromptReader()
    data = schema["prompts"]
    for position, prompt in enumerate(data):
        try:
            reader.top_level(prompt, f"prompts[{position}]")
        except SchemaError as error:
            yield _problem(schema, error)
    if len(data) > PROMPT_LIMIT:
        yield Problem(part="prompts", message=f"Keep an exercise to {PROMPT_LIMIT} questions.")
    if not any(prompt.get("kind") != "heading" for prompt in data):
        yield Problem(part="prompts", message="Ask at least one question.")
    try:
        if schema.get("scoring") is not None:
            read_scoring(Record(schema["scoring"], "scoring"), reader.earlier)
    except SchemaError:
        yield Problem(part="scoring", message=_SCORE)
    try:
        for item, path in Record(dict(schema), "").items("safety", most=PROMPT_LIMIT):
            read_safety(Record(item, path), reader.earlier)
    except SchemaError:
        yield Problem(part="safety", message=_ALERT)


def _problem(schema: Mapping[str, Any], error: SchemaError) -> Problem:
    place = _PLACE.fullmatch(error.path)
    if not place:
        return Problem(part=error.path.partition("[")[0].partition(".")[0], message=error.message)
    prompt = schema["prompts"][int(place[1])]
    part = place[3] or ""
    if place[2] is not None:
        prompt = prompt["prompts"][int(place[2])]
    message = error.message
    if part.startswith("show_if"):
        message = _CONDITION
    elif part == "prompts" and not prompt.get("prompts"):
        message = _EMPTY_GROUP
    return Problem(prompt_id=str(prompt.get("id", "")), name=str(prompt.get("text", "")), part=part, message=message)
