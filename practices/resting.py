"""Letting a clinic rest, closing it, and having it go on: its pages answer 503 and its tasks wait, and nothing is deleted.

Each is called in the platform's schema, where the operator's act is recorded; each says whether anything changed.
"""

from datetime import datetime

from django.db import transaction

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import hosts

OPEN, SUSPENDED, CLOSING = Clinic.Status.OPEN, Clinic.Status.SUSPENDED, Clinic.Status.CLOSING


@transaction.atomic
def suspend_clinic(clinic: Clinic, *, by: User | None, at: datetime) -> bool:
    """Until it is resumed. Not done to a clinic that was not open, nor to the platform."""
    return move(clinic, (OPEN,), Action.CLINIC_SUSPENDED, by=by, at=at, status=SUSPENDED)


@transaction.atomic
def resume_clinic(clinic: Clinic, *, by: User | None, at: datetime) -> bool:
    """A clinic that was suspended, or was to be closed, answers again."""
    return move(clinic, (SUSPENDED, CLOSING), Action.CLINIC_RESUMED, by=by, at=at, status=OPEN, closing_since=None)


@transaction.atomic
def close_clinic(clinic: Clinic, *, by: User | None, at: datetime) -> bool:
    """The clinic has left: from here on the days are counted after which it may be erased."""
    return move(clinic, (OPEN, SUSPENDED), Action.CLINIC_CLOSING, by=by, at=at, status=CLOSING, closing_since=at)


@transaction.atomic
def hold_clinic(clinic: Clinic, *, reason: str, by: User | None, at: datetime) -> bool:
    """The clinic may not be erased, whatever else is said, until the hold is lifted by giving no reason."""
    action = Action.CLINIC_HELD if reason else Action.CLINIC_RELEASED
    found = Clinic.objects.filter(pk=clinic.pk, type=Clinic.Kind.CLINIC).exclude(legal_hold=reason)
    changed = bool(found.exclude(status=Clinic.Status.ERASING).update(legal_hold=reason))
    if changed:
        record(action, subject=clinic, by=by, at=at)
    return changed


def move(
    clinic: Clinic, before: tuple[str, ...], action: Action, *, by: User | None, at: datetime, **fields: object
) -> bool:
    found = Clinic.objects.filter(pk=clinic.pk, status__in=before, type=Clinic.Kind.CLINIC)
    changed = bool(found.update(**fields))
    if changed:
        record(action, subject=clinic, by=by, at=at)
        transaction.on_commit(hosts.clear)
    return changed
