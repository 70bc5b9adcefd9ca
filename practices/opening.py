"""Opening a clinic: row, domain, schema, keys."""

import logging

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tenants.utils import quote_schema_name

from practices.database_roles import let_app_in
from practices.migrating import begin_tasks, migrate_clinic, write_ledger
from practices.models import Clinic, Domain, validate_schema_name
from practices.snapshots import CannotSnapshotError, restore_snapshot, schema_exists, snapshot_of
from practices.spares import claim_spare
from practices.tenancy import hosts, leave_clinic
from practices.vault import make_keys

logger = logging.getLogger(__name__)


class CannotOpenError(Exception):
    """The clinic can't be opened like this; the text says why."""


class NameTakenError(Exception):
    """Another clinic has this name in the database, or this host."""


def open_clinic(
    *, schema_name: str, name: str, host: str, kind: Clinic.Kind = Clinic.Kind.CLINIC, **settings: object
) -> Clinic:
    """A clinic that answers on `host`. Run again after a crash, it finishes what it began. Raises CannotOpenError."""
    leave_clinic()
    let_app_in("public")
    return finish_opening(reserve(schema_name=schema_name, name=name, host=host, kind=kind, settings=settings))


def finish_opening(clinic: Clinic) -> Clinic:
    """The clinic whose name is reserved is open; nothing if it was. Raises CannotOpenError."""
    leave_clinic()
    if clinic.status == Clinic.Status.PROVISIONING:
        provision(clinic)
        clinic.refresh_from_db()
        hosts.clear()
    return clinic


def provision(clinic: Clinic) -> None:
    """Give the clinic its keys and its schema: a spare one, one made from the snapshot, or one made by the migrations.

    Those of the first two ways are there whole or not at all; what the third way left half-made is gone on with. Raises
    CannotOpenError.
    """
    make_keys(clinic)
    if schema_exists(clinic.schema_name) or not provide_schema(clinic):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_schema_name(clinic.schema_name)}")
        result = migrate_clinic(clinic)
        if result.error:
            raise CannotOpenError(f"The clinic's tables could not be made: {result.error}")
        mark_open(clinic)


def provide_schema(clinic: Clinic) -> bool:
    """A spare schema, or one from the snapshot; False if there can be neither.

    The platform's is made once in an installation, and taking a snapshot takes longer than that.
    """
    if clinic.type != Clinic.Kind.CLINIC:
        return False
    with transaction.atomic():
        if claim_spare(clinic.schema_name, kind=clinic.type):
            settle_in(clinic)
            return True
    try:
        snapshot = snapshot_of(clinic.type)
    except CannotSnapshotError as error:
        logger.warning("clinic %s is made by its migrations: %s", clinic.pk, str(error))
        return False
    with transaction.atomic():
        restore_snapshot(snapshot, clinic.schema_name)
        let_app_in(clinic.schema_name)
        settle_in(clinic)
    return True


def settle_in(clinic: Clinic) -> None:
    """The clinic's schema is there and of this release: it opens."""
    write_ledger(clinic)
    begin_tasks(clinic, at=timezone.now())
    mark_open(clinic)


def mark_open(clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk, status=Clinic.Status.PROVISIONING).update(status=Clinic.Status.OPEN)


@transaction.atomic
def reserve_name(*, schema_name: str, name: str, host: str, **settings: object) -> Clinic:
    """A new clinic's row and domain, in state `provisioning`; the app's role may write both.

    Of two who want the same name at once, one gets it. Raises NameTakenError.
    """
    clinic = Clinic(schema_name=schema_name, name=name, **settings)
    try:
        with transaction.atomic():
            if schema_exists(schema_name):
                raise NameTakenError("This address is taken. Choose another one.")
            # Saving one by itself django-tenants allows in public alone; here the platform's schema is current.
            Clinic.objects.bulk_create([clinic])
            Domain.objects.create(domain=host, tenant=clinic, is_primary=True)
    except IntegrityError:
        raise NameTakenError("This address is taken. Choose another one.") from None
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
