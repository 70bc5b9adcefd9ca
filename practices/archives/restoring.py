"""Making a clinic from its archive: the same clinic, with the rows, files and keys that it had then; no other is touched."""

import gzip
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from practices.archives.container import BLOCK, ArchiveError, members_of, read_manifest, text_of
from practices.archives.rows import as_row
from practices.archives.taking import Tell, quoted, raw_cursor, unhurried
from practices.audit.anchors import drop_anchor, set_anchors_aside
from practices.audit.chain import verify_chain
from practices.audit.models import Action, AuditEvent, record
from practices.erasures import erasures
from practices.files import files_below
from practices.migrating import migrate_clinic
from practices.models import Clinic, ClinicKey, ClinicMigration, ClinicWakeup, Domain, validate_schema_name
from practices.postgres.base import TO_FINISH
from practices.snapshots import drop_schema, run_sql, schema_exists
from practices.tenancy import hosts, inside, leave_clinic
from practices.vault import VaultError
from practices.vault.keyring import unwrapped
from practices.wakeups import wake

# Not while somebody could be writing in it.
AT_REST = (Clinic.Status.SUSPENDED, Clinic.Status.CLOSING)
TABLE = re.compile(r"tables/([a-z][a-z0-9_]*)\.gz")
# Seconds that a statement may take here: an index over a large clinic's rows.
UNHURRIED = 3600.0


class CannotRestoreError(Exception):
    """The clinic can't be restored like this; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was made of an archive."""

    clinic: Clinic
    tables: int
    rows: int
    files: int


def restore_clinic(
    path: Path, *, at: datetime, schema_name: str = "", replace: bool = False, tell: Tell = lambda line: None
) -> Restored:
    """The archive's clinic, suspended, so that somebody can look before it answers; resume it then.

    All of its rows are there or none. Its files follow: until they are there it is `provisioning`, and a restore that was
    killed is done again from the beginning. Raises ArchiveError, CannotRestoreError, OSError.
    """
    leave_clinic()
    manifest = read_manifest(path)
    tell("The archive is whole.")
    known_to_this_release(manifest)
    never_erased(UUID(manifest["clinic"]))
    with transaction.atomic():
        clinic = restore_rows(path, manifest, schema_name=schema_name, replace=replace, at=at, tell=tell)
    hosts.clear()
    files = restore_files(members_of(path), clinic, tell)
    result = migrate_clinic(clinic)
    if result.error:
        raise CannotRestoreError(f"The clinic was restored, but not brought to this release: {result.error}")
    anchor_anew(clinic, at=at)
    Clinic.objects.filter(pk=clinic.pk, status=Clinic.Status.PROVISIONING).update(status=Clinic.Status.SUSPENDED)
    clinic.refresh_from_db()
    hosts.clear()
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return Restored(clinic, len(manifest["tables"]), rows, files)


def known_to_this_release(manifest: dict[str, Any]) -> None:
    """An older archive is migrated; a newer one can't be understood."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise CannotRestoreError(f"The archive was made by a newer release: it has had {unknown[0]}.")


def never_erased(clinic: UUID) -> None:
    """What was erased stays gone, as the list of erasures and the platform's own log remember it."""
    platform = Clinic.objects.filter(type=Clinic.Kind.PLATFORM).first()
    at = erasures().get(clinic, "")[:10]
    if platform and not at:
        with inside(platform):
            event = AuditEvent.objects.filter(action=Action.CLINIC_ERASED, subject_id=clinic).first()
        at = f"{event.at:%Y-%m-%d}" if event else ""
    if at:
        raise CannotRestoreError(f"This clinic was erased on {at}, and what was erased stays gone. Delete the archive.")


