"""An archive of every clinic in a directory, a folder for each clinic and a file for each day; old ones run out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import DatabaseError

from practices.archives.taking import back_up
from practices.models import Clinic
from practices.snapshots import CannotSnapshotError

ENDING = ".clinic"


def back_up_all(clinics: Iterable[Clinic], directory: Path, *, at: datetime) -> Iterator[tuple[Clinic, str]]:
    """Each that has no archive of this day yet, and why it could not be taken; one that fails stops no other."""
    for clinic in clinics:
        file = directory / clinic.schema_name / f"{at:%Y-%m-%d}{ENDING}"
        if not file.exists():
            yield clinic, attempt(clinic, file, at=at)


def attempt(clinic: Clinic, file: Path, *, at: datetime) -> str:
    """Empty if the archive was taken."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        back_up(clinic, file, at=at)
    except (CannotSnapshotError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    except DatabaseError as error:  # its words may be somebody's
        return type(error).__name__
    return ""


def run_out(directory: Path, *, days: int, at: datetime) -> list[Path]:
    """Delete the archives of more than so many days ago, also of clinics that are no more; which those were."""
    oldest = at.date() - timedelta(days=days)
    old = [file for file in sorted(directory.glob(f"*/*{ENDING}")) if (day_of(file) or oldest) < oldest]
    for file in old:
        file.unlink()
    return old


def day_of(file: Path) -> date | None:
    """None for a file that is not one of ours."""
    try:
        return date.fromisoformat(file.stem)
    except ValueError:
        return None
