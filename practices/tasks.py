"""The beat's one question: which clinics are due now?"""

from celery import shared_task
from django.utils import timezone

from practices.wakeups import claim_due, enqueue


@shared_task
def dispatch_due() -> None:
    for clinic, task in claim_due(at=timezone.now()):
        enqueue(task, clinic)
