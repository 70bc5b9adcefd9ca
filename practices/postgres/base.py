"""Connections that give up on a server that has stopped answering; the server's own timeouts don't run while it is frozen."""

from typing import Any

import psycopg
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from psycopg.errors import _WaitTimeout

# Seconds: for whether the server is there at all, asked once a request; for a query, longer than its statement_timeout.
TO_ANSWER = 2.0
TO_FINISH = 20.0


class PatientConnection(psycopg.Connection[Any]):
    """Closes itself, with OperationalError, when the server says nothing for too long."""

    patience = TO_FINISH

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("The database server does not answer.") from None


class DatabaseWrapper(TenantDatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return PatientConnection.connect(**conn_params)

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        self.connection.patience = TO_ANSWER
        try:
            return bool(super().is_usable())
        finally:
            self.connection.patience = TO_FINISH
