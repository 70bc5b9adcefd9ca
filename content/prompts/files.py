"""An exercise as a file of ours: the draft's document with a mark in front, read strictly."""

from collections.abc import Collection, Mapping
from typing import Any

from content.prompts.drafting import Document, draft_of_schema, schema_of_draft
from content.prompts.reading import Record, SchemaError
from content.prompts.schema import parse_schema

FILE_FORMAT = 1
KINDS = ("reflection", "worksheet", "check-in", "practice")


def file_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft, or a published version as a draft, as a file's JSON. Raises SchemaError if it has problems."""
    schema = parse_schema(schema_of_draft(draft)).to_json()
    about = {"exercise": FILE_FORMAT, "title": draft["title"], "kind": draft["kind"], "summary": draft["summary"]}
    return about | {name: value for name, value in schema.items() if name != "format"}


def draft_of_file(data: object, *, kinds: Collection[str] = KINDS) -> Document:
    """The draft that a file holds.

    A measure is refused: its wording comes from the operator alone. Raises SchemaError with the place and, in plain
    words, what to change.
    """
    record = Record(data, "")
    record.whole("exercise", lowest=FILE_FORMAT, highest=FILE_FORMAT)
    title = record.text("title", longest=160)
    kind = record.text("kind", longest=40)
    if kind not in kinds:
        raise SchemaError("kind", f"Use one of: {', '.join(kinds)}.")
    summary = record.text("summary", longest=300, default="")
    if record.has("measure"):
        raise SchemaError("measure", "A measure can’t come from a file here. Whoever runs the platform takes it in.")
    names = ("minutes", "introduction", "prompts", "scoring", "safety", "measure")
    schema = parse_schema({"format": 1} | {name: record.take(name) for name in names})
    record.done()
    return draft_of_schema(schema.to_json(), title=title, kind=kind, summary=summary)
