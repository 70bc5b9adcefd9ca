"""Taking a clinic's archive while it goes on working: every table as of one moment, and every file."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from practices.archives.container import BLOCK, Writer, writing
from practices.archives.rows import public_rows
from practices.audit.models import Action, record
from practices.files import files_below
from practices.models import Clinic
from practices.snapshots import as_one_transaction, dump, without_roles
from practices.tenancy import inside, leave_clinic

Tell = Callable[[str], None]
COLUMNS = """
SELECT relname, array_agg(attname ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname ORDER BY relname
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s ORDER BY sequencename"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in an archive."""

    path: Path
    tables: int
    rows: int
    files: int


def back_up(clinic: Clinic, path: Path, *, at: datetime, tell: Tell = lambda line: None) -> Taken:
    """The clinic as it is at this moment, in a file of its own; what it holds sealed stays sealed, and its keys wrapped.

    Raises CannotSnapshotError, OSError; then there is no file.
    """
    leave_clinic()
    about: dict[str, Any] = {
        "clinic": str(clinic.pk),
        "schema": clinic.schema_name,
        "type": clinic.type,
        "at": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    with writing(path, about) as archive, one_moment() as moment:
        archive.add("clinic.json", public_rows(clinic))
        about["migrations"] = migrations_in(clinic)
        add_sql(archive, clinic.schema_name, "pre-data", moment)
        about["tables"] = dict(add_tables(archive, clinic.schema_name, tell))
        about["sequences"] = sequences_of(clinic.schema_name)
        add_sql(archive, clinic.schema_name, "post-data", moment)
        about["files"] = add_files(archive, str(clinic.pk), tell)
    rows = sum(table["rows"] for table in about["tables"].values())
    with inside(clinic):
        record(Action.CLINIC_BACKED_UP, subject=clinic, by=None, at=at)
    return Taken(path, len(about["tables"]), rows, about["files"])


@contextmanager
def one_moment() -> Iterator[str]:
    """A transaction that sees the database as it is now, for as long as it takes; gives the name others can see it by."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        unhurried(cursor)
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def unhurried(cursor: Any) -> None:
    """In this transaction statements may take as long as they take, and nothing may be asked for as long."""
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET LOCAL {limit} = 0")


def migrations_in(clinic: Clinic) -> list[str]:
    """Those that were run in its schema, as "app.name"."""
    with inside(clinic):
        return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def add_sql(archive: Writer, schema_name: str, section: str, moment: str) -> None:
    """Tables without rows come before the rows; what would check or count them comes after."""
    sql = without_roles(as_one_transaction(dump(schema_name, f"--section={section}", f"--snapshot={moment}")))
    archive.add(f"{section}.sql", sql.encode())


def add_tables(archive: Writer, schema_name: str, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [schema_name])
        tables = cursor.fetchall()
    for table, columns in tables:
        with archive.stream(f"tables/{table}.gz") as out, gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
            rows = copy_out(f"{quoted(schema_name)}.{quoted(table)}", columns, packed)
        tell(f"{table}: {rows} rows")
        yield table, {"columns": columns, "rows": rows}


def copy_out(table: str, columns: list[str], out: gzip.GzipFile) -> int:
    """How many rows that were."""
    with raw_cursor() as cursor:
        with cursor.copy(f"COPY {table} ({', '.join(map(quoted, columns))}) TO STDOUT") as copy:
            for block in copy:
                out.write(block)
        return int(cursor.rowcount)


@contextmanager
def raw_cursor() -> Iterator[Any]:
    """psycopg's own, for COPY, which Django's hides."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        yield cursor


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def sequences_of(schema_name: str) -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES, [schema_name])
        return dict(cursor.fetchall())


def add_files(archive: Writer, folder: str, tell: Tell) -> int:
    """Every file of the clinic. One that is deleted meanwhile is one that nobody names any more."""
    number = 0
    for path in files_below(folder):
        try:
            file = default_storage.open(path)
        except FileNotFoundError:
            continue
        with file, archive.stream(f"media/{path.removeprefix(folder).lstrip('/')}") as out:
            for block in file.chunks(BLOCK):
                out.write(block)
        number += 1
    tell(f"{number} files")
    return number
