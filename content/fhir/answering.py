"""Answers as the items of a FHIR R4 QuestionnaireResponse, each linked to the item of the Questionnaire that it answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from content.fhir.writing import JSONObject, coding_of, plain_value
from content.prompts import kinds
from content.prompts.kinds import Prompt
from content.prompts.schema import Schema


def items_of(schema: Schema, answers: Mapping[str, Any]) -> list[JSONObject]:
    """What was answered, in the schema's order; what was not is left out."""
    return [
        item for prompt in schema.questions() if prompt.id in answers for item in _items(prompt, answers[prompt.id])
    ]


def _items(prompt: Prompt, value: Any) -> Iterator[JSONObject]:
    """One item; of what repeats as a group, one for each time."""
    about = {"linkId": prompt.id, "text": prompt.text}
    match prompt:
        case kinds.Group():
            for row in value:
                parts = [item for sub in prompt.prompts if sub.id in row for item in _items(sub, row[sub.id])]
                yield about | {"item": parts}
        case kinds.BeforeAfter():
            yield about | {"item": [_part(prompt, part, valueInteger=value[part]) for part in value]}
        case kinds.DayLog():
            for day, entry in sorted(value.items()):
                yield about | {"item": list(_day(prompt, day, entry))}
        case _:
            yield about | {"answer": _answers(prompt, value)}


def _answers(prompt: Prompt, value: Any) -> list[JSONObject]:
    match prompt:
        case kinds.WithChoices():
            choices = {choice.value: choice.to_json() for choice in prompt.choices}
            return [{"valueCoding": coding_of(choices[one])} for one in (value if isinstance(value, list) else [value])]
        case kinds.Scale():
            return [{"valueInteger": value}]
        case kinds.Number():
            return [{"valueDecimal": value}]
        case kinds.Date():
            return [{"valueDate": value}]
        case kinds.Time():
            return [{"valueTime": f"{value}:00"}]
        case kinds.YesNo():
            return [{"valueBoolean": value == "yes"}]
    return [{"valueString": value}]


def _day(prompt: Prompt, day: str, entry: Mapping[str, str]) -> Iterator[JSONObject]:
    yield _part(prompt, "day", valueDate=day)
    if entry.get("did"):
        yield _part(prompt, "did", valueCoding=plain_value(entry["did"]))
    if entry.get("line"):
        yield _part(prompt, "line", valueString=entry["line"])


def _part(prompt: Prompt, name: str, **answer: Any) -> JSONObject:
    return {"linkId": f"{prompt.id}-{name}", "answer": [answer]}
