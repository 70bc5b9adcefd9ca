"""Try whether what was sealed still opens."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices.management.clinics import clinics_named, migrated
from practices.models import Clinic
from practices.tenancy import inside
from practices.vault.checking import Checked, check_clinic

SAMPLE = 50


class Command(BaseCommand):
    help = "Open a sample of whatever is sealed, in every clinic; end with an error if anything does not open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="only this one, by its schema's name")
        parser.add_argument("--all", action="store_true", help=f"every value, not {SAMPLE} of each place")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        found, failures = [], list[str]()
        for clinic in migrated(clinics_named(options["clinic"]), failures):
            with inside(clinic):
                for checked in check_clinic(clinic, sample=None if options["all"] else SAMPLE):
                    found.append({"clinic": clinic.schema_name, **vars(checked)})
                    self.tell(clinic, checked, quiet=options["json"])
                    if checked.failed:
                        failures.append(f"{clinic.schema_name} {checked.column}: {len(checked.failed)}")
        if options["json"]:
            self.stdout.write(json.dumps({"columns": found, "failures": failures}, default=str, indent=1))
        if failures:
            raise CommandError("\n".join(["Not everything opens.", *failures]))

    def tell(self, clinic: Clinic, checked: Checked, *, quiet: bool) -> None:
        if quiet:
            return
        self.stdout.write(f"{clinic.schema_name} {checked.column}: {checked.tried} of {checked.rows} tried")
        for row in checked.failed:
            self.stdout.write(f"  does not open: {row}")
