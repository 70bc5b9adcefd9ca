"""Which clinics an operator's command is about."""

from collections.abc import Iterator

from django.core.management.base import CommandError

from practices.models import NOT_WHOLE, Clinic
from practices.tenancy import is_migrated, leave_clinic


def clinics_named(schema_name: str | None, *, unfinished: bool = False) -> list[Clinic]:
    """That one, or all that have been opened. Raises CommandError for a name that no clinic has."""
    leave_clinic()
    clinics = Clinic.objects.select_related("migration").exclude(status__in=[] if unfinished else NOT_WHOLE)
    found = list(clinics.filter(**({"schema_name": schema_name} if schema_name else {})).order_by("created_at", "pk"))
    if schema_name and not found:
        raise CommandError(f"There is no clinic {schema_name}.")
    return found


def the_platform() -> Clinic:
    """Where what an operator does is recorded. Raises CommandError before there is one."""
    leave_clinic()
    platform: Clinic | None = Clinic.objects.filter(type=Clinic.Kind.PLATFORM).first()
    if platform is None:
        raise CommandError("There is no platform yet, at which this could be recorded.")
    return platform


def migrated(clinics: list[Clinic], behind: list[str]) -> Iterator[Clinic]:
    """Those with this release's tables; the names of the others go into `behind`."""
    for clinic in clinics:
        if is_migrated(clinic):
            yield clinic
        else:
            behind.append(f"{clinic.schema_name}: not migrated to this release; run migrate_clinics first")
