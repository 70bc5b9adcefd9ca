"""Make schemas ready for clinics that are yet to be opened."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices.models import SpareSchema
from practices.snapshots import CannotSnapshotError
from practices.spares import fill_pool


class Command(BaseCommand):
    help = "Keep spare schemas, so that opening a clinic takes no time; run it every few minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", type=int, default=5, help="how many to keep; 0 drops none that are of this release"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, size: int, **options: Any) -> None:
        if not 0 <= size <= 100:
            raise CommandError("Keep between 0 and 100.")
        out = self.stderr if options["json"] else self.stdout
        try:
            for line in fill_pool(size):
                out.write(line)
        except CannotSnapshotError as error:
            raise CommandError(f"No schema can be made ready: {error}.") from None
        ready = SpareSchema.objects.count()
        self.stdout.write(json.dumps({"ready": ready}) if options["json"] else f"{ready} ready.")
