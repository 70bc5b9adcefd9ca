"""How far a clinic's chain was followed, and what its hash was there, told to a file outside the database, once a day.

Whoever may do anything in the database can write a chain anew; they would have to change these files too. Each clinic has one,
named by its id; each day is one line of JSON. Put the directory where the database's administrators can't write, or copy it.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from practices.audit.chain import Anchor


class AnchorsUnreadableError(Exception):
    """A file of anchors holds something else than we wrote."""


def anchor_file(clinic: UUID) -> Path:
    return Path(settings.AUDIT_ANCHORS) / f"{clinic}.jsonl"


def drop_anchor(clinic: UUID, *, seq: int, hash: bytes, again: int = 0, at: datetime) -> None:
    """Add a line and return once it is on the disk."""
    said = {"clinic": str(clinic), "at": at.isoformat(timespec="seconds"), "seq": seq, "hash": hash.hex()}
    line = json.dumps(said | {"again": again})
    file = anchor_file(clinic)
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_anchors(clinic: UUID) -> list[Anchor]:
    """All that were dropped for this clinic, oldest first. Raises AnchorsUnreadableError."""
    file = anchor_file(clinic)
    if not file.exists():
        return []
    try:
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        return [
            Anchor(line["at"][:10], int(line["seq"]), bytes.fromhex(line["hash"]), int(line.get("again", 0)))
            for line in lines
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AnchorsUnreadableError(f"The anchors in {file.name} can't be read.") from error


def set_anchors_aside(clinic: UUID, *, at: datetime) -> None:
    """The clinic was restored from an archive: anchors of what came after are kept, but say nothing of it any more."""
    file = anchor_file(clinic)
    if file.exists():
        file.rename(file.with_name(f"{clinic}.until-{at:%Y%m%dT%H%M%S%f}.jsonl"))


def forget_anchors(clinic: UUID) -> None:
    """The clinic is erased: of its events nothing is kept, nor what they hashed to."""
    for file in Path(settings.AUDIT_ANCHORS).glob(f"{clinic}.*"):
        file.unlink()
