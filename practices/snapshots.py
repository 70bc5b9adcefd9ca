"""A schema as this release's migrations leave it, kept as SQL: running that takes a fraction of running the migrations.

The SQL comes from PostgreSQL's own pg_dump, of a schema that was migrated for the purpose, and names that schema by a token
that nothing else contains. It is keyed by the hash of the migrations, so that another release makes another one.
"""

import logging
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from practices.models import Clinic, SchemaSnapshot
from practices.tenancy import leave_clinic, migration_head

logger = logging.getLogger(__name__)

TEMPLATE = "template_"
# Any number: whoever holds this lock is the one that makes a snapshot.
MAKING = 7_015_120
# pg_dump may not wait for ever for a table that somebody holds.
OPTIONS = (
    "--no-owner",
    "--no-comments",
    "--no-publications",
    "--no-subscriptions",
    "--no-tablespaces",
    "--quote-all-identifiers",
    "--inserts",
    "--rows-per-insert=1000",
    "--lock-wait-timeout=5000",
)


class CannotSnapshotError(Exception):
    """No snapshot could be taken; the text says why. Clinics can still be made by running the migrations."""


def snapshot_of(kind: str) -> SchemaSnapshot:
    """The snapshot of this release, made now if there is none; of two that ask at once one makes it.

    Raises CannotSnapshotError.
    """
    head = migration_head(kind)
    found = SchemaSnapshot.objects.filter(head=head).first()
    if found is None:
        with alone():
            found = SchemaSnapshot.objects.filter(head=head).first() or make_snapshot(kind, head)
    return found


def restore_snapshot(snapshot: SchemaSnapshot, schema_name: str) -> None:
    """Make the schema, whole or not at all: call it in a transaction. Raises django.db.DatabaseError if it is there already."""
    run_sql(snapshot.sql.replace(snapshot.token, schema_name))


def run_sql(sql: str) -> None:
    """What as_one_transaction() gave; afterwards names are looked for where they were before."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        [path] = cursor.fetchone()
        cursor.execute(sql)
        cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def make_snapshot(kind: str, head: str) -> SchemaSnapshot:
    with migrated_template(kind) as token:
        sql = as_one_transaction(dump(token))
    snapshot = SchemaSnapshot.objects.create(head=head, token=token, sql=sql)
    # Another release's may still be wanted while two are being run side by side; the one before those is not.
    kept = SchemaSnapshot.objects.order_by("-made_at").values_list("pk", flat=True)[:4]
    SchemaSnapshot.objects.exclude(pk__in=list(kept)).delete()
    return snapshot


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes a snapshot meanwhile; what a killed process left behind is cleared away."""
    # A connection of its own: running migrations closes the one in use.
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET statement_timeout = '5min'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])
            for clinic in Clinic.objects.filter(schema_name__startswith=TEMPLATE):
                forget_template(clinic)
            yield
    finally:
        other.close()


@contextmanager
def migrated_template(kind: str) -> Iterator[str]:
    """The name of a schema in which the migrations have been run, and nothing else has happened."""
    pg_dump()
    name = TEMPLATE + secrets.token_hex(10)
    clinic = Clinic.objects.create(schema_name=name, name="Template", type=kind)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(name)}")
        call_command("migrate_schemas", schema_name=name, tenant=True, interactive=False, verbosity=0)
        leave_clinic()
        yield name
    finally:
        leave_clinic()
        forget_template(clinic)


@transaction.atomic
def forget_template(clinic: Clinic) -> None:
    drop_schema(clinic.schema_name)
    Clinic.objects.filter(pk=clinic.pk).delete()


def schema_exists(schema_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema_name])
        return cursor.fetchone() is not None


def drop_schema(schema_name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(schema_name)} CASCADE")


def pg_dump() -> str:
    if not settings.PG_DUMP:
        raise CannotSnapshotError("there is no pg_dump on this machine; set PG_DUMP")
    return str(settings.PG_DUMP)


def dump(schema_name: str, *more: str) -> str:
    """The schema with its rows and privileges, in SQL; `more` of pg_dump's options. Raises CannotSnapshotError."""
    program = pg_dump()
    given = connection.settings_dict
    wanted = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(given[key]) for name, key in wanted.items() if given[key]}
    environment |= {"PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "5"}
    command = [program, *OPTIONS, *more, f'--schema="{schema_name}"']
    try:
        done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotSnapshotError(f"pg_dump could not be run: {type(error).__name__}") from None
    except subprocess.CalledProcessError as error:
        raise CannotSnapshotError(f"pg_dump failed: {error.stderr.decode(errors='replace').strip()}") from None
    return done.stdout.decode()


def as_one_transaction(sql: str) -> str:
    """Without what only psql understands, and with settings that end with the transaction."""
    sql = re.sub(r"^\\(un)?restrict .*$", "", sql, flags=re.MULTILINE)
    sql = re.sub(r"^SET (?=\w+ = [^;]*;$)", "SET LOCAL ", sql, flags=re.MULTILINE)
    return sql.replace("set_config('search_path', '', false)", "set_config('search_path', '', true)")


def without_roles(sql: str) -> str:
    """Without what is given to roles by name, which may be others elsewhere; what everybody was refused stays refused."""
    to_a_role = r"^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) [^;]*(TO|FROM) \"[^;]*;$"
    return re.sub(to_a_role, "", sql, flags=re.MULTILINE)
