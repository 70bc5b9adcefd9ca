"""Making a clinic from its export, here or in another installation: the same clinic, sealed with keys that it gets here.

It always gets an id of its own. So what was erased here stays gone under its id, and nothing that was sealed there, or is still in
some backup, opens or is mistaken for what was sealed here.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q
from pyrage.x25519 import Identity

from practices.archives import ArchiveError, CannotRestoreError
from practices.archives.restoring import (
    UNHURRIED,
    anchor_anew,
    domains_back,
    known_to_this_release,
    name_for,
    restore_files,
)
from practices.archives.rows import as_row
from practices.archives.taking import Tell, quoted, sequences_of, unhurried
from practices.audit.chain import verify_chain
from practices.audit.models import Action, record
from practices.carrying.container import Members, again, read_manifest, whole
from practices.carrying.tables import Table, tables_of
from practices.database_roles import let_app_in
from practices.identifiers import new_id
from practices.migrating import begin_tasks, migrate_clinic, write_ledger
from practices.models import Clinic, ClinicWakeup, Domain, SchemaSnapshot
from practices.postgres.base import TO_FINISH
from practices.snapshots import CannotSnapshotError, drop_schema, restore_snapshot, schema_exists, snapshot_of
from practices.tenancy import app_labels, hosts, inside, leave_clinic
from practices.vault import Purpose, VaultError, make_keys
from practices.vault.keyring import keyring, new_key
from practices.wakeups import wake

PROVISIONING = Clinic.Status.PROVISIONING
ROWS = "rows/"


class CannotImportError(CannotRestoreError):
    """The clinic can't be imported like this; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was made of an export. `sha256` is that of its manifest, as the export said it."""

    clinic: Clinic
    tables: int
    rows: int
    files: int
    sha256: str


def import_clinic(
    path: Path,
    identities: list[Identity],
    *,
    platform: Clinic,
    at: datetime,
    schema_name: str = "",
    host: str = "",
    tell: Tell = lambda line: None,
) -> Imported:
    """The exported clinic under a new id, suspended, so that somebody can look before it answers; resume it then.

    All of its rows are there or none. Its files follow: until they are there it is `provisioning`, and an import that was
    killed is done again from the beginning. Raises ArchiveError, CannotRestoreError, OSError.
    """
    leave_clinic()
    manifest = read_manifest(path, identities)
    tell("The export is whole.")
    known_to_this_release(manifest)
    snapshot = snapshot_for(manifest)
    try:
        with transaction.atomic(), patiently(), closing(again(path, identities, manifest)) as members:
            clinic = clinic_in(members, manifest, schema_name=schema_name, host=host)
            rows_in(clinic, members, manifest, snapshot=snapshot, at=at, tell=tell)
    except DatabaseError as error:  # its words may be somebody's
        raise CannotImportError(f"The export's rows can't be stored: {type(error).__name__}.") from None
    finally:
        keyring.forget()  # of a transaction that failed, the keys that it had made would be remembered
        hosts.clear()
    with closing(again(path, identities, manifest)) as members:
        files = restore_files(members, clinic, tell)
    result = migrate_clinic(clinic)
    if result.error:
        raise CannotImportError(f"The clinic was imported, but not brought to this release: {result.error}")
    anchor_anew(clinic, at=at)
    finish(clinic, platform=platform, at=at)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return Imported(clinic, len(manifest["tables"]), rows, files, manifest["sha256"])


@contextmanager
def patiently() -> Iterator[None]:
    """In this transaction, a statement takes as long as it takes."""
    with connection.cursor() as cursor:
        unhurried(cursor)
    connection.connection.patience = UNHURRIED
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.patience = TO_FINISH


def clinic_in(members: Members, manifest: dict[str, Any], *, schema_name: str, host: str) -> Clinic:
    """Its rows in public, under an id that is its own here. Raises CannotImportError."""
    name, member = next(members, ("nothing", None))
    if name != "clinic.json" or member is None:
        raise ArchiveError(f"The export has {name} where clinic.json should be.")
    try:
        public = json.loads(whole(member))
        clinic = as_row(Clinic, public["clinic"])
        clinic.pk, clinic.origin = give_way(UUID(manifest["origin"])), UUID(manifest["origin"])
        clinic.type, clinic.status, clinic.closing_since = Clinic.Kind.CLINIC, PROVISIONING, None
        clinic.schema_name = name_for(clinic, None, schema_name or clinic.schema_name)
        clinic.clean_fields(exclude=["id", "schema_name"])
        domains = [Domain(domain=str(row["domain"]), is_primary=bool(row["is_primary"])) for row in public["domains"]]
        wakeups = [as_row(ClinicWakeup, row) for row in public["wakeups"]]
        marks = base64.b64decode(public["marks"], validate=True)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, ValidationError) as error:
        raise ArchiveError(f"What the export says of the clinic can't be read: {type(error).__name__}.") from None
    if schema_exists(clinic.schema_name):
        raise CannotImportError(
            f"There is a schema {clinic.schema_name} already: give this clinic another name with --as."
        )
    created_at = clinic.created_at
    clinic.save(force_insert=True)
    Clinic.objects.filter(pk=clinic.pk).update(created_at=created_at)
    domains_back(clinic, [Domain(domain=host, is_primary=True)] if host else domains)
    new_key(clinic, Purpose.MARKS, key=marks).save(force_insert=True)
    make_keys(clinic)
    keyring.forget()
    for due in wakeups:
        wake(clinic.pk, due.kind, due_at=due.due_at)
    return clinic


