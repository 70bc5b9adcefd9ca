"""Which clinics have something to do, and when: cost follows work, not the number of clinics."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.db.models import Min
from django.db.models.functions import Coalesce
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from practices.models import Clinic, ClinicWakeup, Heartbeat

# When something is due, if it is.
Moment = Callable[[], datetime | None]
# The beat, as heard of when it has what is due handed out.
BEAT = "beat"
# A connection that was kept may be one to a broker that was started anew since; RabbitMQ's client finds out by trying.
ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
# A dispatched clinic is asked again after this long if its task never came back.
LEASE = timedelta(minutes=5)
BATCH = 500
# In seconds: how long a request waits for a broker that takes the connection and then says nothing. Workers are more patient.
SOON = 0.3
# The first two are for Valkey and Redis, the others for RabbitMQ.
QUICK = {"socket_timeout": SOON, "socket_connect_timeout": SOON, "read_timeout": SOON, "write_timeout": SOON}


def wake(clinic: UUID, task: str, *, due_at: datetime) -> None:
    """Have the named task run for the clinic at the given moment, or earlier if it was due earlier."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinic_wakeup (clinic_id, kind, due_at, since) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (clinic_id, kind) DO UPDATE SET due_at = LEAST(clinic_wakeup.due_at, EXCLUDED.due_at),"
            " since = LEAST(clinic_wakeup.since, EXCLUDED.since)",
            [clinic, task, due_at, due_at],
        )


@transaction.atomic
def settle(clinic: UUID, task: str, *, next_due: Moment, since: Moment | None = None) -> None:
    """Write when the clinic is next due for the task; forget it when nothing is left.

    `since` says from when the oldest of what is left has waited, if that is not the moment at which it is next due. The row is
    locked before next_due() looks, so work that is committed meanwhile is either seen by it or wakes the clinic anew.
    """
    row = ClinicWakeup.objects.select_for_update().filter(clinic_id=clinic, kind=task).first()
    due_at = next_due()
    if due_at is not None:
        moments = {"due_at": due_at, "since": (since and since()) or due_at}
        ClinicWakeup.objects.update_or_create(clinic_id=clinic, kind=task, defaults=moments)
    elif row is not None:
        row.delete()


def claim_due(*, at: datetime) -> list[tuple[UUID, str]]:
    """Take every clinic and task that is due and lease it; a second beat gets nothing."""
    due = list(ClinicWakeup.objects.filter(due_at__lte=at).order_by("due_at")[:BATCH])
    return [
        (row.clinic_id, row.kind)
        for row in due
        if ClinicWakeup.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=at + LEASE)
    ]


def hear_beat(*, at: datetime) -> None:
    """The beat asked for what is due, and a worker heard it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO heartbeat (name, at) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET at = GREATEST(heartbeat.at, EXCLUDED.at)",
            [BEAT, at],
        )


def heard_at(name: str) -> datetime | None:
    """When it was last heard of, if ever."""
    return Heartbeat.objects.values_list("at", flat=True).filter(name=name).first()


def waits_since(task: str, *, at: datetime) -> datetime | None:
    """Since when the clinic that has waited longest for the task has been waiting; clinics at rest wait for nothing."""
    waiting = ClinicWakeup.objects.filter(kind=task, clinic__status=Clinic.Status.OPEN).annotate(
        waits_since=Coalesce("since", "due_at")
    )
    oldest: datetime | None = waiting.filter(waits_since__lte=at).aggregate(oldest=Min("waits_since"))["oldest"]
    return oldest


def enqueue(task: str, clinic: UUID) -> None:
    """Ask a worker to run the clinic's task now.

    A broker that can't be reached changes nothing: the wake-up row stays due and the beat asks again.
    """
    quick = current_app.connection_for_write(transport_options=QUICK, connect_timeout=SOON)
    # Celery turns what the broker's client raises into OperationalError, but not everywhere.
    with suppress(OperationalError, RedisError, OSError), producers[quick].acquire(block=True) as producer:
        # By name: a web process has not imported the tasks.
        current_app.send_task(
            task, kwargs={"clinic": str(clinic)}, producer=producer, retry=True, retry_policy=ONCE_MORE
        )
