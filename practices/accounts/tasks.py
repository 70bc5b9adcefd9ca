"""Closing the accounts of those whose last day is over."""

from celery import shared_task
from django.utils import timezone

from practices.accounts.services.leaving import CLOSE_TASK, close_due, next_leaver
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=CLOSE_TASK, throws=(ClinicUnavailableError,))
def close_accounts(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        close_due(at=timezone.now())
        settle(entered.pk, CLOSE_TASK, next_due=next_leaver)
