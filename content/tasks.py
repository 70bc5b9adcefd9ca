"""What a clinic does about its articles and their comments when their time comes."""

from celery import shared_task
from django.utils import timezone

from content.services.outside import OUTSIDE_TASK, next_outside, send_due_outside
from content.services.tending import TEND_TASK, next_tending, tend_comments
from content.services.workflow import PUBLISH_TASK, next_to_appear, publish_scheduled
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=TEND_TASK, throws=(ClinicUnavailableError,))
def tend(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        tend_comments(entered, at=timezone.now())
        settle(entered.pk, TEND_TASK, next_due=next_tending)


@shared_task(name=OUTSIDE_TASK, throws=(ClinicUnavailableError,))
def ask_outside(clinic: str) -> None:
    from content.spam_service import service_for

    with in_clinic(clinic) as entered:
        send_due_outside(entered, service_for(entered), at=timezone.now())
        settle(entered.pk, OUTSIDE_TASK, next_due=next_outside)


@shared_task(name=PUBLISH_TASK, throws=(ClinicUnavailableError,))
def publish(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        publish_scheduled(at=timezone.now())
        settle(entered.pk, PUBLISH_TASK, next_due=next_to_appear)
