"""Give a clinic another name."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from practices.console.services.renaming import rename_clinic
from practices.management.resting import RestingCommand


class Command(RestingCommand):
    help = "What it is called on its pages and in its mails; its address and its schema stay."
    act = staticmethod(rename_clinic)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="as clients see it")

    def handle(self, *args: Any, clinic: str, **options: Any) -> None:
        name = options["name"].strip()
        if not 0 < len(name) <= 80:
            raise CommandError("A name has 1 to 80 characters.")
        self.carry_out(clinic, "is renamed", "had that name", as_json=options["json"], name=name)
