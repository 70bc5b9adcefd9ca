"""What lies in the private storage: everything of a clinic below a folder with its id."""

from collections.abc import Iterator

from django.core.files.storage import default_storage


def files_below(folder: str) -> Iterator[str]:
    """Paths in the storage; none if the clinic has no folder yet."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from files_below(f"{folder}/{name}")
