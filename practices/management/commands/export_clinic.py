"""Write everything of one clinic to a file for another installation."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.carrying import CannotExportError, KeyFileError, export_clinic, recipient_of
from practices.management.clinics import clinics_named, the_platform
from practices.vault import VaultError


class Command(BaseCommand):
    help = (
        "Write everything of one clinic, in clear, to a file that only its recipient opens: to be taken to another "
        "installation, or read. Whoever has the recipient's identity can read all of it. Close the clinic first if it is leaving."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("--to", type=Path, required=True, help="the file, which must not be there yet")
        parser.add_argument("--recipient", action="append", required=True, help="age1…; may be given several times")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, clinic: str, to: Path, recipient: list[str], **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        [found], platform = clinics_named(clinic), the_platform()
        if to.exists():
            raise CommandError(f"{to} is there already; name another file.")
        try:
            recipients = [recipient_of(text) for text in recipient]
            done = export_clinic(found, to, recipients=recipients, platform=platform, at=timezone.now(), tell=out.write)
        except (CannotExportError, KeyFileError) as error:
            raise CommandError(str(error)) from None
        except VaultError as error:
            raise CommandError(f"Something does not open; run vault_check. {error}") from None
        except OSError as error:
            raise CommandError(f"{to} can't be written: {error.strerror}.") from None
        counts = {"tables": done.tables, "rows": done.rows, "files": done.files, "pages": done.pages}
        said = {"clinic": clinic, "file": str(to), **counts, "manifest": done.sha256}
        words = f"{to}: {done.tables} tables, {done.rows} rows, {done.files} files, {done.pages} pages to read."
        self.stdout.write(json.dumps(said) if options["json"] else f"{words}\nIts manifest: {done.sha256}")
