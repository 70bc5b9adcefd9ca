"""What it takes to open a clinic, in each of the three ways; and to find that clinics are of this release already."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from statistics import median

from django.conf import settings
from django.core.management import call_command

from practices.migrating import migrate_clinics
from practices.models import Clinic, SchemaSnapshot
from practices.opening import open_clinic
from practices.spares import fill_pool
from practices.tenancy import leave_clinic

EACH = 9
AT_HEAD = 40
numbers = count(1)


def open_another() -> Clinic:
    name = f"opened_{next(numbers)}"
    return open_clinic(schema_name=name, name="Opened", host=f"{name.replace('_', '-')}.localhost")


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


@contextmanager
def no_snapshot() -> Iterator[None]:
    kept, settings.PG_DUMP = settings.PG_DUMP, ""
    snapshots = list(SchemaSnapshot.objects.all())
    SchemaSnapshot.objects.all().delete()
    try:
        yield
    finally:
        SchemaSnapshot.objects.bulk_create(snapshots)
        settings.PG_DUMP = kept


def opening_lines() -> Iterator[str]:
    """The three ways take turns, so that a busy machine is busy for all of them."""
    leave_clinic()
    ways: dict[str, list[float]] = {"migrations": [], "snapshot": [], "pool": []}
    for turn in range(EACH):
        if turn < EACH // 3:
            with no_snapshot():
                ways["migrations"].append(seconds(open_another))
        ways["snapshot"].append(seconds(open_another))
        list(fill_pool(1))
        ways["pool"].append(seconds(open_another))
    migrations, snapshot, pool = (median(times) for times in ways.values())
    yield f"  by the migrations            {1000 * migrations:>6.0f} ms"
    yield f"  from the snapshot            {1000 * snapshot:>6.0f} ms, 1/{migrations / snapshot:.0f} of that"
    yield f"  from the pool                {1000 * pool:>6.0f} ms (target 50), 1/{migrations / pool:.0f}"
    yield from at_head_lines()


def migrate_by_stock(clinic: Clinic) -> None:
    call_command("migrate_schemas", schema_name=clinic.schema_name, tenant=True, verbosity=0)


def at_head_lines() -> Iterator[str]:
    """A command that migrates, asked for each clinic in turn, against ours; both find nothing to do."""
    while Clinic.objects.count() < AT_HEAD:
        open_another()
    clinics = list(Clinic.objects.all())
    stock = median(seconds(partial(migrate_by_stock, clinic)) for clinic in clinics[:3])
    leave_clinic()
    ours = median(seconds(lambda: list(migrate_clinics())) for _ in range(EACH)) / len(clinics)
    target = f"(target 1/50 of {1000 * stock:.0f} ms)"
    yield f"  at the head already          {1000 * ours:>6.2f} ms each, 1/{stock / ours:.0f} of migrate_schemas {target}"
