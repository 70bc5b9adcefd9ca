"""What has to be done about comments as time goes by: tell moderators once a day, and forget."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse

from content.models import Comment, CommentSettings
from content.models.comments import REFUSED_KEPT, SENDER_KEPT
from content.services.editors import editors
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.wakeups import wake

TEND_TASK = "content.tasks.tend_comments"
DIGEST_HOUR = time(8)


@transaction.atomic
def tend_comments(clinic: Clinic, *, at: datetime) -> None:
    """Forget senders and what was refused long ago; tell the moderators what waits, if it is time to."""
    Comment.objects.with_sender_due(at).update(sender=None)
    Comment.objects.refused_due(at).delete()
    tell_moderators(clinic, at=at)


def tell_moderators(clinic: Clinic, *, at: datetime) -> int:
    """One neutral mail to each moderator, at most one a day; returns how many that made.

    The clinic's row is claimed by a conditional UPDATE, so two workers send one mail.
    """
    rules, _ = CommentSettings.objects.get_or_create(only=True)
    moment = next_digest(rules, zone=clinic.zone)
    if moment is None or moment > at:
        return 0
    free = Q(told_at=None) | Q(told_at__lt=moment)
    if not CommentSettings.objects.filter(free, pk=rules.pk).update(told_at=at):
        return 0
    addressees = editors()
    for moderator in addressees:
        queue_mail(MailKind.COMMENTS_WAIT, to=moderator.email, path=reverse("admin:comments"), at=at)
    return len(addressees)


def next_digest(rules: CommentSettings, *, zone: ZoneInfo) -> datetime | None:
    """The first eight o'clock after the oldest comment that waits and was not told of."""
    waiting = Comment.objects.held()
    if rules.told_at:
        waiting = waiting.sent_since(rules.told_at)
    oldest = waiting.aggregate(oldest=Min("sent_at"))["oldest"]
    if oldest is None:
        return None
    local = oldest.astimezone(zone)
    morning = datetime.combine(local.date(), DIGEST_HOUR, zone)
    return morning if morning > local else datetime.combine(local.date() + timedelta(days=1), DIGEST_HOUR, zone)


def next_tending() -> datetime | None:
    """When the current clinic's comments next need something done."""
    oldest = Comment.objects.aggregate(
        sender=Min("sent_at", filter=Q(sender__isnull=False)),
        refused=Min("decided_at", filter=Q(state__in=[Comment.State.SPAM, Comment.State.REMOVED])),
    )
    moments = [
        oldest["sender"] and oldest["sender"] + SENDER_KEPT,
        oldest["refused"] and oldest["refused"] + REFUSED_KEPT,
        next_digest(CommentSettings.here(), zone=current_clinic().zone),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def wake_to_tend(*, at: datetime) -> None:
    """Have the clinic woken when its comments next need something done."""
    moment = next_tending()
    if moment is not None:
        wake(current_clinic().pk, TEND_TASK, due_at=max(moment, at))
