"""Opening a clinic: row, domain, schema, keys; and bringing schemas up to this release."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import quote_schema_name

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.database_roles import app_is_in, let_app_in
from practices.models import Clinic, ClinicMigration, Domain, validate_schema_name
from practices.tenancy import hosts, leave_clinic, migration_head
from practices.vault import make_keys
from practices.wakeups import wake


class CannotOpenError(Exception):
    """The clinic can't be opened like this; the text says why."""


def open_clinic(
    *, schema_name: str, name: str, host: str, kind: Clinic.Kind = Clinic.Kind.CLINIC, **settings: object
) -> Clinic:
    """A clinic that answers on `host`. Run again after a crash, it finishes what it began. Raises CannotOpenError."""
    leave_clinic()
    let_app_in("public")
    clinic = reserve(schema_name=schema_name, name=name, host=host, kind=kind, settings=settings)
    if clinic.status == Clinic.Status.PROVISIONING:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_schema_name(schema_name)}")
        result = migrate_clinic(clinic)
        if result.error:
            raise CannotOpenError(f"The clinic's tables could not be made: {result.error}")
        Clinic.objects.filter(pk=clinic.pk).update(status=Clinic.Status.OPEN)
        clinic.refresh_from_db()
        hosts.clear()
    return clinic


@transaction.atomic
def reserve(*, schema_name: str, name: str, host: str, kind: Clinic.Kind, settings: dict[str, object]) -> Clinic:
    """The clinic's row and domain, in state `provisioning`; or those of a clinic of that name that was being opened."""
    try:
        if kind == Clinic.Kind.CLINIC:
            validate_schema_name(schema_name)
        clinic: Clinic | None = Clinic.objects.filter(schema_name=schema_name).first()
        if clinic is None:
            clinic = Clinic(schema_name=schema_name, name=name, type=kind, **settings)
            clinic.full_clean(exclude=["schema_name"])
            clinic.save(force_insert=True)
    except ValidationError as error:
        raise CannotOpenError(" ".join(error.messages)) from None
    taken = Domain.objects.filter(domain=host).first()
    if taken is not None and taken.tenant_id != clinic.pk:
        raise CannotOpenError(f"{host} already leads to another clinic.")
    if taken is None:
        Domain.objects.create(domain=host, tenant=clinic, is_primary=not clinic.domains.exists())
    return clinic


@dataclass(frozen=True, slots=True)
class Migrated:
    """What came of one clinic."""

    clinic: Clinic
    ran: bool
    error: str = ""


def migrate_clinic(clinic: Clinic) -> Migrated:
    """Bring one clinic to this release and write it in the ledger; at the head already, its schema is not touched.

    Keys come first: a purpose may be new in this release, and its migrations may seal with it.
    """
    head = migration_head(clinic.type)
    done = ClinicMigration.objects.filter(clinic=clinic, head=head, state=ClinicMigration.State.DONE).exists()
    try:
        make_keys(clinic)
        if done:
            if not app_is_in(clinic.schema_name):
                let_app_in(clinic.schema_name)
            return Migrated(clinic, ran=False)
        call_command("migrate_schemas", schema_name=clinic.schema_name, tenant=True, interactive=False, verbosity=0)
        let_app_in(clinic.schema_name)
        begin_tasks(clinic, at=timezone.now())
        error = ""
    except Exception as failure:  # noqa: BLE001 - one clinic's failure must not stop the others
        error = f"{type(failure).__name__}: {failure}"
    leave_clinic()
    if not done:
        state = ClinicMigration.State.FAILED if error else ClinicMigration.State.DONE
        ClinicMigration.objects.update_or_create(clinic=clinic, defaults={"head": head, "state": state, "error": error})
        hosts.clear()
    return Migrated(clinic, ran=not done, error=error)


def begin_tasks(clinic: Clinic, *, at: datetime) -> None:
    """Have everything done from now on that such a clinic does by itself, without anybody having to make work for it."""
    for task in settings.TENANT_TYPES[clinic.type]["WAKES"]:
        wake(clinic.pk, task, due_at=at)


def migrate_clinics(clinics: Iterable[Clinic] | None = None) -> Iterator[Migrated]:
    """Each clinic in turn; one that fails is written down and the others go on."""
    leave_clinic()
    let_app_in("public")
    for clinic in clinics if clinics is not None else Clinic.objects.order_by("created_at"):
        yield migrate_clinic(clinic)


@transaction.atomic
def suspend_clinic(clinic: Clinic, *, by: User, at: datetime) -> bool:
    """The clinic's pages and tasks answer no more until it is resumed; False if it was not open, or is the platform.

    Called in the platform's schema, where the operator's act is recorded.
    """
    open_clinics = Clinic.objects.filter(pk=clinic.pk, status=Clinic.Status.OPEN, type=Clinic.Kind.CLINIC)
    suspended = bool(open_clinics.update(status=Clinic.Status.SUSPENDED))
    if suspended:
        record(Action.CLINIC_SUSPENDED, subject=clinic, by=by, at=at)
        transaction.on_commit(hosts.clear)
    return suspended


@transaction.atomic
def resume_clinic(clinic: Clinic, *, by: User, at: datetime) -> bool:
    """A suspended clinic answers again."""
    resumed = bool(
        Clinic.objects.filter(pk=clinic.pk, status=Clinic.Status.SUSPENDED).update(status=Clinic.Status.OPEN)
    )
    if resumed:
        record(Action.CLINIC_RESUMED, subject=clinic, by=by, at=at)
        transaction.on_commit(hosts.clear)
    return resumed
