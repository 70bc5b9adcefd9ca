"""Bringing the clinics' schemas up to this release: each on its own, written in a ledger, so that it can be gone on with."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from uuid import UUID

import django
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count, Q
from django.utils import timezone

from practices.database_roles import let_app_in, schemas_without_app
from practices.models import Clinic, ClinicKey, ClinicMigration
from practices.tenancy import hosts, is_migrated, leave_clinic, migration_head
from practices.vault import Purpose, make_keys
from practices.wakeups import wake


@dataclass(frozen=True, slots=True)
class Migrated:
    """What came of one clinic: whether anything had to be done, for how long (seconds), and why it could not be."""

    clinic: Clinic
    ran: bool
    error: str = ""
    seconds: float = 0.0


def migrate_clinics(clinics: Iterable[Clinic] | None = None, *, jobs: int = 1) -> Iterator[Migrated]:
    """Those at the head first, none of whose schemas is touched; then the others, so many side by side.

    One that fails is written down and the others go on.
    """
    leave_clinic()
    let_app_in("public")
    if clinics is None:
        clinics = Clinic.objects.exclude(status=Clinic.Status.ERASING).order_by("created_at", "pk")
    wanted = list(clinics)
    behind = behind_of(wanted)
    for clinic in wanted:
        if clinic.pk not in behind:
            yield Migrated(clinic, ran=False)
    yield from side_by_side(behind, jobs) if jobs > 1 else map(migrate_clinic, behind.values())


def behind_of(clinics: list[Clinic]) -> dict[UUID, Clinic]:
    """Those for which there is anything to do, by id: asked of all of them at once, so that the others cost nothing."""
    keys = Count("keys", filter=Q(keys__state=ClinicKey.State.ACTIVE))
    rows = Clinic.objects.filter(pk__in=[clinic.pk for clinic in clinics]).select_related("migration")
    closed = schemas_without_app()
    ready = {
        row.pk
        for row in rows.annotate(active_keys=keys)
        if is_migrated(row) and row.active_keys == len(Purpose) and row.schema_name not in closed
    }
    return {clinic.pk: clinic for clinic in clinics if clinic.pk not in ready}


def migrate_clinic(clinic: Clinic) -> Migrated:
    """Bring one clinic to this release and write it in the ledger; at the head already, its schema is not touched.

    Keys come first: a purpose may be new in this release, and its migrations may seal with it.
    """
    begun = time.perf_counter()
    head = migration_head(clinic.type)
    done = ClinicMigration.objects.filter(clinic=clinic, head=head, state=ClinicMigration.State.DONE).exists()
    error = ""
    try:
        make_keys(clinic)
        if not done:
            call_command("migrate_schemas", schema_name=clinic.schema_name, tenant=True, interactive=False, verbosity=0)
            begin_tasks(clinic, at=timezone.now())
        let_app_in(clinic.schema_name)
    except Exception as failure:  # noqa: BLE001 - one clinic's failure must not stop the others
        error = f"{type(failure).__name__}: {failure}"
    leave_clinic()
    if not done:
        write_ledger(clinic, error=error)
        hosts.clear()
    return Migrated(clinic, ran=not done, error=error, seconds=time.perf_counter() - begun)


def write_ledger(clinic: Clinic, *, error: str = "") -> None:
    """That the clinic's schema is that of this release, or why it is not; and which release's it was before."""
    head = migration_head(clinic.type)
    state = ClinicMigration.State.FAILED if error else ClinicMigration.State.DONE
    fields = {"head": head, "state": state, "error": error}
    former = ClinicMigration.objects.filter(clinic=clinic).exclude(head=head).first()
    if former:
        fields["before"] = former.head
    ClinicMigration.objects.update_or_create(clinic=clinic, defaults=fields)


def begin_tasks(clinic: Clinic, *, at: datetime) -> None:
    """Have everything done from now on that such a clinic does by itself, without anybody having to make work for it."""
    for task in settings.TENANT_TYPES[clinic.type]["WAKES"]:
        wake(clinic.pk, task, due_at=at)


def side_by_side(clinics: dict[UUID, Clinic], jobs: int) -> Iterator[Migrated]:
    """As they are done. A process that is killed fails those that it and its neighbours had not finished."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        waiting = {pool.submit(migrate_by_id, pk): clinic for pk, clinic in clinics.items()}
        for done in as_completed(waiting):
            try:
                yield done.result()
            except BrokenProcessPool:
                yield Migrated(waiting[done], ran=True, error="the process that migrated it was ended")


def migrate_by_id(pk: UUID) -> Migrated:
    return migrate_clinic(Clinic.objects.get(pk=pk))
