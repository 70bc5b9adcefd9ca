"""Queueing and sending mails."""

import logging
from datetime import datetime, timedelta
from email.utils import formataddr
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string

from practices.metrics import MAILS
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import clinic_origin, current_clinic
from practices.wakeups import enqueue, wake

SEND_TASK = "practices.outbox.tasks.send_outbox"
CLAIM = timedelta(minutes=3)
MOST_ATTEMPTS = 8
BATCH = 200
logger = logging.getLogger(__name__)


@transaction.atomic
def queue_mail(
    kind: MailKind,
    *,
    to: str,
    at: datetime,
    path: str = "/",
    code: str = "",
    about: UUID | None = None,
    due_at: datetime | None = None,
) -> OutboxMail:
    """Have a mail sent once this transaction is committed, or later; `path` is where its link leads on the clinic's own host.

    Without an address it is queued and settled like any other, and reaches nobody.
    """
    clinic, due_at = current_clinic(), due_at or at
    mail = OutboxMail.objects.create(
        kind=kind, details={"to": to, "path": path, "code": code}, about=about, created_at=due_at, due_at=due_at
    )
    wake(clinic.pk, SEND_TASK, due_at=due_at)
    if due_at <= at:
        transaction.on_commit(lambda: enqueue(SEND_TASK, clinic.pk))
    return mail


def drop_mails(kind: MailKind, *, about: UUID) -> int:
    """What has not gone, and is not in a worker's hands, does not go; how many mails that were."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=Now())
    dropped, _ = OutboxMail.objects.unsent().filter(free, kind=kind, about=about).delete()
    return dropped


def send_due(clinic: Clinic, *, at: datetime) -> int:
    """Send what is due, each mail claimed by one conditional UPDATE; returns how many left the building.

    At least once: a worker killed between the server's "250" and our note of it sends that mail again, under the same
    Message-ID. A server that refuses or hangs delays that mail (2, 4, 8 … minutes), never the others.
    """
    origin = clinic_origin(clinic)
    sent = 0
    for mail in OutboxMail.objects.due(at).order_by("due_at")[:BATCH]:
        if OutboxMail.objects.due(at).filter(pk=mail.pk).update(claimed_until=at + CLAIM):
            sent += _send(mail, clinic, origin, at=at)
    return sent


def next_due() -> datetime | None:
    """When the current clinic's next mail is due, if it has one."""
    due: datetime | None = OutboxMail.objects.unsent().aggregate(due=Min("due_at"))["due"]
    return due


def waiting_since() -> datetime | None:
    """Since when the oldest of the current clinic's mails has been waiting to be sent, however often that was tried."""
    oldest: datetime | None = OutboxMail.objects.unsent().aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _send(mail: OutboxMail, clinic: Clinic, origin: str, *, at: datetime) -> bool:
    try:
        _message(mail, clinic, origin).send()
    except SoftTimeLimitExceeded:
        raise  # it is the worker that must stop, not this mail that can't be sent
    except Exception as error:  # noqa: BLE001 - a mail that can't be made must not hold up the others for ever
        _delay(mail, error, at=at)
        return False
    OutboxMail.objects.filter(pk=mail.pk).update(state=OutboxMail.State.SENT, sent_at=at, claimed_until=None)
    MAILS.labels("sent").inc()
    return True


def _delay(mail: OutboxMail, error: Exception, *, at: datetime) -> None:
    attempts = mail.attempts + 1
    state = OutboxMail.State.QUEUED if attempts < MOST_ATTEMPTS else OutboxMail.State.FAILED
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=state,
        attempts=attempts,
        due_at=at + timedelta(minutes=2**attempts),
        claimed_until=None,
        error=type(error).__name__,
    )
    MAILS.labels("delayed" if state == OutboxMail.State.QUEUED else "given up").inc()
    logger.warning("mail %s not sent, attempt %s: %s", mail.pk, attempts, type(error).__name__)


def _message(mail: OutboxMail, clinic: Clinic, origin: str) -> EmailMessage:
    """The whole of what a template can reach: the clinic's name, a link and a code."""
    details = mail.details
    words = {"clinic_name": clinic.name, "link": origin + details["path"], "code": details["code"]}
    subject, _, body = render_to_string(f"outbox/{MailKind(mail.kind)}.txt", words).strip().partition("\n")
    return EmailMessage(
        subject=subject,
        body=body.strip() + "\n",
        from_email=formataddr((clinic.name, f"{clinic.schema_name}@{settings.MAIL_DOMAIN}")),
        to=[details["to"]],
        headers={"Message-ID": f"<{mail.pk}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
