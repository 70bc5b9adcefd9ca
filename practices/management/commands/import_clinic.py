"""Make a clinic from its export."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.carrying import ArchiveError, CannotRestoreError, KeyFileError, identities_in, import_clinic
from practices.management.clinics import the_platform


class Command(BaseCommand):
    help = (
        "Make a clinic from its export, all of it or nothing, under a new id and sealed with this installation's keys. It is "
        "suspended afterwards: look at it, then resume it. Stopped at any moment, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="a file with AGE-SECRET-KEY-…")
        parser.add_argument("--as", dest="schema_name", default="", help="another name for the schema")
        parser.add_argument("--host", default="", help="where it answers here, instead of where it answered there")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, file: Path, identity: Path, schema_name: str, host: str, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        platform = the_platform()
        try:
            about: dict[str, Any] = {"schema_name": schema_name, "host": host, "tell": out.write}
            done = import_clinic(file, identities_in(identity), platform=platform, at=timezone.now(), **about)
        except (ArchiveError, CannotRestoreError, KeyFileError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"A file can't be read or written: {error.strerror}.") from None
        name = done.clinic.schema_name
        said = {"clinic": name, "tables": done.tables, "rows": done.rows, "files": done.files, "manifest": done.sha256}
        words = f"{name}: {done.tables} tables, {done.rows} rows, {done.files} files. It is suspended: look, then resume it."
        self.stdout.write(json.dumps(said) if options["json"] else f"{words}\nThe export's manifest: {done.sha256}")
