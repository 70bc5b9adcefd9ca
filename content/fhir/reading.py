"""A FHIR R4 Questionnaire as an exercise: ours comes back as it was; of others what can be asked here, or words why not."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from content.fhir.words import OWN, STANDARD
from content.prompts.drafting import Document, PromptData
from content.prompts.files import FILE_FORMAT, draft_of_file
from content.prompts.reading import SchemaError
from content.prompts.schema import PROMPT_LIMIT

# How deep a file of items in groups, with codings and their extensions, may be nested.
DEEPEST = 14
GROUPS_IN_GROUPS = 5
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_KINDS = {
    "string": "short_text",
    "text": "long_text",
    "url": "short_text",
    "boolean": "yes_no",
    "date": "date",
    "time": "time",
    "decimal": "number",
    "integer": "number",
    "quantity": "number",
    "display": "heading",
}

Item = Mapping[str, Any]


def draft_of_questionnaire(data: Mapping[str, Any]) -> Document:
    """The exercise in this Questionnaire. Raises SchemaError, which names the item."""
    if data.get("resourceType") != "Questionnaire":
        raise SchemaError("resourceType", "This is no FHIR Questionnaire.")
    own = _own(data)
    reader = _Reader(data)
    document: dict[str, Any] = {
        "exercise": FILE_FORMAT,
        "title": data.get("title") or data.get("name"),
        "kind": own.get("kind", "worksheet"),
        "summary": own.get("summary", ""),
        "minutes": own.get("minutes", 5),
        "introduction": data.get("description") or "",
        "prompts": list(reader.prompts(_items(data), depth=0)),
    }
    for part in ("scoring", "safety"):
        if part in own:
            document[part] = _json(own[part], part)
    return draft_of_file(document)


class _Reader:
    """Reads items, and gives each an id that a prompt may have."""

    def __init__(self, data: Item) -> None:
        self.ids: dict[str, str] = {}
        taken: set[str] = set()
        for position, item in enumerate(_every_item(data, depth=0), start=1):
            link = _link(item)
            if link in self.ids:
                raise SchemaError(link, "Two items have this linkId. Give each its own.")
            if position > 4 * PROMPT_LIMIT:
                raise SchemaError("item", f"Keep an exercise to {PROMPT_LIMIT} questions.")
            prompt_id = link if _ID.fullmatch(link) else f"q{position}"
            while prompt_id in taken:
                prompt_id = f"{prompt_id[:36]}_x"
            taken.add(prompt_id)
            self.ids[link] = prompt_id

    def prompts(self, items: list[Item], *, depth: int) -> Iterator[PromptData]:
        for item in items:
            if _is_help(item):
                continue
            if item.get("type") == "group" and not item.get("repeats") and "kind" not in _own(item):
                if depth >= GROUPS_IN_GROUPS:
                    raise SchemaError(_link(item), "Groups are nested too deeply here.")
                if isinstance(item.get("text"), str) and item["text"].strip():
                    yield {"id": self.ids[_link(item)], "kind": "heading", "text": item["text"]}
                yield from self.prompts(_items(item), depth=depth + 1)
            else:
                yield self._prompt(item)

    def _prompt(self, item: Item) -> PromptData:
        own = _own(item)
        kind = own.get("kind") or self._kind(item)
        prompt: PromptData = {"id": self.ids[_link(item)], "kind": kind, "text": item.get("text")}
        help_text = own.get("help") or next((inner.get("text") for inner in _items(item) if _is_help(inner)), None)
        for name, value in (("help", help_text), ("required", item.get("required"))):
            if value and not (name == "required" and kind == "heading"):
                prompt[name] = value
        condition = self._condition(item)
        return prompt | self._options(item, kind, own) | ({"show_if": condition} if condition else {})

    def _kind(self, item: Item) -> str:
        match item.get("type"):
            case "choice" | "open-choice":
                return "multiple_choice" if item.get("repeats") else "single_choice"
            case "group":
                return "group"
            case "integer" if {"minValue", "maxValue"} <= set(_standard(item)):
                low, high = (_standard(item)[end] for end in ("minValue", "maxValue"))
                if type(low) is int and type(high) is int and low < high <= low + 100:
                    return "scale"
            case str() as kind if kind not in _KINDS:
                raise SchemaError(_link(item), f"An item of the type “{kind[:40]}” can’t be asked here. Take it out.")
        named = item.get("type")
        if not isinstance(named, str):
            raise SchemaError(_link(item), "This item has no type.")
        return _KINDS[named]

    def _options(self, item: Item, kind: str, own: Mapping[str, Any]) -> dict[str, Any]:
        standard = _standard(item)
        match kind:
            case "single_choice" | "multiple_choice" | "checklist":
                return {"choices": [_choice(item, option) for option in _objects(item, "answerOption")]}
            case "scale" | "number":
                names = {"min": "minValue", "max": "maxValue"}
                found = {name: standard[url] for name, url in names.items() if url in standard}
                if kind == "number":
                    unit = standard.get("questionnaire-unit")
                    found |= {"unit": unit["display"]} if isinstance(unit, dict) and "display" in unit else {}
                    step = own.get("step", 1 if item.get("type") == "integer" else None)
                    return found if step is None else found | {"step": step}
                return found | _picked(own, "low", "high")
            case "before_after":
                first = next(iter(_items(item)), {})
                ends = {name: _standard(first).get(f"{name}Value") for name in ("min", "max")}
                return ends | _picked(own, "low", "high")
            case "group":
                inner = [self._prompt(inner) for inner in _items(item) if not _is_help(inner)]
                rows = {"min_rows": standard.get("questionnaire-minOccurs", 0)}
                rows["max_rows"] = standard.get("questionnaire-maxOccurs", 20)
                label = {"add_label": own["add-label"]} if "add-label" in own else {}
                return {"prompts": inner} | rows | label
            case "day_log":
                line = {"line_label": own["line-label"]} if "line-label" in own else {}
                return {"days": own.get("days")} | line
        return {}

    def _condition(self, item: Item) -> dict[str, Any] | None:
        rules = _objects(item, "enableWhen")
        if not rules:
            return None
        questions = {rule.get("question") for rule in rules if isinstance(rule.get("question"), str)}
        if len(questions) != 1 or any(rule.get("operator") != "=" for rule in rules):
            raise SchemaError(
                _link(item),
                "It is shown by a rule that can’t be kept here: only “one question is one of these answers”.",
            )
        if len(rules) > 1 and item.get("enableBehavior") != "any":
            raise SchemaError(
                _link(item), "It is shown only if several answers hold at once, which can’t be kept here."
            )
        question = str(questions.pop())
        return {"prompt": self.ids.get(question, "gone"), "is": [_answer(item, rule) for rule in rules]}


def _answer(item: Item, rule: Item) -> Any:
    match rule:
        case {"answerBoolean": bool() as answer}:
            return "yes" if answer else "no"
        case {"answerInteger": int() as answer}:
            return answer
        case {"answerString": str() as answer}:
            return answer
        case {"answerCoding": dict() as coding}:
            return _code(item, coding)
    raise SchemaError(_link(item), "The rule that shows it names no answer that can be read here.")


def _choice(item: Item, option: Item) -> dict[str, Any]:
    match option:
        case {"valueCoding": dict() as coding}:
            value = _code(item, coding)
            return {"value": value, "label": coding.get("display") or value}
        case {"valueString": str() as text}:
            return {"value": text, "label": text}
        case {"valueInteger": int() as number}:
            return {"value": str(number), "label": str(number)}
    raise SchemaError(
        _link(item), "One of its answers can’t be read. Use codes with a display, texts or whole numbers."
    )


def _code(item: Item, coding: Item) -> str:
    value = _own(coding).get("value", coding.get("code", coding.get("display")))
    if not isinstance(value, str):
        raise SchemaError(_link(item), "One of its answers has neither a code nor a text.")
    return value


def _picked(own: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: own[name] for name in names if name in own}


def _link(item: Item) -> str:
    link = item.get("linkId")
    if not isinstance(link, str) or not link or len(link) > 255:
        raise SchemaError("item", "Every item needs a linkId of up to 255 characters.")
    return link


def _items(holder: Item) -> list[Item]:
    return _objects(holder, "item")


def _objects(holder: Item, key: str) -> list[Item]:
    found = holder.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise SchemaError(key, "This must be a list of objects.")
    return found


def _every_item(holder: Item, *, depth: int) -> Iterator[Item]:
    if depth > GROUPS_IN_GROUPS + 2:
        raise SchemaError("item", "Items are nested too deeply here.")
    for item in _items(holder):
        yield item
        yield from _every_item(item, depth=depth + 1)


def _is_help(item: Item) -> bool:
    control = _standard(item).get("questionnaire-itemControl")
    codings = control.get("coding") if isinstance(control, dict) else None
    return isinstance(codings, list) and any(
        isinstance(entry, dict) and entry.get("code") == "help" for entry in codings
    )


def _own(holder: Item) -> dict[str, Any]:
    return _values(holder, OWN)


def _standard(holder: Item) -> dict[str, Any]:
    return _values(holder, STANDARD)


def _values(holder: Item, prefix: str) -> dict[str, Any]:
    """What the extensions under this prefix say, by the rest of their names."""
    found = {}
    for extension in _objects(holder, "extension"):
        url = extension.get("url")
        value = next((extension[key] for key in extension if key.startswith("value")), None)
        if isinstance(url, str) and url.startswith(prefix) and value is not None:
            found[url.removeprefix(prefix)] = value
    return found


def _json(text: object, part: str) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        raise SchemaError(part, "This part of the file can’t be read.") from None
