"""The clinicians' weekly mail: that their list for the week is ready, to whoever has something on it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from clients.models import Client, Occurrence, Response
from clients.services.weekly import week_with
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

DIGEST_TASK = "clients.tasks.clinicians_week"


@transaction.atomic
def tell_clinicians_of_week(clinic: Clinic, *, at: datetime) -> int:
    """Each clinician for whom something waits gets one neutral mail a week, on Monday morning; how many that were.

    The week is claimed on the clinician's row by a conditional UPDATE, so two workers send one mail. Weeks that passed while
    nothing ran are not made up for.
    """
    monday = this_week(clinic, at=at)
    if monday is None:
        return 0
    mails = 0
    for clinician in User.objects.with_role(Role.CLINICIAN):
        free = Q(told_of_week=None) | Q(told_of_week__lt=monday)
        claimed = User.objects.filter(free, pk=clinician.pk).update(told_of_week=monday)
        if claimed and has_something(clinician, at=at):
            queue_mail(MailKind.WEEK_AHEAD, to=clinician.email, path=reverse("admin:queue"), at=at)
            mails += 1
    return mails


def this_week(clinic: Clinic, *, at: datetime) -> date | None:
    """The week's Monday, once its morning has come."""
    before = week_with(at, clinic.zone).moved(-1)
    return before.moved(1).monday if before.told_at <= at else None


def next_week_told(clinic: Clinic, *, at: datetime) -> datetime:
    before = week_with(at, clinic.zone).moved(-1)
    return before.told_at if before.told_at > at else before.moved(1).told_at


def has_something(clinician: User, *, at: datetime) -> bool:
    return (
        Response.objects.in_care_of(clinician).waiting().exists()
        or Occurrence.objects.of(Client.objects.in_care_of(clinician)).needing_attention(at).exists()
    )
