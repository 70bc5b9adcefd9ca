"""From one state to the next, as the tables in clients/states.py have it."""

from typing import Any

from django.db.models import QuerySet

from clients.states import Move


def move(rows: QuerySet[Any], by: Move, **changes: Any) -> int:
    """Take those of these rows further that are in a state for it, with what else changes; returns how many those were.

    One conditional UPDATE: of two who try at once, the second finds none.
    """
    machine = rows.model.machine
    after = machine.rules[by].after
    if after is not None and machine.has_column:
        changes["state"] = after
    standing: Any = rows.standing(machine.before(by))  # type: ignore[attr-defined]
    moved: int = standing.update(**changes)
    return moved
