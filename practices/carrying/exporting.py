"""Writing everything of one clinic, as of one moment, so that it can be taken to another installation or read by a person."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.template.loader import render_to_string
from pyrage.x25519 import Recipient

from practices.archives.container import BLOCK
from practices.archives.rows import as_fields
from practices.archives.taking import Tell, migrations_in, one_moment, sequences_of
from practices.audit.models import Action, record
from practices.carrying.container import Writer, writing
from practices.carrying.parts import declared_parts
from practices.carrying.tables import Table, tables_of
from practices.files import files_below
from practices.models import Clinic, ClinicKey, ClinicWakeup
from practices.tenancy import inside, is_migrated, leave_clinic
from practices.vault import Purpose
from practices.vault.keyring import unwrapped

# Rows asked for at a time.
CHUNK = 500
READABLE = "readable"


class CannotExportError(Exception):
    """The clinic can't be exported like this; the text says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What is in an export. `sha256` is its manifest's, by which it is known again where it is imported."""

    path: Path
    tables: int
    rows: int
    files: int
    pages: int
    sha256: str


def export_clinic(
    clinic: Clinic,
    path: Path,
    *,
    recipients: list[Recipient],
    platform: Clinic,
    at: datetime,
    tell: Tell = lambda line: None,
) -> Exported:
    """Everything of the clinic in one file that only the recipients open; what it holds sealed lies in it in clear.

    That it was taken is on record, at the clinic and at the platform, before the file has its name. Raises
    CannotExportError, VaultError if a value does not open, OSError; then there is no file.
    """
    leave_clinic()
    if clinic.type != Clinic.Kind.CLINIC:
        raise CannotExportError("The platform itself is not exported.")
    if not is_migrated(clinic):
        raise CannotExportError(f"{clinic.schema_name} is not migrated to this release; run migrate_clinics first.")
    about: dict[str, Any] = {
        "clinic": str(clinic.pk),
        "origin": str(clinic.origin or clinic.pk),
        "schema": clinic.schema_name,
        "at": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    with writing(path, about, recipients) as archive:
        with one_moment(), inside(clinic):
            archive.add("clinic.json", carried_public(clinic))
            about["migrations"] = migrations_in(clinic)
            about["sequences"] = sequences_of(clinic.schema_name)
            about["tables"] = dict(add_tables(archive, clinic, tell))
            about["files"] = add_files(archive, str(clinic.pk), tell)
            about["pages"] = add_pages(archive, clinic, at=at, tell=tell)
        for home in (clinic, platform):
            with transaction.atomic(), inside(home):
                record(Action.CLINIC_EXPORTED, subject=clinic, by=None, at=at)
    rows = sum(table["rows"] for table in about["tables"].values())
    return Exported(path, len(about["tables"]), rows, about["files"], about["pages"], about["sha256"])


def carried_public(clinic: Clinic) -> bytes:
    """The clinic's rows in public. Of its keys one: nobody could make anew what was marked with it."""
    marks = clinic.keys.get(purpose=Purpose.MARKS, state=ClinicKey.State.ACTIVE)
    found = {
        "clinic": as_fields(Clinic.objects.get(pk=clinic.pk)),
        "domains": list(clinic.domains.filter(token="").order_by("pk").values("domain", "is_primary")),
        "wakeups": list(ClinicWakeup.objects.filter(clinic=clinic).order_by("kind").values("kind", "due_at")),
        "marks": base64.b64encode(unwrapped(marks)).decode(),
    }
    # Django's own encoder would cut moments to milliseconds.
    return json.dumps(found, default=str, indent=1).encode()


def add_tables(archive: Writer, clinic: Clinic, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in tables_of(clinic.schema_name, clinic.type):
        rows = 0
        for number, lines in enumerate(parts_of(table), start=1):
            archive.add(f"rows/{table.name}/{number:06}.jsonl", "".join(f"{line}\n" for line in lines).encode())
            rows += len(lines)
        tell(f"{table.name}: {rows} rows")
        yield table.name, {"columns": table.carried, "sealed": table.sealed_names, "rows": rows}


def parts_of(table: Table) -> Iterator[list[str]]:
    """Its rows, about a megabyte of them at a time."""
    lines: list[str] = []
    length = 0
    for line in rows_of(table):
        lines.append(line)
        length += len(line)
        if length >= BLOCK:
            yield lines
            lines, length = [], 0
    if lines:
        yield lines


def rows_of(table: Table) -> Iterator[str]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(table.select())
        while found := cursor.fetchmany(CHUNK):
            for (line,) in found:
                yield table.opened(line)


def add_files(archive: Writer, folder: str, tell: Tell) -> int:
    """Every file of the clinic. One that is deleted meanwhile is one that nobody names any more."""
    number = 0
    for path in files_below(folder):
        try:
            file = default_storage.open(path)
        except FileNotFoundError:
            continue
        with file:
            archive.add_file(f"media/{path.removeprefix(folder).lstrip('/')}", file, length=file.size)
        number += 1
    tell(f"{number} files")
    return number


def add_pages(archive: Writer, clinic: Clinic, *, at: datetime, tell: Tell) -> int:
    """What is there for people and other programs, and an index of it; how many files that is."""
    number, sections = 0, []
    for part in declared_parts():
        links, begun = [], number
        for page in part.pages(clinic):
            archive.add(page.path, page.data)
            number += 1
            if page.title:
                links.append({"path": f"../{page.path}", "title": page.title})
        sections.append({"title": part.title, "links": links, "files": number - begun})
        tell(f"{part.title}: {number - begun} files")
    index = render_to_string(
        "practices/carried/index.html", {"clinic": clinic, "at": at, "sections": sections, "style": "style.css"}
    )
    archive.add(f"{READABLE}/index.html", index.encode())
    archive.add(f"{READABLE}/style.css", render_to_string("practices/carried/style.css").encode())
    return number + 2
