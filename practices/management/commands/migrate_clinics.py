"""Bring every clinic's schema to this release."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practices.migrating import Migrated, migrate_clinic, migrate_clinics
from practices.models import Clinic
from practices.tenancy import leave_clinic

MOST_JOBS = 32


class Command(BaseCommand):
    help = (
        "Migrate every clinic that is not of this release; the others are not touched. One that fails does not stop the "
        "others: the list of those that failed comes at the end. Stopped at any moment, it goes on when run again."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--canary", metavar="CLINIC", help="this one first; if it fails, no other is tried")
        parser.add_argument("--jobs", type=int, default=1, help=f"so many side by side, at most {MOST_JOBS}")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, canary: str | None, jobs: int, **options: Any) -> None:
        if not 1 <= jobs <= MOST_JOBS:
            raise CommandError(f"Run between 1 and {MOST_JOBS} side by side.")
        self.out = self.stderr if options["json"] else self.stdout
        self.results: list[Migrated] = []
        if canary:
            self.try_first(canary)
        if not self.failed:
            others = list(Clinic.objects.exclude(schema_name=canary or "").order_by("created_at", "pk"))
            total = len(self.results) + len(others)
            for result in migrate_clinics(others, jobs=jobs):
                self.note(result, total)
        if options["json"]:
            self.stdout.write(json.dumps(self.document(), indent=1))
        if self.failed:
            raise CommandError(self.verdict(alone=bool(canary) and len(self.results) == 1))

    def try_first(self, schema_name: str) -> None:
        leave_clinic()
        clinic = Clinic.objects.filter(schema_name=schema_name).first()
        if clinic is None:
            raise CommandError(f"There is no clinic {schema_name}.")
        self.note(migrate_clinic(clinic), 1)

    @property
    def failed(self) -> list[str]:
        return [result.clinic.schema_name for result in self.results if result.error]

    def note(self, result: Migrated, total: int) -> None:
        """Keep it, and say how far it is, unless there was nothing to do."""
        self.results.append(result)
        if result.ran or result.error:
            words = result.error or f"migrated in {result.seconds:.1f} s"
            out = self.stderr if result.error else self.out
            out.write(f"{len(self.results)} of {total} {result.clinic.schema_name}: {words}")

    def verdict(self, *, alone: bool) -> str:
        failed = f"{len(self.failed)} not migrated: {', '.join(self.failed)}. Mend the cause and run this again."
        return f"{failed} No other was tried." if alone else failed

    def document(self) -> dict[str, Any]:
        migrated = {result.clinic.schema_name: round(result.seconds, 3) for result in self.results if result.ran}
        errors = {result.clinic.schema_name: result.error for result in self.results if result.error}
        at_head = sum(not result.ran for result in self.results)
        return {"at_head": at_head, "migrated_in_seconds": migrated, "failed": errors}
