"""What keeps the way to Citus open: a clinic's schema is whole in itself, and is handled with statements that work there.

Citus is not on this machine; what works on it was tried once by hand and stands in docs/scale.md. These tests hold the
schema that our migrations really make, and the statements that we really send, against that.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models

from practices.erasing import erase_clinic
from practices.models import Clinic, ClinicModel
from practices.opening import open_clinic
from practices.resting import close_clinic
from practices.snapshots import snapshot_of
from practices.spares import fill_pool
from practices.tenancy import app_labels, inside
from tests.factories import AT
from tests.harness.databases import Database, owner_rights

# Catalogue rows of things in a clinic's schema that depend on things in another one; extensions live in `ext` on every node.
REACHES_OUT = """
WITH inside AS (SELECT oid FROM pg_namespace WHERE nspname = %(schema)s),
objects AS (
    SELECT 'pg_class'::regclass::oid AS class, oid, relnamespace AS namespace FROM pg_class
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type
    UNION ALL SELECT 'pg_constraint'::regclass, oid, connamespace FROM pg_constraint
    UNION ALL SELECT 'pg_rewrite'::regclass, pg_rewrite.oid, relnamespace FROM pg_rewrite JOIN pg_class ON ev_class = pg_class.oid
    UNION ALL SELECT 'pg_trigger'::regclass, pg_trigger.oid, relnamespace FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid
    UNION ALL SELECT 'pg_attrdef'::regclass, pg_attrdef.oid, relnamespace FROM pg_attrdef JOIN pg_class ON adrelid = pg_class.oid
)
SELECT DISTINCT pg_describe_object(one.class, one.oid, 0), pg_describe_object(other.class, other.oid, 0)
  FROM pg_depend
  JOIN objects AS one ON one.class = classid AND one.oid = objid
  JOIN objects AS other ON other.class = refclassid AND other.oid = refobjid
 WHERE (one.namespace IN (SELECT oid FROM inside)) <> (other.namespace IN (SELECT oid FROM inside))
   AND NOT EXISTS (SELECT FROM pg_depend AS part WHERE part.classid = other.class AND part.objid = other.oid AND part.deptype = 'e')
   AND 'pg_toast'::regnamespace NOT IN (one.namespace, other.namespace)
   AND other.namespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
  JOIN pg_class AS one ON one.oid = conrelid JOIN pg_class AS other ON other.oid = confrelid
 WHERE contype = 'f' AND one.relnamespace <> other.relnamespace
"""
FUNCTIONS = """
SELECT proname, prosrc, coalesce(array_to_string(proconfig, ';'), '') FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
"""
TRIGGERS = """
SELECT tgname, pronamespace::regnamespace::text FROM pg_trigger
  JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
 WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
"""
VIEWS = "SELECT relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('v', 'm', 'f', 'p')"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = %(schema)s"
SIZE = """
SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i') FROM pg_class
 WHERE relnamespace = %(schema)s::regnamespace
