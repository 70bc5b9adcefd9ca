"""What the commands that suspend, close, hold and resume a clinic share."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from practices.management.clinics import clinics_named, the_platform
from practices.tenancy import inside


class RestingCommand(BaseCommand):
    """`act` takes the clinic, who and when, and says whether anything changed; it is recorded at the platform."""

    act: Callable[..., bool]
    done = not_done = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, clinic: str, **options: Any) -> None:
        self.carry_out(clinic, self.done, self.not_done, as_json=options["json"])

    def carry_out(self, clinic: str, done: str, not_done: str, *, as_json: bool, **details: Any) -> None:
        [found] = clinics_named(clinic)
        with inside(the_platform()):
            changed = self.act(found, by=None, at=timezone.now(), **details)
        found.refresh_from_db()
        said = {"clinic": clinic, "changed": changed, "status": found.status}
        self.stdout.write(json.dumps(said) if as_json else f"{clinic} {done if changed else not_done}.")
