"""What was published never changes: each process keeps the versions it has read, so that lists need not join them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from content.models import ExerciseVersion

KEPT = 1024
_versions: dict[UUID, ExerciseVersion] = {}


def published_versions(ids: Iterable[UUID]) -> dict[UUID, ExerciseVersion]:
    """The versions by id, each with its schema, exercise, article revision and cover; at most one query.

    For reading only, and only what never changes: an exercise's kind, but not its title; a cover's size, but not its words.
    The ids must come from rows of the current clinic.
    """
    wanted = set(ids)
    missing = wanted - _versions.keys()
    if missing:
        if len(_versions) + len(missing) > KEPT:
            _versions.clear()
            missing = wanted
        versions = ExerciseVersion.objects.select_related("exercise", "revision__cover").defer(
            "revision__body", "revision__search"
        )
        _versions.update({version.pk: version for version in versions.filter(pk__in=missing)})
    return {pk: _versions[pk] for pk in wanted}


def attach_versions(assignments: Iterable[Any], name: str = "version") -> None:
    """Give each assignment its version, or another one that it names, without asking for it one by one."""
    named = [(one, pk) for one in assignments if (pk := getattr(one, f"{name}_id"))]
    versions = published_versions(pk for _, pk in named)
    for assignment, pk in named:
        setattr(assignment, name, versions[pk])
