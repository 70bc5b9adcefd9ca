"""The beat's one question: which clinics are due now?"""

from celery import shared_task
from django.utils import timezone

from practices.wakeups import claim_due, enqueue, hear_beat


@shared_task
def dispatch_due() -> None:
    at = timezone.now()
    for clinic, task in claim_due(at=at):
        enqueue(task, clinic)
    hear_beat(at=at)