def restore_rows(
    path: Path, manifest: dict[str, Any], *, schema_name: str, replace: bool, at: datetime, tell: Tell
) -> Clinic:
    """In one transaction: whatever has the name or is the clinic goes aside, the archived clinic is made, names go back."""
    with connection.cursor() as cursor:
        unhurried(cursor)
    connection.connection.patience = UNHURRIED
    try:
        members = members_of(path)
        public = json.loads(text_of(next_of(members, "clinic.json")))
        clinic, former = public_rows_back(public, schema_name=schema_name, replace=replace)
        archived = manifest["schema"]
        if former and schema_exists(former):
            drop_schema(former)
        lent = set_aside(archived) if schema_exists(archived) else ""
        run_sql(text_of(next_of(members, "pre-data.sql")))
        fill_tables(members, manifest, tell)
        if clinic.schema_name != archived:
            rename_schema(archived, clinic.schema_name)
        if lent:
            rename_schema(lent, archived)
        with inside(clinic):
            record(Action.CLINIC_RESTORED, subject=clinic, by=None, at=at, purpose=f"as of {manifest['at']}")
    finally:
        connection.connection.patience = TO_FINISH
    return clinic


def public_rows_back(public: dict[str, Any], *, schema_name: str, replace: bool) -> tuple[Clinic, str]:
    """The clinic's rows in public, and the name of the schema that it had until now. Raises CannotRestoreError."""
    clinic = as_row(Clinic, public["clinic"])
    present = Clinic.objects.select_for_update().filter(pk=clinic.pk).first()
    if present is not None:
        may_be_replaced(present, replace=replace)
    clinic.schema_name = name_for(clinic, present, schema_name)
    clinic.status, clinic.closing_since = Clinic.Status.PROVISIONING, None
    clinic.legal_hold = present.legal_hold if present else clinic.legal_hold
    if present is None:
        clinic.save(force_insert=True)
    else:
        fields = {field.attname: getattr(clinic, field.attname) for field in Clinic._meta.concrete_fields}
        Clinic.objects.filter(pk=clinic.pk).update(**fields)
        ClinicMigration.objects.filter(clinic=clinic).delete()
    domains_back(clinic, [as_row(Domain, row) for row in public["domains"]])
    keys_back(clinic, [as_row(ClinicKey, row) for row in public["keys"]])
    for row in public["wakeups"]:
        due = as_row(ClinicWakeup, row)
        wake(clinic.pk, due.kind, due_at=due.due_at)
    return clinic, present.schema_name if present else ""


def may_be_replaced(present: Clinic, *, replace: bool) -> None:
    if present.status == Clinic.Status.PROVISIONING:
        return
    if not replace:
        raise CannotRestoreError(f"{present.schema_name} is here. To go back to the archive, say so with --replace.")
    if present.status not in AT_REST:
        raise CannotRestoreError(
            f"{present.schema_name} is open: suspend it first, so that nothing is written meanwhile."
        )


def name_for(clinic: Clinic, present: Clinic | None, wanted: str) -> str:
    """What its schema will be called: as it was said, else as it is called now, else as it was."""
    name = wanted or (present.schema_name if present else clinic.schema_name)
    if wanted:
        try:
            validate_schema_name(wanted)
        except ValidationError as error:
            raise CannotRestoreError(" ".join(error.messages)) from None
    if Clinic.objects.filter(schema_name=name).exclude(pk=clinic.pk).exists():
        raise CannotRestoreError(f"Another clinic is called {name}: give this one another name with --as.")
    return name


def domains_back(clinic: Clinic, domains: list[Domain]) -> None:
    """Those that the clinic has keep; archived ones come back, if nobody else has them now."""
    taken = Domain.objects.filter(domain__in=[row.domain for row in domains]).exclude(tenant_id=clinic.pk).first()
    if taken:
        raise CannotRestoreError(f"{taken.domain} leads to another clinic now. Take it from that one first.")
    for row in domains:
        if not clinic.domains.filter(domain=row.domain).exists():
            is_primary = row.is_primary and not clinic.domains.filter(is_primary=True).exists()
            Domain.objects.create(domain=row.domain, tenant=clinic, is_primary=is_primary, token=row.token)


