"""Take the archives of every clinic, as a timer does each night."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.archives.nightly import back_up_all, run_out
from practices.management.clinics import clinics_named


class Command(BaseCommand):
    help = "Write an archive of each clinic that has none of today, and delete those that are older than is said."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="a directory; each clinic gets a folder in it")
        parser.add_argument("--keep", type=int, default=30, metavar="DAYS", help="delete older ones (30)")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("Keep archives for one day at least.")
        out, at = self.stderr if options["json"] else self.stdout, timezone.now()
        taken, failed = list[str](), list[str]()
        for clinic, error in back_up_all(clinics_named(None), to, at=at):
            out.write(f"{clinic.schema_name}: {error or 'taken'}")
            (failed if error else taken).append(clinic.schema_name)
        # What is old stays while there is nothing new.
        old = [] if failed else run_out(to, days=keep, at=at)
        said = {"taken": taken, "failed": failed, "run_out": [str(file) for file in old]}
        words = f"{len(taken)} taken, {len(failed)} failed, {len(old)} older than {keep} days deleted."
        self.stdout.write(json.dumps(said) if options["json"] else words)
        if failed:
            raise CommandError(f"No archive of: {', '.join(failed)}. The older ones were kept.")
