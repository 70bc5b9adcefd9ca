"""Starter exercises in our own words, one file each; a clinic copies what it likes and makes it its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from content.prompts.drafting import Document, schema_of_draft
from content.prompts.files import draft_of_file
from content.prompts.schema import Schema, parse_schema

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One exercise of the library; its name is the file's, and the address of the first copy."""

    name: str
    draft: Document

    @property
    def schema(self) -> Schema:
        return parse_schema(schema_of_draft(self.draft))


@cache
def entries() -> Mapping[str, Entry]:
    """Every exercise of the library by its name, in the order of titles; read once per process."""
    found = [Entry(name=file.stem, draft=draft_of_file(json.loads(file.read_text()))) for file in HERE.glob("*.json")]
    return {entry.name: entry for entry in sorted(found, key=lambda entry: str(entry.draft["title"]))}
