"""Take one clinic's archive."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.archives import back_up
from practices.management.clinics import clinics_named
from practices.snapshots import CannotSnapshotError


class Command(BaseCommand):
    help = "Write everything of one clinic, as it is at this moment, to a file; the clinic goes on working meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("--to", type=Path, required=True, help="the file, which must not be there yet")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, clinic: str, to: Path, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        [found] = clinics_named(clinic)
        if to.exists():
            raise CommandError(f"{to} is there already; name another file.")
        try:
            taken = back_up(found, to, at=timezone.now(), tell=out.write)
        except CannotSnapshotError as error:
            raise CommandError(f"No archive can be taken: {error}.") from None
        except OSError as error:
            raise CommandError(f"{to} can't be written: {error.strerror}.") from None
        said = {"clinic": clinic, "file": str(to), "tables": taken.tables, "rows": taken.rows, "files": taken.files}
        words = f"{to}: {taken.tables} tables, {taken.rows} rows, {taken.files} files."
        self.stdout.write(json.dumps(said) if options["json"] else words)
