"""What is done about the audit by night."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from practices.audit.watching import WATCH_TASK, next_night, watch
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=WATCH_TASK, throws=(ClinicUnavailableError,))
def watch_audit(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        watch(entered, at=at)
        settle(entered.pk, WATCH_TASK, next_due=partial(next_night, entered, at=at))
