"""The embedded database's two roles, and how the database of an older demo comes to them."""

from collections.abc import Iterator

import psycopg
import pytest

from config.embedded.roles import OWNER, belongs_to_owner, hand_over, make_database, make_roles
from tests.harness.databases import GIVEN, PREFIX, drop, server

NAME = f"{PREFIX}_of_an_older_demo"
OLDER = """
CREATE SCHEMA willow;
CREATE TABLE willow.events (id bigserial PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE public.clinics (id uuid);
CREATE FUNCTION willow.refuse(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON DATABASE "{name}" IS 'prepared'
"""
OWNERS = """
SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'willow'
UNION ALL SELECT pg_get_userbyid(relowner) FROM pg_class
 WHERE relnamespace IN ('willow'::regnamespace, 'public'::regnamespace)
UNION ALL SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'willow'::regnamespace
"""
pytestmark = pytest.mark.skipif(GIVEN, reason="A given server has roles of its own.")


@pytest.fixture
def admin(django_db_setup: str) -> Iterator[psycopg.Connection]:
    with server() as admin:
        drop(admin, NAME)
        yield admin
        drop(admin, NAME)


def test_the_database_of_an_older_demo_is_handed_over_once(admin: psycopg.Connection) -> None:
    admin.execute(f'CREATE DATABASE "{NAME}"')
    with server(NAME) as database:
        database.execute(OLDER.format(name=NAME))
        assert not belongs_to_owner(database, NAME)

        hand_over(database)

        assert belongs_to_owner(database, NAME)
        assert {owner for (owner,) in database.execute(OWNERS)} == {OWNER}
        note = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        assert database.execute(note).fetchone() == (None,)


def test_making_the_roles_again_changes_nothing(admin: psycopg.Connection) -> None:
    make_roles(admin)
    make_database(admin, NAME)

    assert belongs_to_owner(admin, NAME)
    rights = "SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) FROM pg_roles WHERE rolname ~ '^practices_'"
    assert admin.execute(rights).fetchone() == (False,)