def give_way(origin: UUID) -> UUID:
    """The clinic's id: a new one, or that of an import that came to no end, whose rest goes. Raises CannotImportError."""
    for present in Clinic.objects.select_for_update().filter(Q(pk=origin) | Q(origin=origin)):
        if present.pk == origin or present.status != PROVISIONING:
            raise CannotImportError(
                f"{present.schema_name} is this clinic, and is here. Erase it first, or leave it be."
            )
        drop_schema(present.schema_name)
        Clinic.objects.filter(pk=present.pk).delete()
        return UUID(str(present.pk))
    return new_id()


def snapshot_for(manifest: dict[str, Any]) -> SchemaSnapshot | None:
    """Of this release, if the export is of it too; made now if there is none, which can't be done in a transaction."""
    labels = app_labels(Clinic.Kind.CLINIC)
    present = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations if app in labels}
    if not present <= set(manifest["migrations"]):
        return None
    try:
        return snapshot_of(Clinic.Kind.CLINIC)
    except CannotSnapshotError:
        return None


def rows_in(
    clinic: Clinic,
    members: Members,
    manifest: dict[str, Any],
    *,
    snapshot: SchemaSnapshot | None,
    at: datetime,
    tell: Tell,
) -> None:
    """Its tables, as the release that exported it had them, and every row, sealed anew. Raises ArchiveError, CannotImportError."""
    if snapshot is not None:
        restore_snapshot(snapshot, clinic.schema_name)
        let_app_in(clinic.schema_name)
        write_ledger(clinic)
        begin_tasks(clinic, at=at)
    else:
        migrate_as_far(clinic, manifest["migrations"])
    with inside(clinic):
        tables = {table.name: table for table in tables_of(clinic.schema_name, clinic.type)}
        fit(tables, manifest["tables"])
        with emptied(list(tables.values())):
            fill(tables, members, manifest, tell)
        set_sequences(clinic.schema_name, manifest["sequences"])
        verdict = verify_chain()
        if verdict.fault:
            raise CannotImportError(f"The clinic's audit does not hold: {verdict.fault.words}.")
        record(Action.CLINIC_IMPORTED, subject=clinic, by=None, at=at, purpose=f"as of {manifest['at']}"[:30])


def migrate_as_far(clinic: Clinic, wanted: list[str]) -> None:
    """Tables as the export's release had them, by the migrations that it had had; to be brought to this release afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quoted(clinic.schema_name)}")
    # Of each app the last one.
    latest = {app: name for app, _, name in (migration.partition(".") for migration in sorted(wanted))}
    with inside(clinic):
        MigrationExecutor(connection).migrate(list(latest.items()))


def fit(tables: dict[str, Table], said: dict[str, Any]) -> None:
    """Whether the export's tables are those that its release had."""
    for name in sorted(tables.keys() | said.keys()):
        table, other = tables.get(name), said.get(name)
        if table is None or other is None or set(table.carried) != set(other["columns"]):
            raise ArchiveError(f"The table {name} is not what its release had.")
        if unknown := set(other["sealed"]) - set(table.sealed_names):
            raise CannotImportError(f"{min(unknown)} was sealed there, and this release does not know how to seal it.")


@contextmanager
def emptied(tables: list[Table]) -> Iterator[None]:
    """Without the rows that a new schema has, and without triggers, which would refuse what was written once.

    References between tables are looked at before it ends.
    """
    with connection.cursor() as cursor:
        # Migrations that were just run may have left it otherwise.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        guarded = [table.quoted for table in tables if table.has_triggers]
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(table.quoted for table in tables)} CASCADE")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def fill(tables: dict[str, Table], members: Members, manifest: dict[str, Any], tell: Tell) -> None:
    """Part by part; no table is ever in memory as a whole."""
    found = dict.fromkeys(tables, 0)
    for name, member in members:
        if not name.startswith(ROWS):
            break
        table = tables.get(name.split("/")[1])
        if table is None:
            raise ArchiveError(f"{name} is of no table that there is.")
        if not found[table.name]:
            tell(f"{table.name}: {manifest['tables'][table.name]['rows']} rows")
        found[table.name] += insert(table, whole(member))
    for name, said in manifest["tables"].items():
        if found[name] != said["rows"]:
            raise ArchiveError(f"{name} has other rows than the manifest says.")


def insert(table: Table, lines: bytes) -> int:
    """How many rows that were."""
    try:
        rows = [table.sealed_anew(line) for line in lines.decode().removesuffix("\n").split("\n")]
    except (ValueError, TypeError, KeyError, AttributeError, VaultError) as error:
        raise ArchiveError(f"A row of {table.name} can't be read: {type(error).__name__}.") from None
    with connection.cursor() as cursor:
        cursor.execute(table.insert(), [f"[{','.join(rows)}]"])
        return int(cursor.rowcount)


def set_sequences(schema: str, said: dict[str, int | None]) -> None:
    """So that the next number is one that no row has."""
    with connection.cursor() as cursor:
        for sequence in sequences_of(schema).keys() & said.keys():
            if said[sequence] is not None:
                cursor.execute("SELECT setval(%s, %s)", [f"{quoted(schema)}.{quoted(sequence)}", said[sequence]])


@transaction.atomic
def finish(clinic: Clinic, *, platform: Clinic, at: datetime) -> None:
    """It is whole: on record at the platform, and at rest."""
    with inside(platform):
        record(Action.CLINIC_IMPORTED, subject=clinic, by=None, at=at)
    Clinic.objects.filter(pk=clinic.pk, status=PROVISIONING).update(status=Clinic.Status.SUSPENDED)
    clinic.refresh_from_db()
    transaction.on_commit(hosts.clear)
