"""Schemas that are ready before anybody has asked for them: opening a clinic is then a rename.

`manage.py fill_pool` keeps some of them; they belong to no clinic, hold nobody's rows, and those of another release are dropped.
"""

import secrets
from collections.abc import Iterator

from django.db import connection, transaction

from practices.database_roles import let_app_in
from practices.models import Clinic, SpareSchema
from practices.snapshots import drop_schema, restore_snapshot, snapshot_of
from practices.tenancy import leave_clinic, migration_head

SPARE = "spare_"


def claim_spare(schema_name: str, *, kind: str) -> bool:
    """Give a spare schema this name; False if there is none of this release. Call it in a transaction.

    Of two that claim at once each gets another one.
    """
    spares = SpareSchema.objects.select_for_update(skip_locked=True).filter(head=migration_head(kind))
    spare = spares.order_by("made_at").first()
    if spare is None:
        return False
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {quote(spare.schema_name)} RENAME TO {quote(schema_name)}")
    spare.delete()
    return True


def fill_pool(size: int) -> Iterator[str]:
    """Have so many spare schemas for clinics, and none of another release; yields what was made or dropped, one by one.

    Raises CannotSnapshotError: without a snapshot there is no pool.
    """
    leave_clinic()
    snapshot = snapshot_of(Clinic.Kind.CLINIC)
    for outdated in SpareSchema.objects.exclude(head=snapshot.head):
        drop_spare(outdated.schema_name)
        yield f"{outdated.schema_name}: of another release, dropped"
    while SpareSchema.objects.filter(head=snapshot.head).count() < size:
        name = SPARE + secrets.token_hex(10)
        with transaction.atomic():
            restore_snapshot(snapshot, name)
            let_app_in(name)
            SpareSchema.objects.create(schema_name=name, head=snapshot.head)
        yield f"{name}: ready"


@transaction.atomic
def drop_spare(schema_name: str) -> None:
    """Drop it, unless a clinic is being given it at this moment."""
    spare = SpareSchema.objects.select_for_update(skip_locked=True).filter(pk=schema_name).first()
    if spare is None:
        return
    drop_schema(schema_name)
    spare.delete()
