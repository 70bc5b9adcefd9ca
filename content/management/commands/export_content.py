"""Write all content of a clinic to a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from content.services.exporting import Kind, export_content
from practices.management.clinics import clinics_named
from practices.tenancy import in_clinic


class Command(BaseCommand):
    help = "Write all articles with their comments and pictures: for WordPress (wxr), or to be read (markdown)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("--as", dest="kind", required=True, choices=[kind.value for kind in Kind])
        parser.add_argument(
            "--out", type=Path, required=True, help="must not be there yet; .xml for wxr alone, else a zip"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, clinic: str, kind: str, out: Path, **options: Any) -> None:
        [found] = clinics_named(clinic)
        if out.exists():
            raise CommandError(f"{out} is there already; name another file.")
        is_xml = out.suffix.lower() == ".xml"
        if is_xml and kind != Kind.WXR:
            raise CommandError("Markdown is several files: name a zip.")
        unfinished = out.with_name(f"{out.name}.unfinished")
        try:
            with in_clinic(found.pk) as entered, unfinished.open("wb") as file:
                about: dict[str, Any] = {"clinic": entered, "by": None, "at": timezone.now()}
                written = export_content(file, Kind(kind), with_pictures=not is_xml, **about)
            unfinished.replace(out)
        except OSError as error:
            raise CommandError(f"{out} can’t be written: {error.strerror}.") from None
        finally:
            unfinished.unlink(missing_ok=True)
        said = {"articles": written.articles, "comments": written.comments, "pictures": written.pictures}
        lost = f" {written.lost} pictures have no file any more." if written.lost else ""
        words = f"{out}: {', '.join(f'{count} {name}' for name, count in said.items())}.{lost}"
        document = {"clinic": clinic, "file": str(out), **said, "lost": written.lost}
        self.stdout.write(json.dumps(document) if options["json"] else words)
