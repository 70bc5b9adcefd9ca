"""Erase a clinic for good."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.erasing import CannotEraseError, erase_clinic
from practices.erasures import ErasuresUnreadableError
from practices.management.clinics import clinics_named, the_platform


class Command(BaseCommand):
    help = (
        "Destroy a closed clinic's keys, tables, files and names. Nothing brings it back. Its archives are yours to delete. "
        "Stopped at any moment, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument(
            "--within-grace", action="store_true", help="the days of grace are not over, and it is known"
        )
        parser.add_argument("--yes-erase", required=True, metavar="CLINIC", help="its name once more")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, clinic: str, yes_erase: str, within_grace: bool, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        [found] = clinics_named(clinic, unfinished=True)
        if yes_erase != clinic:
            raise CommandError(f"--yes-erase names {yes_erase}, not {clinic}. Nothing was erased.")
        pk, platform = found.pk, the_platform()
        try:
            erase_clinic(found, platform=platform, at=timezone.now(), within_grace=within_grace, tell=out.write)
        except (CannotEraseError, ErasuresUnreadableError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"A file can't be written or deleted: {error.strerror}. Run this again.") from None
        said = {"clinic": clinic, "id": str(pk), "erased": True}
        self.stdout.write(json.dumps(said) if options["json"] else f"{clinic} is erased. Now delete its archives.")
