"""The two roles of the database: the owner makes tables, the app works with the rows in them."""

import psycopg
from psycopg import sql

OWNER = "practices_owner"
APP = "practices_app"

# What a superuser made before there were roles goes to the owner; what belongs to an extension stays with it.
HAND_OVER = """
SELECT format('ALTER SCHEMA %I OWNER TO {owner}', nspname) FROM pg_namespace
 WHERE nspowner = 'postgres'::regrole AND nspname !~ '^(pg_|information_schema$|public$)'
UNION ALL
SELECT format('ALTER TABLE %s OWNER TO {owner}', pg_class.oid::regclass) FROM pg_class
 JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relowner = 'postgres'::regrole AND nspname !~ '^(pg_|information_schema$)' AND relkind IN ('r', 'p', 'v', 'm')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO {owner}', pg_proc.oid::regprocedure) FROM pg_proc
 JOIN pg_namespace ON pg_namespace.oid = pronamespace
 WHERE proowner = 'postgres'::regrole AND nspname !~ '^(pg_|information_schema$)'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


def make_roles(server: psycopg.Connection) -> None:
    """Both roles exist; neither may make others."""
    for role in (OWNER, APP):
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def make_database(server: psycopg.Connection, name: str, *, owner: str = OWNER, template: str | None = None) -> None:
    """An empty database, or a copy of another, that belongs to the owner. Nobody else makes even temporary tables in it."""
    copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)) if template else sql.SQL("")
    database, role = sql.Identifier(name), sql.Identifier(owner)
    server.execute(sql.SQL("CREATE DATABASE {} OWNER {}{}").format(database, role, copied))
    server.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


def belongs_to_owner(server: psycopg.Connection, name: str) -> bool:
    """Whether the database was made since there are roles."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s AND datdba = %s::regrole"
    return server.execute(query, [name, OWNER]).fetchone() is not None


def hand_over(database: psycopg.Connection) -> None:
    """The database of an older demo, with everything in it, belongs to the owner. All of it or nothing.

    What it was prepared for is forgotten, so that the next step gives the app its rights.
    """
    with database.transaction():
        for (statement,) in database.execute(HAND_OVER.format(owner=OWNER)).fetchall():
            database.execute(statement)
        name = sql.Identifier(database.info.dbname)
        database.execute(sql.SQL("COMMENT ON DATABASE {} IS NULL").format(name))
        database.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(name))
        database.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))
