"""Tells whether files are the same as last time, so that a second start skips what is done."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

APPS = ("practices", "content", "clients")
LOCKED = "requirements/base.txt"


def of_migrations(project: Path) -> str:
    """Changes when a migration, ours or a dependency's, may have been added or edited."""
    return of_files(project, "migrations/*.py")


def of_static_files(project: Path) -> str:
    """Changes when a stylesheet, script or picture, ours or a dependency's, may have changed."""
    return of_files(project, "static/**/*")


def of_files(project: Path, pattern: str) -> str:
    """A digest of the locked dependencies and of the files in our apps that match."""
    found: Iterable[Path] = (path for app in APPS for path in (project / app).rglob(pattern) if path.is_file())
    digest = hashlib.sha256()
    for path in (project / LOCKED, *sorted(found)):
        digest.update(f"{path.relative_to(project)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