"""
SCHEMAS = ("north", "platform")


def found(statement: str, schema: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"schema": schema})
        return list(cursor.fetchall())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_nothing_in_a_clinics_schema_depends_on_another_one(clinics: dict[str, Clinic], schema: str) -> None:
    assert found(REACHES_OUT, schema) == []


REACHING = {
    "a view": "CREATE VIEW north.seen AS SELECT id FROM public.practices_clinic",
    "a foreign key": "ALTER TABLE north.outbox_outboxmail ADD clinic uuid REFERENCES public.practices_clinic",
    "a default": "ALTER TABLE north.outbox_outboxmail ADD number bigint DEFAULT nextval('public.clinic_wakeup_id_seq')",
    "a trigger": "CREATE TRIGGER reaching BEFORE INSERT ON north.outbox_outboxmail EXECUTE FUNCTION south.refuse_change()",
    "a type": "ALTER TABLE north.outbox_outboxmail ADD whole public.practices_clinic",
}


@pytest.mark.parametrize("what", REACHING)
def test_whatever_reached_out_would_be_found(fresh_database: Database, what: str) -> None:
    with owner_rights(), connection.cursor() as cursor:
        cursor.execute(REACHING[what])

        assert found(REACHES_OUT, "north") != []


def test_no_foreign_key_leaves_its_schema(clinics: dict[str, Clinic]) -> None:
    assert found(FOREIGN_KEYS, "north") == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_triggers_run_functions_of_their_own_schema_which_name_no_other(
    clinics: dict[str, Clinic], schema: str
) -> None:
    names = [name for (name,) in found("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'", schema)]
    others = re.compile(rf"\b({'|'.join(set(names) - {'ext', schema})})\.", re.IGNORECASE)

    triggers, functions = found(TRIGGERS, schema), found(FUNCTIONS, schema)

    assert {where for _, where in triggers} == {schema}
    assert [name for name, body, _ in functions if others.search(body)] == []
    # A function that named its own schema would be lost when a spare one is renamed, or a clinic moved.
    assert [name for name, body, path in functions if schema in body or schema in path] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_there_are_no_views_foreign_tables_or_partitions(clinics: dict[str, Clinic], schema: str) -> None:
    assert found(VIEWS, schema) == []


def test_a_clinic_keeps_to_its_budget_of_tables_and_indexes(clinics: dict[str, Clinic]) -> None:
    [(tables, indexes)] = found(SIZE, "north")

    assert tables <= 60
    assert indexes <= 250


# ── Sequences run in a range per node: after a move, new values are lower than old ones ──


def clinic_models() -> Iterator[type[models.Model]]:
    labels = app_labels(Clinic.Kind.CLINIC)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in labels:
            yield model


def test_only_tables_of_others_and_tables_between_have_sequences(clinics: dict[str, Clinic]) -> None:
    ours = ("clients.", "content.", "practices.")
    numbered = [model for model in clinic_models() if isinstance(model._meta.pk, models.AutoField)]

    mine = [
        model._meta.db_table for model in numbered if model.__module__.startswith(ours) and not model._meta.auto_created
    ]
    sequences = {name for (name,) in found(SEQUENCES, "north")}

    assert mine == []
    assert sequences <= {f"{model._meta.db_table}_id_seq" for model in numbered} | {"django_migrations_id_seq"}


def test_no_trigger_takes_a_number_from_a_sequence(clinics: dict[str, Clinic]) -> None:
    assert [name for name, body, _ in found(FUNCTIONS, "north") if re.search(r"nextval|currval|lastval", body)] == []


def test_nothing_is_ordered_by_a_sequence() -> None:
    """Ours have keys that grow with time; what has numbers is never asked for in their order."""
    numbered = [model for model in clinic_models() if isinstance(model._meta.pk, models.AutoField)]
    by_number = {"id", "-id", "pk", "-pk"}

    assert [model for model in numbered if by_number & set(map(str, model._meta.ordering))] == []
    for app in ("practices", "content", "clients", "config"):
        for file in (settings.BASE_DIR / app).rglob("*.py"):
            for model in numbered:
                ordered = rf"\b{model.__name__}\.objects\b[^\n]*(order_by|latest|earliest)\(\W*-?(id|pk)\b"
                assert not re.search(ordered, file.read_text()), f"{file}: {model.__name__}"


def test_our_rows_have_keys_that_the_application_makes() -> None:
    ours = [model for model in clinic_models() if issubclass(model, ClinicModel)]

    assert len(ours) > 20
    assert {type(model._meta.pk) for model in ours} == {models.UUIDField}


# ── The statements with which clinics come, are renamed and go ──

# What was seen to work on Citus: see docs/scale.md.
TRIED = {
    *(
        "ALTER SCHEMA",
        "ALTER TABLE",
        "CREATE FUNCTION",
        "CREATE INDEX",
        "CREATE SCHEMA",
        "CREATE SEQUENCE",
        "CREATE TABLE",
    ),
    *(
        "CREATE TRIGGER",
        "CREATE UNIQUE INDEX",
        "CREATE CONSTRAINT TRIGGER",
        "DELETE FROM",
        "DROP SCHEMA",
        "GRANT",
        "INSERT INTO",
    ),
    *("REVOKE", "SELECT", "UPDATE", "SAVEPOINT", "RELEASE SAVEPOINT", "SET", "SET LOCAL", "SHOW"),
}
# What was not, and must be before anything is moved there: docs/scale.md names each.
NOT_TRIED = {"ADD GENERATED AS IDENTITY", "ALTER DEFAULT PRIVILEGES", "ALTER SEQUENCE", "COPY"}
KINDS = sorted(TRIED | NOT_TRIED, key=len, reverse=True)


def kind_of(statement: str) -> str:
    plain = re.sub(r"--[^\n]*\n", " ", statement).strip().upper()
    if plain.startswith("ALTER TABLE") and "ADD GENERATED" in plain:
        return "ADD GENERATED AS IDENTITY"
    return next((kind for kind in KINDS if plain.startswith(kind)), plain[:60])


def statements_in(sql: str) -> list[str]:
    """A script's statements; bodies of functions are one with theirs."""
    without_bodies = re.sub(r"\$(\w*)\$.*?\$\1\$", "''", sql, flags=re.DOTALL)
    plain = re.sub(r"^--.*$", "", without_bodies, flags=re.MULTILINE)
    return [part for part in (part.strip() for part in plain.split(";")) if part]


@contextmanager
def heard() -> Iterator[set[str]]:
    """The kinds of all statements that are sent meanwhile."""
    kinds: set[str] = set()

    def listen(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        kinds.update(map(kind_of, statements_in(str(sql))))
        return run(sql, params, many, context)

    with connections["default"].execute_wrapper(listen):
        yield kinds


def test_clinics_come_are_renamed_and_go_by_statements_that_were_tried(fresh_database: Database) -> None:
    platform = Clinic.objects.get(type=Clinic.Kind.PLATFORM)
    with owner_rights(), heard() as kinds:
        list(fill_pool(1))  # a schema from the snapshot
        west = open_clinic(schema_name="west", name="West", host="west.localhost")  # renamed
        east = open_clinic(schema_name="east", name="East", host="east.localhost")  # straight from the snapshot
        for clinic in (west, east):
            with inside(platform):
                close_clinic(clinic, by=None, at=AT)
            erase_clinic(clinic, platform=platform, at=AT, within_grace=True)

    assert {"CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA", "CREATE CONSTRAINT TRIGGER"} <= kinds
    assert kinds - TRIED - NOT_TRIED == set()


def test_a_snapshot_consists_of_statements_that_were_tried(fresh_database: Database) -> None:
    with owner_rights():
        snapshot = snapshot_of(Clinic.Kind.CLINIC)

    kinds = {kind_of(statement) for statement in statements_in(snapshot.sql)}
    assert kinds - TRIED - NOT_TRIED == set()
    # Once it is no longer so, docs/scale.md has one warning less to give.
    assert "ADD GENERATED AS IDENTITY" in kinds


def test_what_was_not_tried_is_said_and_so_is_the_setting_that_triggers_need() -> None:
    said = (settings.BASE_DIR / "docs" / "scale.md").read_text()

    assert [kind for kind in NOT_TRIED if f"`{kind}`" not in said] == []
    assert "citus.enable_unsafe_triggers" in said
    assert "citus.enable_schema_based_sharding" in said
