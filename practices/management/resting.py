"""What the commands that suspend and resume a clinic share."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.management.clinics import clinics_named
from practices.models import Clinic
from practices.tenancy import inside


class RestingCommand(BaseCommand):
    """`act` takes the clinic, who and when, and says whether anything changed; it is recorded at the platform."""

    act: Callable[..., bool]
    done = not_done = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, clinic: str, **options: Any) -> None:
        [found] = clinics_named(clinic)
        platform = Clinic.objects.filter(type=Clinic.Kind.PLATFORM).first()
        if platform is None:
            raise CommandError("There is no platform yet, at which this could be recorded.")
        with inside(platform):
            changed = self.act(found, by=None, at=timezone.now())
        found.refresh_from_db()
        words = f"{clinic} {self.done if changed else self.not_done}."
        self.stdout.write(
            json.dumps({"clinic": clinic, "changed": changed, "status": found.status}) if options["json"] else words
        )
