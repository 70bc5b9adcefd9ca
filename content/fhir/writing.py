"""An exercise as a FHIR R4 Questionnaire. What FHIR can't say stands in extensions of ours, so that nothing is lost."""

import json
from collections.abc import Mapping
from typing import Any

from content.fhir.words import CODE, ITEM_CONTROL, TYPES, own, standard
from content.prompts.drafting import PromptData, schema_of_draft
from content.prompts.schema import parse_schema

JSONObject = dict[str, Any]


def questionnaire_of(draft: Mapping[str, Any]) -> JSONObject:
    """The draft, or a published version as a draft, as a Questionnaire. Raises SchemaError if it has problems."""
    schema = parse_schema(schema_of_draft(draft)).to_json()
    extensions = [own("kind", valueCode=draft["kind"]), own("minutes", valueInteger=schema["minutes"])]
    if draft["summary"]:
        extensions.append(own("summary", valueString=draft["summary"]))
    rules = [part for part in ("scoring", "safety") if schema[part]]
    extensions += [own(part, valueString=json.dumps(schema[part])) for part in rules]
    by_id = {prompt["id"]: prompt for prompt in schema["prompts"]}
    whole = {
        "resourceType": "Questionnaire",
        "status": "active",
        "title": draft["title"],
        "subjectType": ["Patient"],
        "extension": extensions,
        "item": [_item(prompt, by_id) for prompt in schema["prompts"]],
    }
    return whole | ({"description": schema["introduction"]} if schema["introduction"] else {})


def _item(prompt: PromptData, by_id: Mapping[str, PromptData]) -> JSONObject:
    kind = prompt["kind"]
    item: JSONObject = {"linkId": prompt["id"], "type": TYPES[kind], "text": prompt["text"]}
    extensions = [own("kind", valueCode=kind), *_extensions(prompt)]
    children = _children(prompt, by_id)
    if prompt.get("help"):
        if kind == "heading":
            extensions.append(own("help", valueString=prompt["help"]))
        else:
            children.append(_help(prompt))
    item["extension"] = extensions
    if prompt.get("required"):
        item["required"] = True
    if kind in ("multiple_choice", "checklist", "group", "day_log"):
        item["repeats"] = True
    if "choices" in prompt:
        item["answerOption"] = [{"valueCoding": coding_of(choice)} for choice in prompt["choices"]]
    condition = prompt.get("show_if")
    if condition:
        target = by_id[condition["prompt"]]
        item["enableWhen"] = [_enable_when(target, value) for value in condition["is"]]
        item["enableBehavior"] = "any"
    return item | ({"item": children} if children else {})


def _extensions(prompt: PromptData) -> list[JSONObject]:
    match prompt["kind"]:
        case "scale":
            return [*_range(prompt), *_ends(prompt)]
        case "before_after":
            return _ends(prompt)
        case "number":
            step = [own("step", valueDecimal=prompt["step"])] if "step" in prompt else []
            unit = [standard("questionnaire-unit", valueCoding={"display": prompt["unit"]})] if "unit" in prompt else []
            return [*_range(prompt), *step, *unit]
        case "group":
            rows = [standard("questionnaire-minOccurs", valueInteger=prompt.get("min_rows", 0))]
            rows.append(standard("questionnaire-maxOccurs", valueInteger=prompt.get("max_rows", 20)))
            return [*rows, *_text(prompt, "add_label")]
        case "day_log":
            return [own("days", valueInteger=prompt["days"]), *_text(prompt, "line_label")]
    return []


def _range(prompt: PromptData) -> list[JSONObject]:
    found = []
    for end in ("min", "max"):
        if end in prompt:
            value = prompt[end]
            kind = "valueInteger" if isinstance(value, int) else "valueDecimal"
            found.append(standard(f"{end}Value", **{kind: value}))
    return found


def _ends(prompt: PromptData) -> list[JSONObject]:
    return [extension for end in ("low", "high") for extension in _text(prompt, end)]


def _text(prompt: PromptData, name: str) -> list[JSONObject]:
    return [own(name.replace("_", "-"), valueString=prompt[name])] if name in prompt else []


def _children(prompt: PromptData, by_id: Mapping[str, PromptData]) -> list[JSONObject]:
    identifier = prompt["id"]
    match prompt["kind"]:
        case "group":
            return [_item(inner, by_id) for inner in prompt["prompts"]]
        case "before_after":
            return [
                {"linkId": f"{identifier}-{part}", "type": "integer", "text": words, "extension": _range(prompt)}
                for part, words in (("before", "Before"), ("after", "After"))
            ]
        case "day_log":
            did = [{"valueCoding": {"code": code}} for code in ("yes", "some", "no")]
            return [
                {"linkId": f"{identifier}-day", "type": "date", "text": "Day"},
                {"linkId": f"{identifier}-did", "type": "choice", "text": "Done", "answerOption": did},
                {"linkId": f"{identifier}-line", "type": "string", "text": "A line"},
            ]
    return []


def _help(prompt: PromptData) -> JSONObject:
    control = {"coding": [{"system": ITEM_CONTROL, "code": "help"}]}
    extension = [standard("questionnaire-itemControl", valueCodeableConcept=control)]
    return {"linkId": f"{prompt['id']}-help", "type": "display", "text": prompt["help"], "extension": extension}


def coding_of(choice: Mapping[str, str]) -> JSONObject:
    return plain_value(choice["value"]) | {"display": choice["label"]}


def plain_value(value: str) -> JSONObject:
    """The value as a code; one that is no code in FHIR's eyes stands beside it."""
    if CODE.fullmatch(value):
        return {"code": value}
    return {"extension": [own("value", valueString=value)]}


def _enable_when(target: PromptData, value: Any) -> JSONObject:
    answer: JSONObject = {"answerCoding": plain_value(str(value))}
    if target["kind"] == "yes_no":
        answer = {"answerBoolean": value == "yes"}
    elif target["kind"] == "scale":
        answer = {"answerInteger": value}
    return {"question": target["id"], "operator": "="} | answer
