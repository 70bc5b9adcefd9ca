"""What the platform does by itself."""

from celery import shared_task
from django.utils import timezone

from practices.console.services.asking import TIDY_TASK, forget_old, next_old
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=TIDY_TASK, throws=(ClinicUnavailableError,))
def tidy_requests(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        forget_old(at=timezone.now())
        settle(entered.pk, TIDY_TASK, next_due=next_old)
