"""Make one clinic from its archive."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.archives import ArchiveError, CannotRestoreError, restore_clinic


class Command(BaseCommand):
    help = (
        "Make a clinic from its archive, all of it or nothing; no other clinic is touched. It is suspended afterwards: look at "
        "it, then resume it. Stopped at any moment, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="schema_name", default="", help="another name for the schema")
        parser.add_argument("--replace", action="store_true", help="the clinic is here, and goes back to the archive")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, file: Path, schema_name: str, replace: bool, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        try:
            done = restore_clinic(file, schema_name=schema_name, replace=replace, at=timezone.now(), tell=out.write)
        except (ArchiveError, CannotRestoreError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"A file can't be written: {error.strerror}.") from None
        name = done.clinic.schema_name
        said = {"clinic": name, "tables": done.tables, "rows": done.rows, "files": done.files}
        words = f"{name}: {done.tables} tables, {done.rows} rows, {done.files} files. It is suspended: look, then resume it."
        self.stdout.write(json.dumps(said) if options["json"] else words)
