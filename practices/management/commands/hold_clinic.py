"""Keep a clinic from being erased, as a court or a regulator may ask."""

from typing import Any

from django.core.management.base import CommandParser

from practices.management.resting import RestingCommand
from practices.resting import hold_clinic


class Command(RestingCommand):
    help = "The clinic can't be erased until the hold is lifted."
    act = staticmethod(hold_clinic)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--because", default="", help="a case or a letter, by its number; nothing about anybody")
        which.add_argument("--lift", action="store_true", help="it may be erased again")

    def handle(self, *args: Any, clinic: str, **options: Any) -> None:
        reason = options["because"].strip()
        done, not_done = ("is held", "was held for this") if reason else ("is no longer held", "was not held")
        self.carry_out(clinic, done, not_done, as_json=options["json"], reason=reason)
