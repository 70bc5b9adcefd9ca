"""The names that both directions use: standard extensions where there are some, ours for what FHIR has no word for."""

import re
from typing import Any

STANDARD = "http://hl7.org/fhir/StructureDefinition/"
OWN = "urn:therapy-practices:questionnaire:"
ITEM_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
# What FHIR takes as a code: no blanks at the ends, and no two of them together.
CODE = re.compile(r"[^\s]+( [^\s]+)*")

TYPES = {
    "short_text": "string",
    "long_text": "text",
    "single_choice": "choice",
    "multiple_choice": "choice",
    "checklist": "choice",
    "scale": "integer",
    "before_after": "group",
    "number": "decimal",
    "date": "date",
    "time": "time",
    "yes_no": "boolean",
    "day_log": "group",
    "group": "group",
    "heading": "display",
}


def own(name: str, **value: Any) -> dict[str, Any]:
    return {"url": OWN + name} | value


def standard(name: str, **value: Any) -> dict[str, Any]:
    return {"url": STANDARD + name} | value
