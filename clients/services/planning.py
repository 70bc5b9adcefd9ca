"""A client says when and where they mean to do some work, and how sure they are of it. They are asked once, and need not say."""

from datetime import datetime

from django.db import transaction

from clients.models import Assignment
from clients.services.moving import move
from clients.states import ASSIGNMENT, Move, StateError
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.vault import sealed


def ask_for_plan(assignment: Assignment, *, at: datetime) -> bool:
    """Note that the client was asked; returns whether that was the first time."""
    return bool(move(Assignment.objects.filter(pk=assignment.pk, asked_at=None), Move.ASK, asked_at=at))


@transaction.atomic
def plan_work(assignment: Assignment, *, words: str, confidence: int | None, by: User, at: datetime) -> None:
    """What they say replaces what they said before; nothing at all takes it back. Raises StateError."""
    said = {"words": words.strip(), "confidence": confidence}
    assignment.plan = said if said["words"] or confidence is not None else None
    rows = Assignment.objects.filter(pk=assignment.pk)
    if not move(rows, Move.PLAN, planned_at=at, **sealed(assignment, "plan")):
        raise StateError(ASSIGNMENT.reason(rows.get().state))
    record(Action.WORK_PLANNED, subject=assignment, client=assignment.client_id, by=by, at=at)
