"""Telling clients that something waits: once per occurrence, at most one mail a day, nothing after it was sent."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse

from clients.models import Client, Occurrence
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.wakeups import wake

OPEN_TASK = "clients.tasks.announce_opened"


@transaction.atomic
def announce_due(clinic: Clinic, *, at: datetime) -> int:
    """Announce every occurrence that has opened; returns how many mails that made.

    Each occurrence is claimed by a conditional UPDATE, each client's day by another, so two workers send one mail.
    """
    mails = 0
    waiting = Occurrence.objects.to_announce(at).select_related("assignment__client__user").order_by("opens_at")
    for occurrence in waiting[:500]:
        if Occurrence.objects.to_announce(at).filter(pk=occurrence.pk).update(announced_at=at):
            mails += _mail_once_a_day(occurrence.assignment.client, clinic, at=at)
    return mails


def _mail_once_a_day(client: Client, clinic: Clinic, *, at: datetime) -> bool:
    today = at.astimezone(client.zone(clinic)).date()
    reachable = Client.objects.mailable().not_paused_on(today).filter(pk=client.pk)
    if not reachable.filter(Q(mailed_on=None) | Q(mailed_on__lt=today)).update(mailed_on=today):
        return False
    queue_mail(MailKind.SOMETHING_WAITS, to=client.user.email, path=reverse("portal:today"), at=at)
    return True


def next_opening(at: datetime) -> datetime | None:
    """When the next occurrence opens that has not been announced."""
    opening: datetime | None = Occurrence.objects.not_announced(at).aggregate(opens=Min("opens_at"))["opens"]
    return opening


def wake_for_opening(clinic: Clinic, *, at: datetime) -> None:
    """Have the clinic woken when its next occurrence opens."""
    opening = next_opening(at)
    if opening is not None:
        wake(clinic.pk, OPEN_TASK, due_at=opening)


def announce_words(client: Client, *, at: datetime) -> None:
    """A reply, or a note with work that is open, is a reason to look in; it shares the day's one mail."""
    _mail_once_a_day(client, current_clinic(), at=at)