def keys_back(clinic: Clinic, keys: list[ClinicKey]) -> None:
    """Keys that were destroyed since open again what is older than that; none takes the place of the active one."""
    active = set(clinic.keys.filter(state=ClinicKey.State.ACTIVE).values_list("purpose", flat=True))
    present = set(clinic.keys.values_list("pk", flat=True))
    for key in keys:
        if key.pk in present:
            continue
        try:
            unwrapped(key)
        except VaultError as error:
            raise CannotRestoreError(f"A key of the archive does not open: {error}") from None
        if key.state == ClinicKey.State.ACTIVE and key.purpose in active:
            key.state = ClinicKey.State.RETIRED
        key.save(force_insert=True)
    # What the archive holds is sealed with them, so none of them is spent.
    clinic.keys.filter(pk__in=[key.pk for key in keys], state=ClinicKey.State.SPENT).update(
        state=ClinicKey.State.RETIRED
    )


def next_of(members: Iterator[tuple[str, IO[bytes]]], name: str) -> IO[bytes]:
    found, member = next(members, ("nothing", None))
    if found != name or member is None:
        raise ArchiveError(f"The archive has {found} where {name} should be.")
    return member


def fill_tables(members: Iterator[tuple[str, IO[bytes]]], manifest: dict[str, Any], tell: Tell) -> None:
    """The rows, then what was made of them: keys, indexes, triggers. Raises ArchiveError if a table has other rows than it says."""
    schema, tables = manifest["schema"], dict(manifest["tables"])
    for name, member in members:
        found = TABLE.fullmatch(name)
        if found is None:
            break
        table = found[1]
        said = tables.pop(table, None)
        if said is None or copy_in(schema, table, said["columns"], member) != said["rows"]:
            raise ArchiveError(f"{name} has other rows than the manifest says.")
        tell(f"{table}: {said['rows']} rows")
    if tables or name != "post-data.sql":
        raise ArchiveError("The archive lacks tables.")
    with connection.cursor() as cursor:
        for sequence, value in manifest["sequences"].items():
            if value is not None:
                cursor.execute("SELECT setval(%s, %s)", [f"{quoted(schema)}.{quoted(sequence)}", value])
    run_sql(text_of(member))


def copy_in(schema: str, table: str, columns: list[str], packed: IO[bytes]) -> int:
    """How many rows that were."""
    names = ", ".join(map(quoted, columns))
    with gzip.GzipFile(fileobj=packed, mode="rb") as data, raw_cursor() as cursor:
        with cursor.copy(f"COPY {quoted(schema)}.{quoted(table)} ({names}) FROM STDIN") as copy:
            while block := data.read(BLOCK):
                copy.write(block)
        return int(cursor.rowcount)


def set_aside(schema_name: str) -> str:
    """Another clinic's schema lends its name until this transaction ends; nobody else sees it."""
    name = f"aside_{secrets.token_hex(8)}"
    rename_schema(schema_name, name)
    return name


def rename_schema(before: str, after: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {quoted(before)} RENAME TO {quoted(after)}")


def restore_files(members: Iterable[tuple[str, Any]], clinic: Clinic, tell: Tell) -> int:
    """The files of the archive and no others; how many they are."""
    kept = set[str]()
    for name, member in members:
        if name.startswith("media/"):
            place = f"{clinic.pk}/{name.removeprefix('media/')}"
            default_storage.delete(place)
            default_storage.save(place, File(member))
            kept.add(place)
    for place in list(files_below(str(clinic.pk))):
        if place not in kept:
            default_storage.delete(place)
    tell(f"{len(kept)} files")
    return len(kept)


def anchor_anew(clinic: Clinic, *, at: datetime) -> None:
    """The chain is followed whole, and anchored where it ends now; anchors of what came after the archive are kept aside."""
    with inside(clinic):
        verdict = verify_chain()
    if verdict.fault:
        raise CannotRestoreError(f"The clinic was restored, but its audit does not hold: {verdict.fault.words}")
    set_anchors_aside(clinic.pk, at=at)
    drop_anchor(clinic.pk, seq=verdict.seq, hash=verdict.hash, at=at)
