"""Which clinics were erased, told to a file outside the database: whoever restores the whole database has them again.

One line of JSON for each, with an id and a moment. Keep it where the database's backups are not, and copy it.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


class ErasuresUnreadableError(Exception):
    """The file holds something else than we wrote."""


def erasures() -> dict[UUID, str]:
    """When each was erased, as ISO 8601. Raises ErasuresUnreadableError."""
    file = Path(settings.ERASURES)
    if not file.exists():
        return {}
    try:
        lines = [json.loads(line) for line in file.read_text().splitlines() if line]
        return {UUID(str(line["clinic"])): str(line["at"]) for line in lines}
    except (ValueError, TypeError, KeyError) as error:
        raise ErasuresUnreadableError(f"{file.name} can’t be read: it has lines that we did not write.") from error


def write_erasure(clinic: UUID, *, at: datetime) -> None:
    """Add a line, unless it is there, and return once it is on the disk. Raises ErasuresUnreadableError, OSError."""
    if clinic in erasures():
        return
    file = Path(settings.ERASURES)
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    line = json.dumps({"clinic": str(clinic), "at": at.isoformat(timespec="seconds")})
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
