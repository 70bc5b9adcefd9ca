"""Host names that lead to a clinic."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practices.console.names import plain_host
from practices.console.services.hosts import HostError, add_host, check_host, make_primary, remove_host
from practices.management.clinics import clinics_named, the_platform
from practices.models import Clinic, Domain
from practices.tenancy import inside

ACTS: dict[str, Callable[..., None]] = {"check": check_host, "primary": make_primary, "remove": remove_host}


class Command(BaseCommand):
    help = "Add a host name to a clinic, check that it leads here, have mails link to it, or remove it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", help="by its schema's name")
        parser.add_argument("act", choices=["add", *ACTS])
        parser.add_argument("host", help="such as portal.example.org")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, clinic: str, act: str, host: str, **options: Any) -> None:
        [found] = clinics_named(clinic)
        try:
            plain = plain_host(host)
            with inside(the_platform()):
                carry_out(found, act, plain, at=timezone.now())
        except (HostError, ValidationError) as error:
            raise CommandError(str(error) if isinstance(error, HostError) else " ".join(error.messages)) from None
        said = {
            "clinic": clinic,
            "hosts": [
                {"host": domain.domain, "primary": domain.is_primary, "checked": not domain.token}
                for domain in Domain.objects.filter(tenant_id=found.pk).order_by("domain")
            ],
        }
        self.stdout.write(json.dumps(said) if options["json"] else f"{clinic}: {act} {plain}, done.")


def carry_out(clinic: Clinic, act: str, host: str, *, at: datetime) -> None:
    if act == "add":
        add_host(clinic, host, by=None, at=at)
        return
    domain = Domain.objects.filter(tenant_id=clinic.pk, domain=host).select_related("tenant").first()
    if domain is None:
        raise HostError(f"{host} was not added to {clinic.schema_name}.")
    ACTS[act](domain, by=None, at=at)
