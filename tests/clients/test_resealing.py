"""What was sent never changes, but for the key that it is under: in a rotation, by the tables' owner, and nothing else of it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from practices.tenancy import inside
from tests import factories
from tests.harness.databases import APP, OWNER, Database, server

pytestmark = pytest.mark.skipif(OWNER["USER"] == APP["USER"], reason="The database given has one role.")

SEALED_ANEW = "answers = answers || ''::bytea, kept = kept"


@pytest.fixture
def session(fresh_database: Database) -> Iterator[psycopg.Connection]:
    """The superuser's, who can act for any role; one response was sent."""
    with inside(fresh_database.north):
        clinician = factories.staff()
        work = factories.assignment(factories.client(clinician), by=clinician, exercise=factories.exercise())
        factories.response(work.occurrences.get())
    with server(fresh_database.name) as session:
        yield session


def change(session: psycopg.Connection, what: str, *, role: str = OWNER["USER"], resealing: str = "on") -> None:
    with session.transaction():
        session.execute("SELECT set_config('practices.resealing', %s, true)", [resealing])
        session.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        session.execute("SET LOCAL search_path = north")
        session.execute(what if " FROM " in what else f"UPDATE clients_response SET {what}")


def refused(session: psycopg.Connection, what: str, **how: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never change"):
        change(session, what, **how)


def test_the_owner_may_seal_anew(session: psycopg.Connection) -> None:
    change(session, SEALED_ANEW)


def test_the_owner_changes_nothing_else(session: psycopg.Connection) -> None:
    refused(session, "submitted_at = now()")
    refused(session, "state = 'draft', submitted_at = NULL")
    refused(session, "id = gen_random_uuid()")
    refused(session, "answers = answers || '\\x00'::bytea, version = version + 1")
    refused(session, "DELETE FROM clients_response")


def test_the_owner_changes_nothing_unless_the_transaction_says_so(session: psycopg.Connection) -> None:
    refused(session, SEALED_ANEW, resealing="off")
    refused(session, SEALED_ANEW, resealing="")
    with session.transaction():
        session.execute("SELECT set_config('practices.resealing', 'on', true)")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        session.execute("UPDATE north.clients_response SET answers = answers")


def test_the_role_of_the_web_changes_nothing_whatever_it_says(session: psycopg.Connection) -> None:
    refused(session, SEALED_ANEW, role=APP["USER"])
    refused(session, "version = 9", role=APP["USER"])
    refused(session, "DELETE FROM clients_response", role=APP["USER"])


def pass_for_the_owner(session: psycopg.Connection) -> None:
    """As the web's role, with a search path that has a false pg_roles in front: it says that every table is this role's."""
    app = sql.Identifier(APP["USER"])
    with session.transaction():
        session.execute("SELECT set_config('practices.resealing', 'on', true)")
        session.execute(
            "CREATE TEMP TABLE pg_roles ON COMMIT DROP AS SELECT oid, rolname::text FROM pg_catalog.pg_roles"
        )
        session.execute("UPDATE pg_temp.pg_roles SET rolname = %s", [APP["USER"]])
        session.execute(sql.SQL("GRANT SELECT ON pg_temp.pg_roles TO {}").format(app))
        session.execute(sql.SQL("SET LOCAL ROLE {}").format(app))
        session.execute("SET LOCAL search_path = pg_temp, north, pg_catalog")
        session.execute("UPDATE north.clients_response SET answers = answers")


def test_nobody_passes_for_the_owner_with_tables_of_their_own(session: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never change"):
        pass_for_the_owner(session)


def test_they_would_if_the_function_had_no_search_path_of_its_own(session: psycopg.Connection) -> None:
    """Else the test above would prove nothing."""
    session.execute("ALTER FUNCTION north.refuse_all_but_resealing() RESET search_path")

    pass_for_the_owner(session)
