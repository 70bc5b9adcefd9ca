"""Asking a spam service about comments, and telling it what moderators decided: only where the clinic has set a key."""

import hashlib
import logging
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from typing import Any, Protocol

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Min

from content.models import Comment
from content.screening import Reason
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import clinic_origin, current_clinic
from practices.wakeups import enqueue, wake

OUTSIDE_TASK = "content.tasks.ask_outside"
LEASE = timedelta(minutes=3)
MOST_TRIES = 5
BATCH = 15
logger = logging.getLogger(__name__)


class SpamService(Protocol):
    """What akismet's client can do, and a test's own."""

    def comment_check(self, user_ip: str, **details: Any) -> int: ...

    def submit_spam(self, user_ip: str, **details: Any) -> bool: ...

    def submit_ham(self, user_ip: str, **details: Any) -> bool: ...


def ask_about(comment: Comment, *, at: datetime) -> None:
    """Have the service asked after the commit; until it answers, and if it never does, the comment is simply held."""
    queue_outside(comment, Comment.Outside.CHECK, at=at)


def tell_about(comment: Comment, *, at: datetime) -> None:
    """Have the service told what a moderator decided against its verdict; nothing of what it was never sent."""
    was_called_spam = Reason.AKISMET in comment.reasons
    if comment.went_outside and comment.state == Comment.State.SPAM and not was_called_spam:
        queue_outside(comment, Comment.Outside.SPAM, at=at)
    elif comment.went_outside and comment.state == Comment.State.APPROVED and was_called_spam:
        queue_outside(comment, Comment.Outside.HAM, at=at)
    elif comment.outside:
        leave_inside(comment)


def queue_outside(comment: Comment, what: Comment.Outside, *, at: datetime) -> None:
    comment.outside, comment.outside_at, comment.outside_tries = what, at, 0
    comment.save(update_fields=["outside", "outside_at", "outside_tries"])
    clinic = current_clinic()
    wake(clinic.pk, OUTSIDE_TASK, due_at=at)
    transaction.on_commit(lambda: enqueue(OUTSIDE_TASK, clinic.pk))


def leave_inside(comment: Comment) -> None:
    Comment.objects.filter(pk=comment.pk).update(outside="", outside_at=None)


def send_due_outside(clinic: Clinic, service: SpamService | None, *, at: datetime) -> int:
    """Ask and tell what is due, each comment claimed by one conditional UPDATE; returns how many were settled.

    Without a service (the key was taken away) what was due is dropped. A service that fails or hangs delays that comment.
    """
    if service is None:
        return Comment.objects.exclude(outside="").update(outside="", outside_at=None)
    origin = clinic_origin(clinic)
    settled = 0
    for comment in Comment.objects.outside_due(at).select_related("article").order_by("outside_at")[:BATCH]:
        claimed = Comment.objects.outside_due(at).filter(pk=comment.pk)
        if claimed.update(outside_at=at + LEASE, went_outside=True):
            settled += _send(comment, clinic, origin, service, at=at)
    return settled


def next_outside() -> datetime | None:
    """When the current clinic next has something to ask or tell."""
    due: datetime | None = Comment.objects.aggregate(due=Min("outside_at"))["due"]
    return due


def _send(comment: Comment, clinic: Clinic, origin: str, service: SpamService, *, at: datetime) -> bool:
    sender, details = unreal_address(comment), details_of(comment, clinic, origin)
    try:
        if comment.outside == Comment.Outside.CHECK:
            is_spam = bool(service.comment_check(user_ip=sender, **details))
        else:
            is_spam = False
            tell = service.submit_spam if comment.outside == Comment.Outside.SPAM else service.submit_ham
            tell(user_ip=sender, **details)
    except SoftTimeLimitExceeded:
        raise  # it is the worker that must stop
    except Exception as error:  # noqa: BLE001 - whatever is wrong outside, the comment stays held
        _delay(comment, error, at=at)
        return False
    _settle(comment, is_spam=is_spam, at=at)
    return True


@transaction.atomic
def _settle(comment: Comment, *, is_spam: bool, at: datetime) -> None:
    """The verdict counts only while the question stands: a moderator who decides takes it back."""
    found = Comment.objects.select_for_update().filter(pk=comment.pk, outside=comment.outside).first()
    if found is None:
        return
    found.outside, found.outside_at = "", None
    if is_spam:
        found.state, found.decided_at = Comment.State.SPAM, at
        found.reasons = [*found.reasons, Reason.AKISMET]
        record(Action.COMMENT_SPAM, subject=found, by=None, at=at)
    found.save(update_fields=["outside", "outside_at", "state", "decided_at", "reasons"])


def _delay(comment: Comment, error: Exception, *, at: datetime) -> None:
    tries = comment.outside_tries + 1
    if tries >= MOST_TRIES:
        leave_inside(comment)
    else:
        due_at = at + timedelta(minutes=2**tries)
        Comment.objects.filter(pk=comment.pk).update(outside_at=due_at, outside_tries=tries)
    logger.warning("spam service, comment %s, try %s: %s", comment.pk, tries, type(error).__name__)


def unreal_address(comment: Comment) -> str:
    """The service wants an address: one from the range that leads nowhere (RFC 4193), the same for the same sender."""
    seed = bytes(comment.sender) if comment.sender else comment.pk.bytes
    return str(IPv6Address(b"\xfd" + hashlib.sha256(b"outside" + seed).digest()[:15]))


def details_of(comment: Comment, clinic: Clinic, origin: str) -> dict[str, Any]:
    """All that leaves the house; the clinic's notice says so."""
    return {
        "comment_type": "comment",
        "comment_author": comment.pseudonym,
        "comment_content": comment.body,
        "comment_date_gmt": comment.sent_at.isoformat(),
        "permalink": origin + comment.article.get_absolute_url(),
        "blog_lang": clinic.locale,
        "blog_charset": "UTF-8",
    }
