"""What a clinic does about its articles and their comments when their time comes."""

import time

from celery import shared_task
from django.utils import timezone

from content.services.importing.runs import IMPORT_TASK, carry_on, next_part
from content.services.outside import OUTSIDE_TASK, next_outside, send_due_outside
from content.services.tending import TEND_TASK, next_tending, tend_comments
from content.services.workflow import PUBLISH_TASK, next_to_appear, publish_scheduled
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle

# Seconds of an import that one task does: it may run for 90, and begins by reading the whole export.
PART = 45


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


@shared_task(name=IMPORT_TASK, throws=(ClinicUnavailableError,))
def carry_on_import(clinic: str) -> None:
    until = time.monotonic() + PART
    with in_clinic(clinic) as entered:
        carry_on(entered, at=timezone.now(), is_time_up=lambda: time.monotonic() > until)
        settle(entered.pk, IMPORT_TASK, next_due=next_part)
