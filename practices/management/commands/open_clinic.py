"""Open a clinic."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.accounts.permissions import Role
from practices.accounts.services import AddressTakenError
from practices.accounts.services.invitations import AlreadyInvitedError, invite_staff
from practices.opening import CannotOpenError, open_clinic
from practices.tenancy import inside


class Command(BaseCommand):
    help = "Open a clinic and invite its owner by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema_name", help="small letters, digits and _")
        parser.add_argument("--name", required=True, help="as clients see it")
        parser.add_argument("--host", required=True, help="such as willow.example.org")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--timezone", default="Europe/London")
        parser.add_argument("--country", default="GB")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            clinic = open_clinic(
                schema_name=options["schema_name"],
                name=options["name"],
                host=options["host"].lower(),
                timezone=options["timezone"],
                country=options["country"],
            )
            with inside(clinic):
                invite_staff(email=options["owner_email"], roles=[Role.OWNER], by=None, at=timezone.now())
        except (CannotOpenError, AddressTakenError, AlreadyInvitedError) as error:
            raise CommandError(str(error)) from None
        said = {"clinic": clinic.schema_name, "status": clinic.status, "host": options["host"].lower()}
        self.stdout.write(json.dumps(said) if options["json"] else f"{clinic.name} is open at {options['host']}.")
