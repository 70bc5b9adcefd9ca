"""The file itself: a tar whose manifest names every other member with its length and hash, and whose seal is the manifest's.

The seal is made with the master key, so that an installation restores only what it has made itself: the file holds SQL, which the
owner of the tables runs. Nothing is kept in memory but one block. A file that is not finished has another name.
"""

import hashlib
import hmac
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from practices.vault import VaultError
from practices.vault.master import master_key

MANIFEST, SEAL = "manifest.json", "seal"
FORMAT = 1
CONTEXT = b"manifest of a clinic's archive"
BLOCK = 1 << 20
# What lies in memory before it goes to the disk.
SPOOL = 8 << 20
# Letters, digits, dots and dashes; no part begins with a dot, so that nothing leads out of a folder.
NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)


class ArchiveError(Exception):
    """The file is no whole archive of ours; the text says what is wrong with it."""


class Writer:
    """Adds one member after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes) -> None:
        with self.stream(name) as out:
            out.write(data)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Write the member bit by bit; a tar wants its length first, so it is put aside until it is complete."""
        with tempfile.SpooledTemporaryFile(SPOOL) as aside:
            yield aside
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = aside.tell(), 0o600
            aside.seek(0)
            digest = hashlib.sha256()
            while block := aside.read(BLOCK):
                digest.update(block)
            aside.seek(0)
            self._tar.addfile(entry, aside)
        self.members[name] = {"bytes": entry.size, "sha256": digest.hexdigest()}


@contextmanager
def writing(path: Path, about: dict[str, Any]) -> Iterator[Writer]:
    """An archive at `path`, once everything is in it and on the disk. `about` may be filled while it is written."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            writer = Writer(tar)
            yield writer
            manifest = json.dumps(about | {"format": FORMAT, "members": writer.members}, indent=1).encode()
            writer.add(MANIFEST, manifest)
            writer.add(SEAL, master_key().wrap(hashlib.sha256(manifest).digest(), CONTEXT))
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_manifest(path: Path) -> dict[str, Any]:
    """What the archive says of itself, after every member was read and found to be what it says. Raises ArchiveError."""
    found: dict[str, dict[str, Any]] = {}
    manifest = seal = b""
    for name, member in members_of(path):
        if seal:
            raise ArchiveError(f"{name} comes after the end of the archive.")
        if name in found:
            raise ArchiveError(f"{name} is there twice.")
        if name == MANIFEST:
            manifest = member.read()
        elif name == SEAL:
            seal = member.read()
        else:
            with readable():
                found[name] = summed(member)
    if not manifest or not seal:
        raise ArchiveError("The archive has no end: it was cut off, or is another kind of file.")
    check_seal(manifest, seal)
    said = parsed(manifest)
    for name in sorted(found.keys() | said["members"].keys()):
        if found.get(name) != said["members"].get(name):
            raise ArchiveError(f"{name} is not what was archived.")
    return said


def check_seal(manifest: bytes, seal: bytes) -> None:
    try:
        genuine = hmac.compare_digest(master_key().unwrap(seal, CONTEXT), hashlib.sha256(manifest).digest())
    except VaultError:
        raise ArchiveError(
            "The archive was made under another master key (PREVIOUS_MASTER_KEY_FILE may name it)."
        ) from None
    if not genuine:
        raise ArchiveError("The archive's manifest is not what was sealed.")


def parsed(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("members"), dict):
        raise ArchiveError("The archive's manifest can't be read.")
    if manifest.get("format") != FORMAT:
        raise ArchiveError(f"The archive is of format {manifest.get('format')}; this release reads format {FORMAT}.")
    return manifest


def summed(member: IO[bytes]) -> dict[str, Any]:
    digest, length = hashlib.sha256(), 0
    while block := member.read(BLOCK):
        digest.update(block)
        length += len(block)
    return {"bytes": length, "sha256": digest.hexdigest()}


def members_of(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each, in their order; the content can be read until the next one is asked for. Raises ArchiveError."""
    with readable(), tarfile.open(path, mode="r:") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if not entry.isreg() or content is None or not NAME.fullmatch(entry.name):
                raise ArchiveError("The archive holds something that is no plain file.")
            yield entry.name, content


@contextmanager
def readable() -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as error:
        raise ArchiveError(f"The archive can't be read: {error}.") from None
    except OSError as error:
        raise ArchiveError(f"The archive can't be read: {error.strerror or type(error).__name__}.") from None


def text_of(data: IO[bytes]) -> str:
    return io.TextIOWrapper(data, encoding="utf-8").read()
