"""The nightly look at a clinic's audit: does the chain hold, what is its head, and who is told if it does not."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.anchors import AnchorsUnreadableError, drop_anchor, read_anchors
from practices.audit.chain import Fault, Verdict, verify_chain
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

WATCH_TASK = "practices.audit.tasks.watch_audit"
# Local time at which nights begin, and over how many seconds the clinics are spread.
FROM_HOUR, SPREAD = 2, 2 * 3600
logger = logging.getLogger(__name__)


def check_audit(clinic: Clinic, *, seen: Callable[[int], None] | None = None) -> Verdict:
    """What is to be said of this clinic's chain, held against its anchors. The clinic is entered."""
    try:
        return verify_chain(read_anchors(clinic.pk), seen=seen)
    except AnchorsUnreadableError as error:
        return Verdict(0, 0, b"", Fault(0, str(error)))


def watch(clinic: Clinic, *, at: datetime) -> Verdict:
    """Check, write down what came of it, and drop the day's anchor; owners are told on the desk and by mail if it fails."""
    verdict = check_audit(clinic)
    if verdict.fault is None:
        record(Action.AUDIT_VERIFIED, by=None, at=at)
        # What was verified, not the head as it is by now: an anchor vouches for everything before it.
        drop_anchor(clinic.pk, seq=verdict.seq, hash=verdict.hash, at=at)
        return verdict
    logger.error("audit of clinic %s does not hold from event %s", clinic.pk, verdict.fault.seq)
    with transaction.atomic():
        record(Action.AUDIT_BROKEN, by=None, at=at, purpose=f"from event {verdict.fault.seq}")
        for owner in User.objects.with_role(Role.OWNER):
            queue_mail(MailKind.DESK_NOTE, to=owner.email, path="/admin/", at=at)
    return verdict


def next_night(clinic: Clinic, *, at: datetime) -> datetime:
    """When the clinic is looked at next: after two in its own morning, each clinic at its own minute."""
    local = at.astimezone(clinic.zone)
    night = local.replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
    night += timedelta(seconds=clinic.pk.int % SPREAD)
    return night if night > local else night + timedelta(days=1)
