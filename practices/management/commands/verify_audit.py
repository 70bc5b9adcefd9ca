"""Verify that nothing in the audit of the clinics was changed."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices.audit.watching import check_audit
from practices.models import NOT_WHOLE, Clinic
from practices.tenancy import inside


class Command(BaseCommand):
    help = "Follow the chain of every clinic's audit events, past its anchors; fail if one of them does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="only this one, by the name of its schema")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each clinic")

    def handle(self, *args: Any, clinic: str | None, json: bool, **options: Any) -> None:
        clinics = Clinic.objects.exclude(status__in=NOT_WHOLE).order_by("schema_name")
        if clinic and not (clinics := clinics.filter(schema_name=clinic)).exists():
            raise CommandError(f"There is no clinic {clinic}.")
        broken = [found for found in clinics if not self.verify(found, as_json=json, verbosity=options["verbosity"])]
        if broken:
            raise CommandError(f"The audit does not hold at: {', '.join(found.schema_name for found in broken)}.")

    def verify(self, clinic: Clinic, *, as_json: bool, verbosity: int) -> bool:
        """Whether the clinic's chain holds; says so."""

        def progress(events: int) -> None:
            if verbosity > 1 and not as_json:
                self.stdout.write(f"{clinic.schema_name}: {events} events so far")

        with inside(clinic):
            verdict = check_audit(clinic, seen=progress)
        fault = verdict.fault
        said = {"clinic": clinic.schema_name, "events": verdict.events, "holds": fault is None}
        if fault:
            said |= {"seq": fault.seq, "fault": fault.words}
        if as_json:
            self.stdout.write(json.dumps(said))
        else:
            words = f"does not hold from event {fault.seq}: {fault.words}" if fault else f"{verdict.events} events hold"
            self.stdout.write(f"{clinic.schema_name}: {words}")
        return verdict.holds
