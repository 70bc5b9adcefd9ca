"""New keys for old: the clinics' data keys, or the master key that wraps them."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from practices.keys import rotate_keys
from practices.management.clinics import clinics_named, migrated
from practices.models import Clinic
from practices.vault import Purpose, VaultError
from practices.vault.master import MasterKey, master_key_from, present_master_key, previous_master_key
from practices.vault.rotation import purposes_in, rewrap_keys


class Command(BaseCommand):
    help = (
        "Give clinics new data keys and seal anew what is under older ones. Stopped at any moment, it goes on when run again. "
        "Old keys are destroyed by a later run, once nothing names them and nobody can still be using them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="only this one, by its schema's name")
        parser.add_argument("--purpose", choices=[purpose.value for purpose in Purpose], help="only keys for this")
        parser.add_argument("--finish", action="store_true", help="begin nothing: bring to its end what was begun")
        parser.add_argument("--master", action="store_true", help="wrap the data keys by a new master key instead")
        parser.add_argument("--old-key", type=Path, help="file of the old master key, else PREVIOUS_MASTER_KEY_FILE")
        parser.add_argument("--new-key", type=Path, help="file of the new master key, else the one in the settings")
        parser.add_argument("--json", action="store_true", help="one JSON document, and how far it is as errors")

    def handle(self, *args: Any, **options: Any) -> None:
        self.results: list[dict[str, Any]] = []
        self.failures: list[str] = []
        self.out = self.stderr if options["json"] else self.stdout
        clinics = clinics_named(options["clinic"])
        if options["master"]:
            self.rewrap(clinics, *master_keys(options["old_key"], options["new_key"]))
        else:
            self.rotate(clinics, options["purpose"], begin=not options["finish"])
        if options["json"]:
            document = {"results": self.results, "failures": self.failures}
            self.stdout.write(json.dumps(document, default=str, indent=1))
        if self.failures:
            raise CommandError("\n".join(["Not all is done; mend the cause and run this again.", *self.failures]))

    def rotate(self, clinics: list[Clinic], only: str | None, *, begin: bool) -> None:
        for clinic in migrated(clinics, self.failures):
            known = purposes_in(clinic.type)
            for purpose in known if only is None else [Purpose(only)]:
                if purpose in known:
                    self.rotate_one(clinic, purpose, begin=begin)
                else:
                    self.out.write(
                        f"{clinic.schema_name} {purpose}: nothing is sealed for this that could be anew; its key stays"
                    )

    def rotate_one(self, clinic: Clinic, purpose: Purpose, *, begin: bool) -> None:
        name = f"{clinic.schema_name} {purpose}"

        def tell(words: str) -> None:
            self.out.write(f"{name}: {words}")

        try:
            result = rotate_keys(clinic, purpose, by=None, at=timezone.now(), begin=begin, tell=tell)
        except (VaultError, OperationalError) as error:
            self.failures.append(f"{name}: {in_words(error)}")
            return
        tell(
            f"{'a new key, ' if result.began else ''}{result.resealed} sealed anew; "
            f"{result.destroyed} old keys destroyed, {result.waiting} kept for now"
        )
        self.results.append({"clinic": clinic.schema_name, **vars(result)})
        for place, rows in result.failed.items():
            self.failures.append(f"{name}: {place} does not open in {', '.join(map(str, rows))}")

    def rewrap(self, clinics: list[Clinic], old: MasterKey, new: MasterKey) -> None:
        for clinic in clinics:
            try:
                count = rewrap_keys(clinic, old=old, new=new)
            except (VaultError, OperationalError) as error:
                self.failures.append(f"{clinic.schema_name}: {in_words(error)}")
            else:
                self.out.write(f"{clinic.schema_name}: {count} keys wrapped anew")
                self.results.append({"clinic": clinic.schema_name, "rewrapped": count})


def in_words(error: VaultError | OperationalError) -> str:
    return str(error) if isinstance(error, VaultError) else "the database did not answer, or a row was held too long"


def master_keys(old: Path | None, new: Path | None) -> tuple[MasterKey, MasterKey]:
    """Raises CommandError if there is no telling which is meant."""
    try:
        before = master_key_from(old) if old else previous_master_key()
        after = master_key_from(new) if new else present_master_key()
    except VaultError as error:
        raise CommandError(str(error)) from None
    if before is None:
        raise CommandError("Name the old master key: --old-key FILE, or PREVIOUS_MASTER_KEY_FILE in the settings.")
    return before, after
