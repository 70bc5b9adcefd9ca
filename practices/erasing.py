"""Erasing a clinic for good: keys, tables, files, anchors and names; what is left is its id, in a list of those that are gone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from practices.audit.anchors import forget_anchors
from practices.audit.models import Action, record
from practices.erasures import erasures, write_erasure
from practices.files import files_below
from practices.keys import destroy_keys
from practices.models import Clinic
from practices.snapshots import drop_schema, schema_exists
from practices.tenancy import hosts, inside, leave_clinic

# From closing a clinic until it may be erased: time for it to take its records with it, or to think again.
GRACE = timedelta(days=30)
Tell = Callable[[str], None]


class CannotEraseError(Exception):
    """The clinic may not be erased now; the text says why. Nothing was changed."""


def erase_clinic(
    clinic: Clinic,
    *,
    platform: Clinic,
    at: datetime,
    within_grace: bool = False,
    tell: Tell = lambda line: None,
) -> None:
    """The clinic is no more, and is written down as erased before anything of it goes.

    Ended at any moment, it is gone on with by running it again. No other clinic is touched. Raises CannotEraseError,
    ErasuresUnreadableError, OSError.
    """
    leave_clinic()
    begin_erasing(clinic, at=at, within_grace=within_grace)
    hosts.clear()
    finish_erasing(clinic, platform=platform, at=at, tell=tell)


@transaction.atomic
def begin_erasing(clinic: Clinic, *, at: datetime, within_grace: bool) -> None:
    present = Clinic.objects.select_for_update().get(pk=clinic.pk)
    if present.status == Clinic.Status.ERASING:
        return
    if present.legal_hold:
        raise CannotEraseError(f"{present.schema_name} is held: {present.legal_hold}. Lift the hold first.")
    if present.status != Clinic.Status.CLOSING or present.closing_since is None:
        raise CannotEraseError(f"{present.schema_name} is not closing. Close it first.")
    until = present.closing_since + GRACE
    if at < until and not within_grace:
        raise CannotEraseError(f"{present.schema_name} may still come back. It can be erased from {until:%Y-%m-%d} on.")
    write_erasure(present.pk, at=at)
    Clinic.objects.filter(pk=present.pk).update(status=Clinic.Status.ERASING)


def finish_erasing(clinic: Clinic, *, platform: Clinic, at: datetime, tell: Tell) -> None:
    """Keys first, so that from that moment nothing of it opens; its row last, so that what is left is found again."""
    with transaction.atomic(), inside(platform):
        if clinic.keys.exists():
            destroy_keys(clinic, by=None, at=at)
        if schema_exists(clinic.schema_name):
            drop_schema(clinic.schema_name)
    tell("Its keys are destroyed, and its tables are gone.")
    tell(f"{delete_files(clinic.pk)} files are gone.")
    forget_anchors(clinic.pk)
    with transaction.atomic(), inside(platform):
        record(Action.CLINIC_ERASED, subject=clinic, by=None, at=at)
        Clinic.objects.filter(pk=clinic.pk).delete()
    hosts.clear()


def delete_files(clinic: UUID) -> int:
    """How many there were."""
    paths = list(files_below(str(clinic)))
    for path in paths:
        default_storage.delete(path)
    return len(paths)


def replay_erasures(*, platform: Clinic, at: datetime, tell: Tell = lambda line: None) -> int:
    """Whatever is back of clinics that were erased, since a whole database or disk was restored, goes again; how many.

    Raises ErasuresUnreadableError, OSError.
    """
    leave_clinic()
    gone = erasures()
    back = Clinic.objects.in_bulk(list(gone))
    for clinic in back.values():
        Clinic.objects.filter(pk=clinic.pk).update(status=Clinic.Status.ERASING)
        hosts.clear()
        tell(f"{clinic.schema_name} was erased on {gone[clinic.pk][:10]} and is back.")
        finish_erasing(clinic, platform=platform, at=at, tell=tell)
    for pk in gone.keys() - back.keys():
        if files := delete_files(pk):
            tell(f"{files} files of {pk} were back, and are gone.")
        forget_anchors(pk)
    return len(back)
