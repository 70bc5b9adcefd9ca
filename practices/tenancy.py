"""The only module that switches schemas, and the one that knows which clinic a host name means."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import tenant_context

from practices.connections import connection
from practices.logs import log_context
from practices.models import Clinic, ClinicMigration, Domain

# How long a process may go on with what it knows of a host name, in seconds.
HOST_TTL = 5.0
HOSTS_KEPT = 10_000
# Where a host that is not in use yet says its token, to show that it leads here.
HOST_CHECK = "/.well-known/practice-host"


class ClinicUnavailableError(Exception):
    """The clinic is unknown, suspended, being opened, or not migrated to this release."""


def app_labels(kind: str) -> set[str]:
    """The apps whose tables a schema of this type has."""
    return {
        config.label
        for config in apps.get_app_configs()
        for entry in settings.TENANT_TYPES[kind]["APPS"]
        if entry in (config.name, f"{type(config).__module__}.{type(config).__name__}")
    }


@cache
def migration_head(kind: str) -> str:
    """A hash of every migration that a schema of this type must have had."""
    labels = app_labels(kind)
    names = sorted(f"{label}.{name}" for label, name in MigrationLoader(None).disk_migrations if label in labels)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def is_migrated(clinic: Clinic) -> bool:
    """Its schema is that of this release."""
    migration: ClinicMigration | None = getattr(clinic, "migration", None)
    return (
        migration is not None
        and migration.state == ClinicMigration.State.DONE
        and migration.head == migration_head(clinic.type)
    )


def is_served(clinic: Clinic) -> bool:
    """Its schema is that of this release, or was until the next one was prepared: until then, this one goes on with it."""
    if is_migrated(clinic):
        return True
    migration: ClinicMigration | None = getattr(clinic, "migration", None)
    return (
        migration is not None
        and migration.state == ClinicMigration.State.DONE
        and migration.before == migration_head(clinic.type)
    )


def is_ready(clinic: Clinic) -> bool:
    """Open, and its schema is one that this release can work with."""
    return clinic.status == Clinic.Status.OPEN and is_served(clinic)


class HostTable:
    """Host names looked up lately, known and unknown, for a few seconds each."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Clinic | None]] = {}
        self._lock = Lock()

    def get(self, host: str) -> Clinic | None:
        now = time.monotonic()
        entry = self._known.get(host)
        if entry is None or entry[0] < now:
            entry = (now + HOST_TTL, self._look_up(host))
            with self._lock:
                if len(self._known) >= HOSTS_KEPT:
                    self._known.clear()
                self._known[host] = entry
        return entry[1]

    def clear(self) -> None:
        with self._lock:
            self._known.clear()

    @staticmethod
    def _look_up(host: str) -> Clinic | None:
        leave_clinic()
        domain = Domain.objects.select_related("tenant__migration").filter(domain=host, token="").first()
        return domain.tenant if domain else None


hosts = HostTable()


def normal_host(host: str) -> str:
    """The host name as Domain keeps it: no port, no trailing dot, small letters."""
    return host.rsplit(":", 1)[0].removesuffix(".").lower() if not host.endswith("]") else host


def clinic_for_host(host: str) -> Clinic | None:
    return hosts.get(normal_host(host))


def token_of_host(host: str) -> str:
    """What this host answers when it is checked; empty if it is in use, or unknown. Call it in public."""
    waiting = Domain.objects.filter(domain=normal_host(host)).exclude(token="")
    return waiting.values_list("token", flat=True).first() or ""


def enter_clinic(clinic: Clinic) -> None:
    """From here on, this thread's connection works in the clinic's schema (for a request; tasks use in_clinic)."""
    if connection.schema_name == clinic.schema_name:
        connection.tenant = clinic
    else:
        connection.set_tenant(clinic)


def leave_clinic() -> None:
    """Back to public, where no clinic's rows can be seen."""
    if connection.schema_name != "public":
        connection.set_schema_to_public()


def current_clinic() -> Clinic:
    """The clinic whose schema is current. Raises ClinicUnavailableError in public."""
    if not isinstance(connection.tenant, Clinic):
        raise ClinicUnavailableError("No clinic has been entered.")
    return connection.tenant


@contextmanager
def in_clinic(clinic: UUID | str) -> Iterator[Clinic]:
    """Work in the clinic's schema, then return to where we were.

    Raises ClinicUnavailableError for a clinic that is unknown, suspended or not migrated.
    """
    try:
        found = Clinic.objects.select_related("migration").filter(pk=clinic).first()
    except ValidationError as error:
        raise ClinicUnavailableError("This is no clinic's id.") from error
    if found is None or not is_ready(found):
        raise ClinicUnavailableError(f"Clinic {clinic} is not open.")
    with tenant_context(found), log_context(clinic=found.pk):
        yield found


@contextmanager
def inside(clinic: Clinic) -> Iterator[Clinic]:
    """Work in a schema that is not open yet: for opening and migrating clinics only."""
    with tenant_context(clinic):
        yield clinic


def clinic_origin(clinic: Clinic) -> str:
    """Scheme, primary host and port, for links in mails: never taken from a request."""
    host = Domain.objects.values_list("domain", flat=True).get(tenant_id=clinic.pk, is_primary=True)
    if settings.PRODUCTION:
        return f"https://{host}"
    return f"http://{host}:{settings.PORT}"
