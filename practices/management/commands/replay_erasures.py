"""Erase again what a restore of everything has brought back."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.erasing import replay_erasures
from practices.erasures import ErasuresUnreadableError
from practices.management.clinics import the_platform


class Command(BaseCommand):
    help = (
        "After the database, or the disk with the files, was restored from a backup: clinics that were erased go again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, **options: Any) -> None:
        out = self.stderr if options["json"] else self.stdout
        try:
            count = replay_erasures(platform=the_platform(), at=timezone.now(), tell=out.write)
        except ErasuresUnreadableError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"A file can't be deleted: {error.strerror}. Run this again.") from None
        self.stdout.write(
            json.dumps({"erased": count}) if options["json"] else f"{count} clinics were back, and are gone."
        )
