"""A colleague leaves: their clients go to others, their account closes, in one act."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from clients.models import CareRelation
from clients.services.caseload import NotAClinicianError, give_care
from practices.accounts.models import User
from practices.accounts.services.leaving import close_account_on
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

LONGEST_OVERLAP = timedelta(days=60)


class NobodyTakesOverError(Exception):
    """A client would be left in nobody's care."""


class OverlapError(Exception):
    """The last day is too far ahead."""


def care_of(leaver: User, *, at: datetime) -> QuerySet[CareRelation]:
    """Their caseload, with the clients, by name."""
    going_on = CareRelation.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), clinician=leaver, starts_at__lte=at)
    return going_on.select_related("client").order_by("client__first_name", "client__last_name", "pk")


@transaction.atomic
def leave(leaver: User, *, heirs: Mapping[UUID, User], until: datetime, by: User, at: datetime) -> None:
    """Colleagues, named by client id, get care now; the leaver's ends at `until`, and their account with it.

    Open work, what waits to be read and alerts follow the care relation. What the leaver wrote stays theirs. All or nothing:
    raises NobodyTakesOverError, NotAClinicianError, OverlapError or LastOwnerError.
    """
    if until > at + LONGEST_OVERLAP:
        raise OverlapError("The last day can be at most 60 days from now.")
    until = max(until, at)
    for relation in care_of(leaver, at=at).select_for_update(of=("self",)):
        _hand_over(relation, heirs.get(relation.client_id), until=until, by=by, at=at)
    for heir in {heir.pk: heir for heir in heirs.values()}.values():
        queue_mail(MailKind.TO_REVIEW, to=heir.email, path=reverse("admin:clients_client_changelist"), at=at)
    close_account_on(leaver, until=until, by=by, at=at)


def _hand_over(relation: CareRelation, heir: User | None, *, until: datetime, by: User, at: datetime) -> None:
    if heir is None:
        raise NobodyTakesOverError("Choose who takes over each client. Nobody may be left without a clinician.")
    if heir.pk == relation.clinician_id or heir.leaves_at:
        raise NotAClinicianError("Choose a colleague who stays.")
    give_care(relation.client, clinician=heir, by=by, at=at)
    CareRelation.objects.filter(pk=relation.pk).update(ends_at=until)
    record(Action.CARE_ENDED, subject=relation, client=relation.client_id, purpose="leaving", by=by, at=at)
