"""This thread's database connection, with the types of what django-tenants adds to it."""

from typing import Any, Protocol, cast

from django.db import connection as django_connection


class TenantConnection(Protocol):
    """Which schema is current, and whose."""

    schema_name: str
    tenant: Any

    def set_tenant(self, tenant: Any) -> None: ...

    def set_schema_to_public(self) -> None: ...


connection = cast(TenantConnection, django_connection)
