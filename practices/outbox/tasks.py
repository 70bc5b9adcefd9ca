"""Sending a clinic's mails."""

from celery import shared_task
from django.utils import timezone

from practices.outbox.services import SEND_TASK, next_due, send_due, waiting_since
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=SEND_TASK, throws=(ClinicUnavailableError,))
def send_outbox(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        send_due(entered, at=timezone.now())
        settle(entered.pk, SEND_TASK, next_due=next_due, since=waiting_since)
