"""The wording of a measure, read from the official form (FHIR R4 Questionnaire or CSV) and checked against its definition."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.measures.definitions import Definition
from content.prompts.reading import storable
from content.prompts.schema import parse_schema

ORDINALS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
CSV_HEADER = ["part", "number", "text"]


class WordingError(ValueError):
    """The form does not have the measure's shape; the text names the item and what is expected of it."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question of the form: what it is called there, its text, and the label of each answer value."""

    name: str
    text: str
    answers: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Form:
    introduction: str
    items: Sequence[Item]


def schema_of_form(form: Form, measure: Definition) -> dict[str, Any]:
    """The measure as an exercise schema in the form's words. Raises WordingError naming the item."""
    expected = range(measure.items, measure.items + measure.unscored + 1)
    if len(form.items) not in expected:
        also = f" (and up to {measure.unscored} more that is not scored)" if measure.unscored else ""
        raise WordingError(f"{measure.name} has {measure.items} items{also}; this form has {len(form.items)}.")
    for number, item in enumerate(form.items, start=1):
        _check(item, number, measure)
    schema = {
        "format": 1,
        "minutes": measure.minutes,
        "introduction": form.introduction,
        "prompts": [_prompt(item, number, measure) for number, item in enumerate(form.items, start=1)],
        "scoring": measure.scoring(),
        "safety": measure.safety(),
        "measure": {"key": measure.key, "licence": measure.licence, "citation": measure.citation},
    }
    try:
        return parse_schema(schema).to_json()
    except ValueError as error:
        raise WordingError(f"This form can’t be used: {error}") from error


def form_of_fhir(questionnaire: Mapping[str, Any]) -> Form:
    """The items of a Questionnaire that are answered by a choice, in order, those in groups too."""
    if questionnaire.get("resourceType") != "Questionnaire":
        raise WordingError("This is no FHIR Questionnaire: “resourceType” says something else.")
    texts, items = [], []
    for item in _items(questionnaire.get("item"), depth=0):
        match item.get("type"):
            case "choice":
                items.append(_fhir_item(item))
            case "group" | "display" if isinstance(item.get("text"), str):
                texts.append(item["text"])
    description = questionnaire.get("description")
    introduction = description if isinstance(description, str) and description.strip() else "\n\n".join(texts)
    return Form(introduction=introduction.strip(), items=items)


def form_of_csv(text: str) -> Form:
    """A form with the columns part, number, text.

    Parts are `introduction`, `answer` (its value and label, for all items), `item` (its number and text), and for items
    that are not scored `extra` and `extra answer`.
    """
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or [cell.strip().lower() for cell in rows[0]] != CSV_HEADER:
        raise WordingError(f"The first line must be: {','.join(CSV_HEADER)}")
    parts: dict[str, dict[int, str]] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(CSV_HEADER):
            raise WordingError(f"Line {line} has {len(row)} columns instead of {len(CSV_HEADER)}.")
        part, number, words = (cell.strip() for cell in row)
        if part not in ("introduction", "answer", "item", "extra", "extra answer"):
            raise WordingError(f"Line {line}: “{part[:40]}” is no part of a form.")
        if part != "introduction" and not (number.isascii() and number.isdigit() and len(number) < 4):
            raise WordingError(f"Line {line}: write a number for this {part}.")
        at = int(number) if part != "introduction" else 0
        if at in parts.setdefault(part, {}):
            raise WordingError(f"Line {line}: {part} {at} is there twice.")
        parts[part][at] = words
    items = [*_csv_items(parts, "item", "answer"), *_csv_items(parts, "extra", "extra answer")]
    return Form(introduction=parts.get("introduction", {}).get(0, ""), items=items)


def _csv_items(parts: Mapping[str, Mapping[int, str]], part: str, answers: str) -> Iterator[Item]:
    for position, (number, text) in enumerate(sorted(parts.get(part, {}).items()), start=1):
        if number != position:
            raise WordingError(f"{part.capitalize()} {position} is missing.")
        yield Item(name=f"{part} {number}", text=text, answers=parts.get(answers, {}))


def _items(found: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if found is None:
        return
    if not isinstance(found, list) or depth > 5:
        raise WordingError("The items of this Questionnaire can’t be read.")
    for item in found:
        if not isinstance(item, dict):
            raise WordingError("The items of this Questionnaire can’t be read.")
        yield item
        yield from _items(item.get("item"), depth=depth + 1)


def _fhir_item(item: Mapping[str, Any]) -> Item:
    name = str(item.get("linkId", "without linkId"))[:60]
    options = item.get("answerOption")
    if not isinstance(options, list):
        raise WordingError(f"Item {name}: its answers must stand in “answerOption”.")
    answers: dict[int, str] = {}
    for option in options:
        coding = option.get("valueCoding") if isinstance(option, dict) else None
        if not isinstance(coding, dict) or not isinstance(coding.get("display"), str):
            raise WordingError(f"Item {name}: each answer needs a “valueCoding” with a “display”.")
        value = _value(option, coding)
        if value is None:
            raise WordingError(f"Item {name}: the answer “{coding['display'][:60]}” has no value (ordinalValue).")
        if value in answers:
            raise WordingError(f"Item {name}: two answers have the value {value}.")
        answers[value] = coding["display"].strip()
    text = item.get("text")
    return Item(name=name, text=text.strip() if isinstance(text, str) else "", answers=answers)


def _value(option: Mapping[str, Any], coding: Mapping[str, Any]) -> int | None:
    """What an answer counts: its ordinal value, on the option or its coding; else its code, if that is a number."""
    for holder in (option, coding):
        extensions = holder.get("extension")
        for extension in extensions if isinstance(extensions, list) else []:
            if isinstance(extension, dict) and extension.get("url") in ORDINALS:
                value = extension.get("valueDecimal")
                if isinstance(value, int | float) and value == int(value):
                    return int(value)
    code = coding.get("code")
    return int(code) if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 4 else None


def _check(item: Item, number: int, measure: Definition) -> None:
    if not item.text:
        raise WordingError(f"Item {number} ({item.name}) has no text.")
    if not all(storable(text) for text in (item.text, *item.answers.values())):
        raise WordingError(f"Item {number} ({item.name}) holds a character that can’t be kept.")
    if number > measure.items:
        return
    values = sorted(item.answers)
    if values != list(range(measure.highest + 1)):
        found = ", ".join(map(str, values)) or "none"
        raise WordingError(f"Item {number} ({item.name}) must have the answers 0 to {measure.highest}; it has {found}.")


def _prompt(item: Item, number: int, measure: Definition) -> dict[str, Any]:
    choices = [{"value": str(value), "label": item.answers[value]} for value in sorted(item.answers)]
    identifier = measure.item_id(number) if number <= measure.items else f"extra{number - measure.items}"
    return {"id": identifier, "kind": "single_choice", "text": item.text, "choices": choices}
