"""What a clinic does by itself when its time comes."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from clients.services.alerts import ESCALATE_TASK, next_to_pass_on, pass_alerts_on
from clients.services.announcing import OPEN_TASK, announce_due, next_reminder
from clients.services.digest import DIGEST_TASK, next_week_told, tell_clinicians_of_week
from clients.services.usage import USAGE_TASK, count_usage
from clients.services.weekly import WEEKLY_TASK, next_telling, tell_of_week
from practices.audit.watching import next_night
from practices.tenancy import ClinicUnavailableError, in_clinic
from practices.wakeups import settle


@shared_task(name=OPEN_TASK, throws=(ClinicUnavailableError,))
def announce_opened(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        announce_due(entered, at=at)
        settle(entered.pk, OPEN_TASK, next_due=partial(next_reminder, at))


@shared_task(name=WEEKLY_TASK, throws=(ClinicUnavailableError,))
def weekly_look(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        tell_of_week(entered, at=at)
        settle(entered.pk, WEEKLY_TASK, next_due=partial(next_telling, entered, at=at))


@shared_task(name=DIGEST_TASK, throws=(ClinicUnavailableError,))
def clinicians_week(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        tell_clinicians_of_week(entered, at=at)
        settle(entered.pk, DIGEST_TASK, next_due=partial(next_week_told, entered, at=at))


@shared_task(name=USAGE_TASK, throws=(ClinicUnavailableError,))
def usage_of(clinic: str) -> None:
    at = timezone.now()
    with in_clinic(clinic) as entered:
        count_usage(entered, at=at)
        settle(entered.pk, USAGE_TASK, next_due=partial(next_night, entered, at=at))


@shared_task(name=ESCALATE_TASK, throws=(ClinicUnavailableError,))
def pass_on(clinic: str) -> None:
    with in_clinic(clinic) as entered:
        pass_alerts_on(entered, at=timezone.now())
        settle(entered.pk, ESCALATE_TASK, next_due=partial(next_to_pass_on, entered))
