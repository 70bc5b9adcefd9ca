"""The file itself: a tar inside an age file. Its manifest names every other member with its length and hash.

What goes through the pipe between the two is in memory alone: nothing of it is ever put on the disk in clear. Anybody may write
such a file for a recipient, so whoever reads one takes rows from it, and never SQL.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from pyrage import DecryptError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from practices.archives.container import BLOCK, NAME, ArchiveError

MANIFEST = "manifest.json"
FORMAT = "clinic export 1"
# A member that is read whole is no longer than this: a part of a table is about a megabyte, unless one row is more.
MOST_BLOCKS = 256
Members = Generator[tuple[str, "Summing"]]


class Writer:
    """Adds one member after the other; of each the length is known before."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes) -> None:
        self.add_file(name, io.BytesIO(data), length=len(data))

    def add_file(self, name: str, file: IO[bytes], *, length: int) -> None:
        """Raises OSError if the file is shorter."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = length, 0o600
        summing = Summing(file)
        self._tar.addfile(entry, summing)
        # It remembers every entry, which nobody asks for.
        self._tar.members.clear()  # type: ignore[attr-defined]
        self.members[name] = summing.sum()


class Summing(io.RawIOBase):
    """Reads from a file, and knows the length and hash of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._length = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._digest.update(block)
        self._length += len(block)
        return block

    def sum(self) -> dict[str, Any]:
        return {"bytes": self._length, "sha256": self._digest.hexdigest()}

    def drain(self) -> dict[str, Any]:
        while self.read(BLOCK):
            pass
        return self.sum()


@contextmanager
def writing(path: Path, about: dict[str, Any], recipients: list[Recipient]) -> Iterator[Writer]:
    """An export at `path`, once everything is in it and on the disk. `about` may be filled while it is written."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with encrypting(file, recipients) as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                writer = Writer(tar)
                yield writer
                manifest = about | {"format": FORMAT, "members": dict(writer.members)}
                writer.add(MANIFEST, json.dumps(manifest, indent=1).encode())
                about["sha256"] = writer.members[MANIFEST]["sha256"]
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def encrypting(out: IO[bytes], recipients: list[Recipient]) -> Iterator[IO[bytes]]:
    """What is written here reaches `out` encrypted; another thread does that, as age wants to read. Raises OSError."""
    reading, writing = os.pipe()

    def encrypt() -> None:
        with open(reading, "rb") as pipe:
            encrypt_io(pipe, out, recipients)

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(encrypt)
        try:
            with open(writing, "wb") as pipe:
                yield pipe
        except BrokenPipeError:
            work.result()  # says why: the disk is full
            raise
        work.result()


def members_of(path: Path, identities: list[Identity]) -> Members:
    """Name and content of each, in their order; the content can be read until the next one is asked for.

    Close it if it is not followed to its end. Raises ArchiveError.
    """
    reading, writing = os.pipe()

    def decrypt() -> None:
        with open(writing, "wb") as pipe:
            decrypt_io(source, pipe, identities)

    with path.open("rb") as source, ThreadPoolExecutor(1) as pool:
        work = pool.submit(decrypt)
        broken = None
        with open(reading, "rb") as pipe:
            try:
                yield from members_in(pipe)
            except tarfile.TarError as error:
                broken = error
        # The pipe is closed, so it comes to an end.
        failed = work.exception()
    if failed is not None and not isinstance(failed, BrokenPipeError):
        raise ArchiveError(words_for(failed))
    if broken is not None:
        raise ArchiveError(f"The export can't be read: {broken}.")


def members_in(pipe: IO[bytes]) -> Members:
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        while entry := tar.next():
            tar.members.clear()  # type: ignore[attr-defined]
            content = tar.extractfile(entry)
            if not entry.isreg() or content is None or not NAME.fullmatch(entry.name):
                raise ArchiveError("The export holds something that is no plain file.")
            yield entry.name, Summing(content)
    # To its end, where age says whether it is the end.
    while pipe.read(BLOCK):
        pass


def words_for(failed: BaseException) -> str:
    if isinstance(failed, DecryptError) and "matching" in str(failed):
        return "The export does not open with this identity."
    if isinstance(failed, DecryptError):
        return "The export can't be read: it is no file of age's, or was changed."
    return f"The export can't be read to its end: {failed}."


def read_manifest(path: Path, identities: list[Identity]) -> dict[str, Any]:
    """What the export says of itself, after every member was read and found to be what it says. Raises ArchiveError."""
    found: dict[str, dict[str, Any]] = {}
    manifest = b""
    with closing(members_of(path, identities)) as members:
        for name, member in members:
            if manifest:
                raise ArchiveError(f"{name} comes after the end of the export.")
            if name in found:
                raise ArchiveError(f"{name} is there twice.")
            if name == MANIFEST:
                manifest = whole(member)
            else:
                found[name] = member.drain()
    said = parsed(manifest)
    for name in sorted(found.keys() | said["members"].keys()):
        if found.get(name) != said["members"].get(name):
            raise ArchiveError(f"{name} is not what was exported.")
    return said | {"sha256": hashlib.sha256(manifest).hexdigest()}


def whole(member: Summing) -> bytes:
    """Raises ArchiveError for what is too long to be held in memory."""
    blocks: list[bytes] = []
    # By blocks: whoever is asked for so much at once makes room for all of it.
    while block := member.read(BLOCK):
        blocks.append(block)
        if len(blocks) > MOST_BLOCKS:
            raise ArchiveError("The export holds a part that is too long.")
    return b"".join(blocks)


def parsed(manifest: bytes) -> dict[str, Any]:
    if not manifest:
        raise ArchiveError("The export has no end: it was cut off, or is another kind of file.")
    try:
        said = json.loads(manifest)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not all(isinstance(said.get(name), dict) for name in ("members", "tables")):
        raise ArchiveError("The export's manifest can't be read.")
    if said.get("format") != FORMAT:
        raise ArchiveError(f"The export is a “{said.get('format')}”; this release reads a “{FORMAT}”.")
    return said


def again(path: Path, identities: list[Identity], manifest: dict[str, Any]) -> Members:
    """The members once more, each still what the manifest said when it was read before. Raises ArchiveError."""
    with closing(members_of(path, identities)) as members:
        for name, member in members:
            yield name, member
            if name != MANIFEST and member.drain() != manifest["members"].get(name):
                raise ArchiveError(f"{name} was changed while it was read.")
