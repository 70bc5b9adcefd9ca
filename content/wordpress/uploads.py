"""The files that lay on the old site, given as a folder or a zip; found by the address that they had there, never fetched."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote, urlsplit

from content.wordpress.reading import BROKEN_ZIP, ExportError

MOST_FILES = 100_000
# Before each name in the list at the end of a zip.
ENTRY = b"PK\x01\x02"
BLOCK = 1 << 20
# How WordPress names what it has made of a picture: its size, or that it was made smaller.
_SIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w{1,5}$)|-scaled(?=\.\w{1,5}$)")
_UPLOADS = re.compile(r"(?:^|/)uploads/")
_MONTH = re.compile(r"(?:^|/)(\d{4}/\d{2}/[^/]+)$")


class Files(Protocol):
    """Where the files are: their names with slashes, and each of them opened."""

    def names(self) -> Iterable[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


class Folder:
    """A folder on this machine. Links in it are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> Iterator[str]:
        for path in self.path.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(self.path).as_posix()

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")


class Zip:
    """A zip that is read where it lies; nothing is unpacked to a name of its own choosing."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file

    def names(self) -> Iterator[str]:
        return (entry.filename for entry in self.file.infolist() if not entry.is_dir())

    def open(self, name: str) -> IO[bytes]:
        return self.file.open(name)


class Uploads:
    """Finds a picture's file by any of the addresses that it had. `files` may be several places; the first that has it counts."""

    def __init__(self, *files: Files) -> None:
        self._found: dict[str, tuple[Files, str]] = {}
        for place in files:
            for name in place.names():
                self._found.setdefault(within_uploads(name), (place, name))
                if len(self._found) > MOST_FILES:
                    raise ExportError(f"There are more than {MOST_FILES} files beside the export")

    def __bool__(self) -> bool:
        return bool(self._found)

    def name_of(self, address: str) -> str:
        """What the file is called here, the same for every size of a picture; nothing if it was not given."""
        wanted = within_uploads(path_in(address))
        whole = _SIZED.sub("", wanted)
        stem, dot, ending = whole.rpartition(".")
        for name in (whole, f"{stem}-scaled{dot}{ending}", wanted):
            if name and name in self._found:
                return name
        return ""

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """What `name_of` gave. Raises OSError if it can't be read."""
        place, theirs = self._found[name]
        try:
            with place.open(theirs) as file:
                yield file
        except BROKEN_ZIP as error:
            raise OSError(str(error)) from None


def path_in(address: str) -> str:
    try:
        return unquote(urlsplit(address).path).lstrip("/")
    except ValueError:
        return ""


def within_uploads(name: str) -> str:
    """What comes below the folder `uploads`, wherever that is; without one what begins with year and month; else all of it."""
    parts = _UPLOADS.split(name)
    if len(parts) > 1:
        return parts[-1]
    found = _MONTH.search(name)
    return found[1] if found else name


@contextmanager
def opened_zip(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Raises ExportError for what is no zip, or one with more names than fit in memory."""
    if names_in(file) > MOST_FILES:
        raise ExportError(f"There are more than {MOST_FILES} files beside the export")
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ExportError("The file with the pictures is no zip that can be read") from None
    with opened:
        yield opened


def names_in(file: IO[bytes]) -> int:
    """At most how many names a zip has, told without reading any: all of them come into memory as soon as it is opened."""
    found, before = 0, b""
    file.seek(0)
    while block := file.read(BLOCK):
        found += (before + block).count(ENTRY)
        before = block[1 - len(ENTRY) :]
    file.seek(0)
    return found


def is_zip(file: IO[bytes]) -> bool:
    """By its first letters; the file stands at its beginning afterwards."""
    begins = file.read(4)
    file.seek(0)
    return begins == b"PK\x03\x04"


def export_in(opened: zipfile.ZipFile) -> str:
    """The name of the one export in a zip. Raises ExportError."""
    found = [name for name in Zip(opened).names() if name.lower().endswith(".xml") and "__MACOSX" not in name]
    if len(found) != 1:
        what = "several exports" if found else "no export"
        raise ExportError(f"In this zip there is {what} (a file that ends in .xml); it should hold one")
    return found[0]
