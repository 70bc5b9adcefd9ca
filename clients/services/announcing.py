"""Telling clients that something waits: when it opens, a day before it is due, and once when it is late.

Each of these is claimed once for each occurrence by a conditional UPDATE, each client's day by another, so two workers send one
mail, and nobody gets two on one day. What the mail says is always the same. It goes when the client may be written to, and not
at all if nothing waits any more by then.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Min, Q
from django.urls import reverse

from clients.hours import first_moment
from clients.models import Client, Occurrence
from clients.models.work import REMINDED_BEFORE, OccurrenceQuerySet
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import drop_mails, queue_mail
from practices.tenancy import current_clinic
from practices.wakeups import wake

OPEN_TASK = "clients.tasks.announce_opened"
AT_ONCE = 500


@transaction.atomic
def announce_due(clinic: Clinic, *, at: datetime) -> int:
    """Tell of every occurrence that has opened, is due soon or is late; returns how many mails that made."""
    mails = 0
    for of, claim in (
        (Occurrence.objects.to_announce, {"announced_at": at}),
        (Occurrence.objects.due_soon, {"soon_for": F("due_at")}),
        (Occurrence.objects.just_late, {"late_for": F("due_at")}),
    ):
        waiting: OccurrenceQuerySet = of(at).select_related("assignment__client__user").order_by("due_at", "pk")
        for occurrence in waiting[:AT_ONCE]:
            if of(at).filter(pk=occurrence.pk).update(**claim):
                mails += _mail_once_a_day(occurrence.assignment.client, clinic, at=at)
    return mails


def _mail_once_a_day(client: Client, clinic: Clinic, *, at: datetime) -> bool:
    """Whether a mail was queued; at night it is for the morning, and the morning's day is the one that counts."""
    moment = moment_for(client, clinic, at=at)
    day = moment.astimezone(client.zone(clinic)).date()
    reachable = Client.objects.mailable().not_paused_on(day).mailed_to_on(day).filter(pk=client.pk)
    if not reachable.filter(Q(mailed_on=None) | Q(mailed_on__lt=day)).update(mailed_on=day):
        return False
    path = reverse("portal:today")
    queue_mail(MailKind.SOMETHING_WAITS, to=client.user.email, path=path, about=client.pk, at=at, due_at=moment)
    return True


def next_reminder(at: datetime) -> datetime | None:
    """When next an occurrence opens that has not been announced, or comes to be due soon or late."""
    future = Occurrence.objects.to_be_reminded_of().filter(due_at__gt=at)
    moments = [
        Occurrence.objects.not_announced(at).aggregate(opens=Min("opens_at"))["opens"],
        future.filter(due_at__gt=at + REMINDED_BEFORE).aggregate(due=Min("due_at"))["due"],
        future.aggregate(due=Min("due_at"))["due"],
    ]
    if moments[1] is not None:
        moments[1] -= REMINDED_BEFORE
    return min((moment for moment in moments if moment is not None), default=None)


def wake_for_reminders(clinic: Clinic, *, at: datetime) -> None:
    """Have the clinic woken when its clients are next to be told something."""
    moment = next_reminder(at)
    if moment is not None:
        wake(clinic.pk, OPEN_TASK, due_at=moment)


def announce_words(client: Client, *, at: datetime) -> None:
    """A reply, or a note with work that is open, is a reason to look in; it shares the day's one mail."""
    _mail_once_a_day(client, current_clinic(), at=at)


def call_off(client: Client, *, at: datetime) -> None:
    """The client sent something: a mail that has not gone yet, and would say that something waits, goes only if it does."""
    if not Occurrence.objects.answerable(at).filter(assignment__client=client).exists():
        drop_mails(MailKind.SOMETHING_WAITS, about=client.pk)


class CannotNudgeError(Exception):
    """The client can't be reminded now; the text says why."""


@transaction.atomic
def nudge(client: Client, *, by: User, at: datetime) -> datetime:
    """A clinician asks that the client be reminded, with the day's one mail; returns when it goes. Raises CannotNudgeError."""
    if not Occurrence.objects.answerable(at).filter(assignment__client=client).exists():
        raise CannotNudgeError(f"Nothing waits for {client.first_name} just now.")
    clinic = current_clinic()
    day = moment_for(client, clinic, at=at).astimezone(client.zone(clinic)).date()
    if not Client.objects.mailable().not_paused_on(day).mailed_to_on(day).filter(pk=client.pk).exists():
        raise CannotNudgeError(f"{client.first_name} gets no mail from us: by their own wish, or because of a pause.")
    if not _mail_once_a_day(client, clinic, at=at):
        raise CannotNudgeError(f"{client.first_name} has had the day’s one mail already.")
    record(Action.CLIENT_REMINDED, subject=client, client=client.pk, by=by, at=at)
    return moment_for(client, clinic, at=at)


def moment_for(client: Client, clinic: Clinic, *, at: datetime) -> datetime:
    """When a mail that is made now may go."""
    quiet = {"quiet_until": clinic.quiet_until, "quiet_from": clinic.quiet_from}
    return first_moment(at, client.zone(clinic), hour=client.mail_hour, **quiet)
