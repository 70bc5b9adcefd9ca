"""Bring every clinic's schema to this release."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from practices.opening import migrate_clinics


class Command(BaseCommand):
    help = "Migrate every clinic; go on past a failure, and end with the list of those that failed."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for result in migrate_clinics():
            if result.error:
                failed.append(result.clinic.schema_name)
                self.stderr.write(f"{result.clinic.schema_name}: {result.error}")
            elif result.ran:
                self.stdout.write(f"{result.clinic.schema_name}: migrated")
        if failed:
            raise CommandError(f"{len(failed)} not migrated: {', '.join(failed)}. Mend the cause and run this again.")
