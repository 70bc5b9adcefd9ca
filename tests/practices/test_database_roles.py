"""The two roles: the app works with rows; it changes no table, and nothing that the audit holds."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections, transaction
from psycopg import sql

from practices.audit.models import Action, AuditEvent, record
from practices.database_roles import let_app_in, schemas_without_app
from practices.migrating import migrate_clinic
from practices.models import Clinic
from practices.opening import open_clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.databases import APP, OWNER, Database, owner_rights, server

pytestmark = pytest.mark.skipif(OWNER["USER"] == APP["USER"], reason="The database given has one role.")

NOT_FOR_THE_APP = [
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN more text",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {table} USING (false)",
    "CREATE INDEX mine ON {table} (id)",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
]
NEITHER = [
    "DROP TRIGGER audit_append_only ON audit_auditevent",
    "SET session_replication_role = replica",
    "CREATE TABLE north.mine ()",
    "CREATE TABLE public.mine ()",
    "CREATE TEMPORARY TABLE mine ()",
    "CREATE SCHEMA mine",
    "DROP SCHEMA north CASCADE",
    "ALTER SCHEMA north RENAME TO mine",
    "SET ROLE practices_owner",
    "SET SESSION AUTHORIZATION practices_owner",
    "CREATE ROLE mine",
    "CREATE OR REPLACE FUNCTION north.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "UPDATE django_migrations SET name = name",
]


def refused(statement: str) -> None:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("statement", NOT_FOR_THE_APP)
def test_the_app_can_change_nothing_about_the_audit(north: Clinic, statement: str) -> None:
    refused(statement.format(table="audit_auditevent"))


@pytest.mark.parametrize("statement", NEITHER)
def test_the_app_makes_changes_and_becomes_nothing_else(north: Clinic, statement: str) -> None:
    refused(statement)


def test_tables_and_functions_belong_to_the_owner_in_every_schema(clinics: dict[str, Clinic]) -> None:
    query = """
    SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = ANY(%(schemas)s::regnamespace[])
    UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = ANY(%(schemas)s::regnamespace[])
    UNION SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE oid = ANY(%(clinics)s::regnamespace[])
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(query, {"schemas": ["public", *clinics], "clinics": list(clinics)})
        assert cursor.fetchall() == [(OWNER["USER"],)]


def test_the_app_works_with_every_other_table_and_with_those_to_come(fresh_database: Database) -> None:
    with owner_rights():
        open_clinic(schema_name="west", name="West", host="west.localhost")
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE west.later (id bigserial, words text)")

    with connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO west.later (words) VALUES ('a')")
        cursor.execute("UPDATE west.later SET words = 'b'")
        cursor.execute("DELETE FROM west.later WHERE words = 'b'")
    with inside(Clinic.objects.get(schema_name="west")):
        factories.staff()
        record(Action.SIGNED_IN, by=None, at=factories.AT)
        assert AuditEvent.objects.count() == 1


def test_the_app_cannot_open_a_clinic(fresh_database: Database) -> None:
    with pytest.raises(ProgrammingError):
        open_clinic(schema_name="west", name="West", host="west.localhost")

    assert Clinic.objects.get(schema_name="west").status == Clinic.Status.PROVISIONING


def test_an_app_role_that_comes_later_is_let_in(fresh_database: Database) -> None:
    north, app = fresh_database.north, sql.Identifier(APP["USER"])
    with server(fresh_database.name) as session:
        session.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA north FROM {}").format(app))
        session.execute(sql.SQL("REVOKE ALL ON SCHEMA north FROM {}").format(app))
    assert "north" in schemas_without_app()

    with owner_rights():
        assert not migrate_clinic(north).ran

    with inside(north):
        factories.staff()
    refused("DELETE FROM north.audit_auditevent")


def test_letting_in_twice_changes_nothing(fresh_database: Database) -> None:
    with owner_rights():
        let_app_in("north")

    refused("UPDATE north.audit_auditevent SET id = id")


def test_one_role_for_everything_needs_no_letting_in(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATABASE_HAS_TWO_ROLES", False)

    let_app_in("north")

    assert schemas_without_app() == set()


@pytest.mark.parametrize(("program", "role"), [("manage.py", OWNER), ("-c", APP)])
def test_commands_act_for_the_owner_and_everything_else_for_the_app(program: str, role: dict[str, str]) -> None:
    ask = "from django.conf import settings; print(settings.DATABASES['default']['USER'])"
    arguments = ["manage.py", "shell", "--no-imports", "--command", ask] if program == "manage.py" else ["-c", ask]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    asked = subprocess.run(
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )

    assert asked.stdout.strip() == role["USER"]


def test_a_deployment_with_one_role_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATABASE_HAS_TWO_ROLES", False)

    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("check", deploy=True, tags=["database_roles"], fail_level="WARNING")
