"""What an export holds besides rows, for people and other programs: each floor that has something declares it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from practices.models import Clinic


@dataclass(frozen=True, slots=True)
class Page:
    """One file. With a title, it stands in the index."""

    path: str
    data: bytes
    title: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the index, and what makes the files below it: called in the clinic, and read one after the other."""

    title: str
    pages: Callable[[Clinic], Iterator[Page]]


_declared: list[Part] = []


def declare_part(part: Part) -> None:
    """Called by an app when it is ready."""
    _declared.append(part)


def declared_parts() -> tuple[Part, ...]:
    return tuple(_declared)
