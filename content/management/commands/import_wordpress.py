"""Take in what a WordPress site has exported."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from content.services.importing import Source, look_at, opened_source, prepare, record_import, take_in
from content.wordpress import ExportError, Report
from practices.management.clinics import clinics_named
from practices.tenancy import in_clinic

# After so many posts it says how far it is.
TOLD_EVERY = 25


class Command(BaseCommand):
    help = "Take in an export of WordPress. Stopped, or run again, it goes on; what is here already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("file", type=Path, help="the export (WXR, .xml), or a zip in which it is")
        parser.add_argument("--media", type=Path, help="a folder or zip with the files of wp-content/uploads")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of it")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, clinic: str, file: Path, **options: Any) -> None:
        [found] = clinics_named(clinic)
        with in_clinic(found.pk) as entered, opened(file, options["media"], zone=entered.zone) as source:
            report = self.look(source) if options["dry_run"] else self.take(source)
        if options["json"]:
            notes = [{"line": note.line, "title": note.title, "words": note.words} for note in report.notes]
            said = {"clinic": clinic, "dry_run": options["dry_run"], "counts": report.totals, "notes": notes}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.tell(report, is_done=not options["dry_run"])

    def look(self, source: Source) -> Report:
        report, at = Report(), timezone.now()
        for entry in source.entries():
            look_at(source, entry, report, at=at)
        return report

    def take(self, source: Source) -> Report:
        report, at = Report(), timezone.now()
        record_import(by=None, at=at)
        for number, entry in enumerate(source.entries(), start=1):
            take_in(prepare(source, entry, at=at), source, report, by=None, at=at)
            if number % TOLD_EVERY == 0:
                self.stderr.write(f"{number} of {source.export.posts}")
        return report

    def tell(self, report: Report, *, is_done: bool) -> None:
        self.stdout.write("Taken in:" if is_done else "This would be taken in:")
        for count, words in report.lines:
            self.stdout.write(f"  {count} {words}")
        for note in report.notes:
            self.stdout.write(f"line {note.line}, “{note.title}”: {note.words}")
        if report.notes_beyond:
            self.stdout.write(f"… and {report.notes_beyond} more lines like these.")


@contextmanager
def opened(file: Path, media: Path | None, **options: Any) -> Iterator[Source]:
    """The export and what is beside it; what is wrong with them as the command's own error."""
    try:
        with file.open("rb") as export, opened_source(export, media=media, **options) as source:
            yield source
    except ExportError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename or file}: {error.strerror or error}.") from None
