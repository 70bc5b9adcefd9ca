"""Care goes from one clinician to another: for some clients, or for all of somebody who leaves, in one act."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from clients.models import CareRelation
from clients.services.caseload import NotAClinicianError, give_care
from practices.accounts.models import User
from practices.accounts.services import keep_an_owner
from practices.accounts.services.leaving import close_account_on, keep_account
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

LONGEST_OVERLAP = timedelta(days=60)
A_MOMENT = timedelta(microseconds=1)


class NobodyTakesOverError(Exception):
    """A client would be left in nobody's care."""


class NobodyHandsOverError(Exception):
    """All of these clients are with that colleague already, or with nobody."""


class OverlapError(Exception):
    """The last day is too far ahead."""


def care_of(clinician: User, *, at: datetime) -> QuerySet[Any]:
    """Their caseload, with the clients, by name; `is_covered` says that a colleague who stays has the client in care too."""
    going_on = CareRelation.objects.filter(clinician=clinician, starts_at__lte=at).going_on(at)
    others = CareRelation.objects.by_staying().filter(client=OuterRef("client")).exclude(clinician=clinician)
    covered = going_on.annotate(is_covered=Exists(others)).select_related("client")
    return covered.order_by("client__first_name", "client__last_name", "pk")


@transaction.atomic
def hand_over(relations: Iterable[CareRelation], *, to: User, until: datetime, by: User, at: datetime) -> int:
    """The colleague cares for these clients from now on; who had them reads until then. Returns how many that were.

    Whoever has a client already keeps them. All or nothing: raises NobodyHandsOverError, NotAClinicianError or OverlapError.
    """
    until = within_limits(until, at=at)
    chosen = CareRelation.objects.filter(pk__in=[relation.pk for relation in relations]).exclude(clinician=to)
    locked = chosen.going_on(at).select_related("client", "clinician").order_by("client", "pk")
    number = 0
    for relation in locked.select_for_update(of=("self",)):
        last = min(until, relation.clinician.leaves_at or until)
        _hand_over(relation, to, until=last, purpose="hand-over", by=by, at=at)
        number += 1
    if not number:
        raise NobodyHandsOverError(f"{to.display_name} has these clients already. Choose somebody else.")
    _tell(to, at=at)
    return number


@transaction.atomic
def leave(
    leaver: User,
    *,
    heirs: Mapping[UUID, User],
    until: datetime,
    by: User,
    at: datetime,
    keep_invitations: bool = False,
) -> None:
    """Colleagues, named by client id, get care now; the leaver reads until `until`, when their account closes.

    A client whom a colleague who stays has in care needs nobody else. Open work, what waits to be read and alerts follow the
    care relation. What the leaver wrote stays theirs. Again with another day, it moves the day. All or nothing: raises
    NobodyTakesOverError, NotAClinicianError, OverlapError or LastOwnerError.
    """
    until = within_limits(until, at=at)
    # First, so that every leave() locks the owners in the same order.
    keep_an_owner(without=leaver)
    set_before = User.objects.select_for_update(no_key=True).get(pk=leaver.pk).leaves_at
    for relation in care_of(leaver, at=at).select_for_update(of=("self",)):
        heir = heirs.get(relation.client_id)
        if heir is None and not relation.is_covered:
            raise NobodyTakesOverError("Choose who takes over each client. Nobody may be left without a clinician.")
        # What was handed over before ends a moment earlier at the latest: staying after all does not bring it back.
        last = until if relation.ends_at in (None, set_before) else min(relation.ends_at, max(until - A_MOMENT, at))
        _hand_over(relation, heir, until=last, purpose="leaving", by=by, at=at)
    for heir in {heir.pk: heir for heir in heirs.values()}.values():
        _tell(heir, at=at)
    close_account_on(leaver, until=until, keep_invitations=keep_invitations, by=by, at=at)


@transaction.atomic
def stay(leaver: User, *, by: User, at: datetime) -> None:
    """They don't leave after all: the account stays open, and the clients who went with the leaving come back.

    Care that colleagues were given in their place ends. Raises NotLeavingError.
    """
    was_to_end = keep_account(leaver, by=by, at=at)
    for relation in CareRelation.objects.filter(clinician=leaver, ends_at=was_to_end).order_by("pk"):
        CareRelation.objects.filter(pk=relation.pk).update(ends_at=None)
        record(Action.CARE_GIVEN, subject=relation, client=relation.client_id, purpose="stays", by=by, at=at)
        for taken in relation.taken_over_by.filter(ends_at=None).order_by("pk"):
            CareRelation.objects.filter(pk=taken.pk).update(ends_at=at)
            record(Action.CARE_ENDED, subject=taken, client=taken.client_id, purpose="stays", by=by, at=at)


def within_limits(until: datetime, *, at: datetime) -> datetime:
    if until > at + LONGEST_OVERLAP:
        raise OverlapError("The last day can be at most 60 days from now.")
    return max(until, at)


def _hand_over(
    relation: CareRelation, heir: User | None, *, until: datetime, purpose: str, by: User, at: datetime
) -> None:
    if heir is not None:
        if heir.pk == relation.clinician_id:
            raise NotAClinicianError("Choose a colleague who stays.")
        give_care(relation.client, clinician=heir, instead_of=relation, by=by, at=at)
    if relation.ends_at != until:
        CareRelation.objects.filter(pk=relation.pk).update(ends_at=until)
        record(Action.CARE_ENDED, subject=relation, client=relation.client_id, purpose=purpose, by=by, at=at)


def _tell(heir: User, *, at: datetime) -> None:
    queue_mail(MailKind.TO_REVIEW, to=heir.email, path=reverse("admin:clients_client_changelist"), at=at)
