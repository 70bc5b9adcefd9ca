"""Clinics made from a snapshot or from the pool are those that the migrations make, and are made whole or not at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pytest_django import Settings

from practices import snapshots
from practices.audit.models import Action, record
from practices.database_roles import let_app_in
from practices.models import Clinic, ClinicMigration, ClinicWakeup, Domain, SchemaSnapshot, SpareSchema
from practices.opening import open_clinic
from practices.snapshots import TEMPLATE, CannotSnapshotError, dump, migrated_template
from practices.spares import fill_pool
from practices.tenancy import hosts, inside, migration_head
from practices.vault import Purpose
from tests.harness.browsers import Browser
from tests.harness.databases import Database, GoneError, gone_after, owner_rights


def open_west() -> Clinic:
    return open_clinic(schema_name="west", name="West", host="west.localhost")


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")
        return {name for (name,) in cursor.fetchall()}


# How PostgreSQL spells a predicate once it has read its own spelling of it: the casts move.
CASTS = re.compile(r"""[()]|::(?:"text"|character varying)(?:\[\])?""")


def parts(schema_name: str) -> list[str]:
    """Everything that makes up the schema and its rows, statement by statement: in no order, and without its name."""
    sql = re.sub(r"^(--|\\).*$", "", dump(schema_name), flags=re.MULTILINE).replace(schema_name, "…")
    sql = re.sub(r"'20\d\d-\d\d-\d\d [\d:.+]+'", "'when it was migrated'", sql)
    statements = filter(None, (part.strip() for part in re.split(r";\n\n", sql)))
    return sorted(CASTS.sub("", part) if " WHERE " in part or " CHECK " in part else part for part in statements)


@contextmanager
def no_migrations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever runs migrations in here fails."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("migrations were run")

    with monkeypatch.context() as broken:
        broken.setattr("practices.migrating.call_command", fail)
        broken.setattr("practices.snapshots.call_command", fail)
        yield


def test_a_clinic_from_the_snapshot_is_the_one_that_the_migrations_make(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_rights(), migrated_template(Clinic.Kind.CLINIC) as migrated:
        let_app_in(migrated)
        with no_migrations(monkeypatch):
            west = open_west()

        assert parts(west.schema_name) == parts(migrated)


def test_a_clinic_from_the_pool_is_the_one_from_the_snapshot_and_works(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_rights(), no_migrations(monkeypatch):
        list(fill_pool(2))
        spares = set(SpareSchema.objects.values_list("schema_name", flat=True))
        west = open_west()
        east = open_clinic(schema_name="east", name="East", host="east.localhost")

        assert west.status == Clinic.Status.OPEN
        assert not SpareSchema.objects.exists()
        assert not spares & schemas()
        assert parts("west") == parts("east") == parts("north")
    hosts.clear()
    assert Browser(west).get("/").status_code == 200
    with inside(east):
        record(Action.CLINIC_RESUMED, subject=east, by=None, at=east.created_at)


def test_spares_of_another_release_are_dropped_and_none_is_claimed(fresh_database: Database) -> None:
    with owner_rights():
        list(fill_pool(1))
        old = SpareSchema.objects.get().schema_name
        SpareSchema.objects.update(head="older")

        open_west()
        assert SpareSchema.objects.filter(schema_name=old).exists()

        said = list(fill_pool(1))
        assert said[0] == f"{old}: of another release, dropped"
        assert old not in schemas()
        assert SpareSchema.objects.get().head == migration_head(Clinic.Kind.CLINIC)


def test_without_pg_dump_the_migrations_make_the_clinic(fresh_database: Database, settings: Settings) -> None:
    settings.PG_DUMP = ""

    with owner_rights():
        SchemaSnapshot.objects.all().delete()
        west = open_west()

        assert west.status == Clinic.Status.OPEN
        with pytest.raises(CommandError, match="there is no pg_dump"):
            call_command("fill_pool")


def test_a_schema_that_cannot_be_restored_leaves_nothing(fresh_database: Database) -> None:
    with owner_rights():
        SchemaSnapshot.objects.update(sql='CREATE SCHEMA "west"; SELECT 1/0;')

        with pytest.raises(DatabaseError):
            open_west()

        assert "west" not in schemas()
        assert Clinic.objects.get(schema_name="west").status == Clinic.Status.PROVISIONING
        assert not ClinicMigration.objects.filter(clinic__schema_name="west").exists()


def test_what_a_killed_process_left_of_a_template_is_cleared_away(fresh_database: Database) -> None:
    with owner_rights():
        Clinic.objects.create(schema_name=f"{TEMPLATE}left", name="Template")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {TEMPLATE}left")
        with snapshots.alone():
            pass

        assert f"{TEMPLATE}left" not in schemas()
        assert not Clinic.objects.filter(schema_name__startswith=TEMPLATE).exists()


def test_a_pg_dump_that_fails_is_named(fresh_database: Database, settings: Settings) -> None:
    settings.PG_DUMP = "/bin/false"
    with owner_rights(), pytest.raises(CannotSnapshotError, match="pg_dump failed"):
        dump("north")


def test_the_app_may_not_write_what_the_owner_runs(fresh_database: Database) -> None:
    for statement in ("UPDATE schema_snapshot SET sql = ''", "DELETE FROM spare_schema", "DELETE FROM schema_snapshot"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("with_spare", [True, False], ids=["from the pool", "from the snapshot"])
def test_opening_that_ends_at_any_statement_is_finished_by_doing_it_again(
    fresh_database: Database, with_spare: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_rights(), no_migrations(monkeypatch):
        list(fill_pool(1 if with_spare else 0))
        for statements in count():
            try:
                with connection.execute_wrapper(gone_after(statements)):
                    west = open_west()
                break
            except GoneError:
                half_made = Clinic.objects.filter(schema_name="west").first()
                assert half_made is None or (half_made.status == Clinic.Status.OPEN) == ("west" in schemas())

        assert statements > 20
        assert west.status == Clinic.Status.OPEN
        assert parts("west") == parts("north")
        assert west.keys.count() == len(Purpose)
        assert ClinicWakeup.objects.filter(clinic=west).count() == len(settings.TENANT_TYPES["clinic"]["WAKES"])
        assert Domain.objects.get(tenant=west).is_primary
        assert not SpareSchema.objects.exists()
