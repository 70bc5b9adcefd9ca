"""What is done about the audit by night."""

from celery import shared_task
from django.utils import timezone

from practices.audit.watching import WATCH_TASK, next_night, watch
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=WATCH_TASK, throws=(ClinicUnavailableError,))
def watch_audit(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        verdict = watch(entered, at=at)
        # What is left of a long chain is gone on with at once, in a run of its own.
        done = verdict.at_head or verdict.fault
        settle(entered.pk, WATCH_TASK, next_due=lambda: next_night(entered, at=at) if done else at)
