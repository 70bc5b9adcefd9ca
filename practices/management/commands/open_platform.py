"""Make the operator's own host, and an account for an operator."""

import json
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.accounts.services import AddressTakenError, make_user
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.opening import CannotOpenError, open_clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import inside, leave_clinic


class Command(BaseCommand):
    help = "Open the platform, if it is not there yet, and mail an operator the link by which they choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", required=True, help="such as console.example.org; no clinic is found there")
        parser.add_argument("--name", default="Platform", help="as operators and mails name it")
        parser.add_argument("--operator-email", required=True)
        parser.add_argument("--operator-name", default="Operator")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        leave_clinic()
        try:
            platform = Clinic.objects.filter(type=Clinic.Kind.PLATFORM).first() or open_clinic(
                schema_name="platform", name=options["name"], host=options["host"].lower(), kind=Clinic.Kind.PLATFORM
            )
            with inside(platform):
                add_operator(options["operator_email"], name=options["operator_name"])
        except (CannotOpenError, AddressTakenError) as error:
            raise CommandError(str(error)) from None
        said = {"platform": platform.schema_name, "status": platform.status}
        self.stdout.write(json.dumps(said) if options["json"] else "The platform is open; the operator gets a mail.")


def add_operator(email: str, *, name: str) -> None:
    """An account that opens with the link in the mail; whoever has one gets a new link. Raises AddressTakenError."""
    operator = User.objects.by_email(email).filter(kind=Kind.OPERATOR, is_active=True).first()
    if operator is None:
        operator = make_user(email=email, display_name=name, kind=Kind.OPERATOR)
        record(Action.STAFF_ADDED, subject=operator, by=None, at=timezone.now())
    key = default_token_generator.make_token(operator)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": operator.pk.hex, "key": key})
    queue_mail(MailKind.PASSWORD_RESET, to=operator.email, path=path, at=timezone.now())
