"""What the database lets the app role do: work with rows, but not with tables, and with the audit only add and read.

The owner role migrates and opens clinics. Where one role does both, there is nothing to give.
"""

from django.conf import settings
from django.db import connection, transaction

# Statements after the general grant: what is written once stays, whatever goes wrong in the app.
NARROWER = {
    "audit_auditevent": "UPDATE, DELETE",
    "audit_auditchain": "INSERT, UPDATE, DELETE",
    "django_migrations": "INSERT, UPDATE, DELETE",
    # What the owner runs when a clinic is opened.
    "schema_snapshot": "INSERT, UPDATE, DELETE",
    "spare_schema": "INSERT, UPDATE, DELETE",
}


def schemas_without_app() -> set[str]:
    """Schemas that the app role was not let into; none if it needs no letting in."""
    if not settings.DATABASE_HAS_TWO_ROLES:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE NOT has_schema_privilege(%s, oid, 'USAGE')",
            [settings.DATABASE_APP_ROLE],
        )
        return {name for (name,) in cursor.fetchall()}


@transaction.atomic
def let_app_in(schema: str) -> None:
    """Give the app role its rights in this schema, on tables that are there and on those that the owner will make."""
    if not settings.DATABASE_HAS_TWO_ROLES:
        return
    quote = connection.ops.quote_name
    inside, app = quote(schema), quote(settings.DATABASE_APP_ROLE)
    rows = "SELECT, INSERT, UPDATE, DELETE"
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA {inside} TO {app}")
        cursor.execute(f"GRANT {rows} ON ALL TABLES IN SCHEMA {inside} TO {app}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {inside} TO {app}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {inside} GRANT {rows} ON TABLES TO {app}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {inside} GRANT USAGE, SELECT ON SEQUENCES TO {app}")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            if table in NARROWER:
                cursor.execute(f"REVOKE {NARROWER[table]} ON {inside}.{quote(table)} FROM {app}")
