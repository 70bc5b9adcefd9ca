"""The nightly look at a clinic's audit: does the chain hold, what is its head, and who is told if it does not.

Every night what is new is followed, from the place that was anchored last, and then a part of what lies before: the next
part each night, until all of it was followed once more and a new round begins. `verify_audit` follows the whole at once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.anchors import AnchorsUnreadableError, drop_anchor, read_anchors
from practices.audit.chain import NOTHING, Anchor, Fault, Verdict, verify_chain
from practices.audit.models import ANCHORS_MISSING, TO_EVENT, Action, AuditEvent, record
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

WATCH_TASK = "practices.audit.tasks.watch_audit"
# Local time at which nights begin, and over how many seconds the clinics are spread.
FROM_HOUR, SPREAD = 2, 2 * 3600
# As many new events does one run follow; if there are more, the next run goes on at once from where this one came to.
STEP = 50_000
# A round through what is older takes so many nights, unless a night's part would be very small, or more than a run can do.
ROUND, LEAST_PART, LARGEST_PART = 28, 20_000, 250_000
BEGINNING = Anchor("", 0, NOTHING)
logger = logging.getLogger(__name__)


def check_audit(clinic: Clinic, *, seen: Callable[[int], None] | None = None) -> Verdict:
    """What is to be said of the whole of this clinic's chain, held against its anchors. The clinic is entered."""
    try:
        return verify_chain(read_anchors(clinic.pk), seen=seen)
    except AnchorsUnreadableError as error:
        return unreadable(error)


def unreadable(error: AnchorsUnreadableError) -> Verdict:
    return Verdict(0, 0, b"", 0, Fault(0, str(error)))


def watch(clinic: Clinic, *, at: datetime) -> Verdict:
    """Check, write down what came of it, and drop anchors; owners are told by mail, and in the log, if something is wrong.

    Says how far it came in what is new. Each step leaves an anchor, so a run that is killed, or one of many that a large
    clinic takes at first, is gone on from there. That it was checked is written down once the head is reached.
    """
    try:
        anchors = read_anchors(clinic.pk)
    except AnchorsUnreadableError as error:
        return alarm(clinic, unreadable(error), at=at)
    last = anchors[-1] if anchors else BEGINNING
    if place_of_last_check() > last.seq:
        tell_owners(clinic, ANCHORS_MISSING, at=at)
    new = verify_chain(anchors, after=last.seq, most=STEP)
    if new.fault:
        return alarm(clinic, new, at=at)
    again = last.again
    if new.at_head and last.seq:
        old = verify_chain(anchors, after=again, most=part_of(last.seq, again))
        if old.fault:
            # What is new holds all the same, and need not be followed anew to-morrow.
            drop_anchor(clinic.pk, seq=new.seq, hash=new.hash, again=again, at=at)
            return alarm(clinic, old, at=at)
        again = old.seq if old.seq < last.seq else 0
    drop_anchor(clinic.pk, seq=new.seq, hash=new.hash, again=again, at=at)
    if new.at_head:
        # After the anchor: what names one that is not there is taken for a loss.
        record(Action.AUDIT_VERIFIED, by=None, at=at, purpose=f"{TO_EVENT}{new.seq}")
    return new


def part_of(older: int, begun: int) -> int:
    """How many of so many older events are followed this night, of which so many were in this round."""
    part = min(max(-(-older // ROUND), LEAST_PART), LARGEST_PART)
    return min(part, older - begun)


def place_of_last_check() -> int:
    """How far the chain was followed when that was last written down; 0 if it never was, or owners were told since."""
    last = AuditEvent.objects.checks().newest_first().first()
    if last is None or not last.purpose.startswith(TO_EVENT):
        return 0
    return int(last.purpose.removeprefix(TO_EVENT))


def alarm(clinic: Clinic, verdict: Verdict, *, at: datetime) -> Verdict:
    if verdict.fault:
        tell_owners(clinic, f"from event {verdict.fault.seq}", at=at)
    return verdict


@transaction.atomic
def tell_owners(clinic: Clinic, what: str, *, at: datetime) -> None:
    """An alarm in the server's log, an event, and a neutral mail to each owner that leads to it."""
    logger.error("audit of clinic %s does not hold: %s", clinic.pk, what)
    record(Action.AUDIT_BROKEN, by=None, at=at, purpose=what)
    path = f"/admin/audit/?{urlencode({'what': Action.AUDIT_BROKEN})}"
    for owner in User.objects.with_role(Role.OWNER):
        queue_mail(MailKind.DESK_NOTE, to=owner.email, path=path, at=at)


def next_night(clinic: Clinic, *, at: datetime) -> datetime:
    """When the clinic is looked at next: after two in its own morning, each clinic at its own minute."""
    local = at.astimezone(clinic.zone)
    night = local.replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
    night += timedelta(seconds=clinic.pk.int % SPREAD)
    return night if night > local else night + timedelta(days=1)
