"""Supervision: who reads whose caseload, from and until."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from practices.accounts.models import Supervision, SupervisionQuerySet, User
from practices.accounts.permissions import Role
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail


class CannotSuperviseError(Exception):
    """These two can't be supervisor and supervisee; the text says why."""


@transaction.atomic
def begin_supervision(
    supervisor: User, *, over: User, until: datetime | None, by: User | None, at: datetime
) -> Supervision:
    """From now on the supervisor reads the caseload of `over`, until then or until it is ended; the supervisee is told.

    Both accounts are locked: of two that begin it at once the second one finds it and moves its end, and neither loses the
    role meanwhile. Raises CannotSuperviseError.
    """
    pair = User.objects.select_for_update().in_bulk(sorted([supervisor.pk, over.pk]))
    check_pair(pair[supervisor.pk], over=pair[over.pk], until=until, at=at)
    going_on = Supervision.objects.filter(supervisor=supervisor, supervisee=over).going_on(at).first()
    if going_on is not None and going_on.ends_at == until:
        return going_on
    if going_on is None:
        supervision = Supervision.objects.create(supervisor=supervisor, supervisee=over, starts_at=at, ends_at=until)
        record(Action.SUPERVISION_BEGUN, subject=supervision, by=by, at=at)
    else:
        supervision = going_on
        supervision.ends_at = until
        supervision.save(update_fields=["ends_at"])
        record(Action.SUPERVISION_MOVED, subject=supervision, by=by, at=at)
    _tell(over, at=at)
    return supervision


def check_pair(supervisor: User, *, over: User, until: datetime | None, at: datetime) -> None:
    """Raise CannotSuperviseError if the one may not supervise the other."""
    if supervisor.pk == over.pk:
        raise CannotSuperviseError("Nobody supervises themselves.")
    if not supervisor.is_active or Role.SUPERVISOR not in supervisor.roles:
        raise CannotSuperviseError("Choose somebody who has the role supervisor.")
    if not over.is_active or Role.CLINICIAN not in over.roles:
        raise CannotSuperviseError("Only clinicians are supervised.")
    if supervisor.leaves_at or over.leaves_at:
        raise CannotSuperviseError("One of them is leaving. Choose a colleague who stays.")
    if until is not None and until <= at:
        raise CannotSuperviseError("That day is over. Choose a later one.")


@transaction.atomic
def end_supervision(supervision: Supervision, *, by: User | None, at: datetime) -> None:
    """The supervisor reads no more from now on, and the supervisee is told. Nothing happens if it is over."""
    if _end(Supervision.objects.filter(pk=supervision.pk), until=at, by=by, at=at):
        _tell(supervision.supervisee, at=at)


def end_supervisions(user: User, *, until: datetime, by: User | None, at: datetime) -> None:
    """Those of this person, in either part, go no further than `until`."""
    _end(Supervision.objects.filter(Q(supervisor=user) | Q(supervisee=user)), until=until, by=by, at=at)


def end_unfitting_supervisions(user: User, *, by: User, at: datetime) -> None:
    """After a change of roles: who is no supervisor supervises nobody, who is no clinician is supervised by nobody."""
    unfitting = Q(pk__in=[])
    if Role.SUPERVISOR not in user.roles:
        unfitting |= Q(supervisor=user)
    if Role.CLINICIAN not in user.roles:
        unfitting |= Q(supervisee=user)
    own = Supervision.objects.filter(unfitting)
    told = list(own.going_on(at).exclude(supervisee=user).select_related("supervisee"))
    _end(own, until=at, by=by, at=at)
    for supervision in told:
        _tell(supervision.supervisee, at=at)


def _end(supervisions: SupervisionQuerySet, *, until: datetime, by: User | None, at: datetime) -> int:
    """Those that would go on after `until` end then; returns how many."""
    ended = 0
    for supervision in supervisions.filter(starts_at__lte=until).going_on(until).order_by("pk"):
        ended += Supervision.objects.filter(pk=supervision.pk).going_on(until).update(ends_at=until)
        record(Action.SUPERVISION_ENDED, subject=supervision, by=by, at=at)
    return ended


def _tell(supervisee: User, *, at: datetime) -> None:
    queue_mail(MailKind.ACCOUNT_NOTE, to=supervisee.email, path=reverse("account"), at=at)
