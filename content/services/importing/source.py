"""An export and the files beside it, opened together."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import IO

from content.wordpress import Attachment, Export, PostEntry, Uploads, read_export, survey
from content.wordpress.uploads import Files, Folder, Zip, export_in, is_zip, opened_zip

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Source:
    """A whole export: it was read to its end once. `entries` reads it again."""

    export: Export
    uploads: Uploads
    zone: tzinfo
    reopened: Opener
    # What the old site said of each picture whose file was given, by that file's name.
    described: Mapping[str, Attachment]

    def entries(self) -> Iterator[PostEntry]:
        """The posts and pages in their order."""
        with self.reopened() as file:
            yield from read_export(file, zone=self.zone)

    def author_of(self, entry: PostEntry) -> str:
        """The name of whoever it is by. What looks like a mail address is not shown."""
        name = self.export.authors.get(entry.creator) or entry.creator
        return without_address(name) or self.export.site.title or "Unknown"


@contextmanager
def opened_source(file: IO[bytes], *, media: Path | IO[bytes] | None = None, zone: tzinfo) -> Iterator[Source]:
    """The export, which may lie in a zip, with the pictures beside it, in a folder or a zip. Raises ExportError."""
    with ExitStack() as stack:
        places: list[Files] = []
        if is_zip(file):
            packed = stack.enter_context(opened_zip(file))
            reopened: Opener = partial(packed.open, export_in(packed))
            places.append(Zip(packed))
        else:
            reopened = partial(rewound, file)
        if isinstance(media, Path) and media.is_dir():
            places.append(Folder(media))
        elif media is not None:
            given = stack.enter_context(media.open("rb")) if isinstance(media, Path) else media
            places.append(Zip(stack.enter_context(opened_zip(given))))
        with reopened() as opened:
            export = survey(opened)
        uploads = Uploads(*places)
        described = {name: one for one in export.attachments.values() if (name := uploads.name_of(one.url))}
        yield Source(export, uploads, zone, reopened, described)


@contextmanager
def rewound(file: IO[bytes]) -> Iterator[IO[bytes]]:
    file.seek(0)
    yield file


def without_address(name: str) -> str:
    """The name; of a mail address only what stands before the @."""
    return " ".join(word.partition("@")[0] if "@" in word.strip("@") else word for word in name.split())
