"""Which clinics there are, how large they are and how they stand."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from practices.console.standing import Standing, with_standing
from practices.models import Clinic
from practices.tenancy import leave_clinic


class Command(BaseCommand):
    help = "List the clinics as the console does; nothing of what is in them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        leave_clinic()
        clinics = with_standing(Clinic.objects.order_by("name", "pk"), at=timezone.now())
        found = [Standing(clinic).as_json() for clinic in clinics]
        if options["json"]:
            self.stdout.write(json.dumps({"clinics": found}))
            return
        for line in found:
            host = next((entry["host"] for entry in line["hosts"] if entry["primary"]), "no host")
            self.stdout.write(
                f"{line['schema']}: {line['name']}, {host}, {line['status']}, migrations {line['migrations']}"
            )
