"""Wake-ups: what is due is found once, nothing is lost, and a broker that is away changes nothing."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from celery import Celery
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from config.celery import app
from practices import wakeups
from practices.models import Clinic, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import queue_mail
from practices.outbox.tasks import send_outbox
from practices.tasks import dispatch_due
from practices.tenancy import inside
from practices.wakeups import LEASE, claim_due, enqueue, settle, wake
from tests.harness.databases import Database
from tests.harness.mail import Mailbox
from tests.harness.work import eventually

TASK = "clients.tasks.announce_opened"


def due_moments(clinic: Clinic) -> dict[str, datetime]:
    return dict(ClinicWakeup.objects.filter(clinic=clinic).values_list("kind", "due_at"))


def test_a_clinic_is_woken_at_the_earliest_moment_that_was_asked_for(north: Clinic, at: datetime) -> None:
    for hours in (3, 1, 2):
        wake(north.pk, TASK, due_at=at + timedelta(hours=hours))

    assert due_moments(north) == {TASK: at + timedelta(hours=1)}


def test_what_is_not_due_is_left_alone(north: Clinic, at: datetime) -> None:
    wake(north.pk, TASK, due_at=at + timedelta(seconds=1))

    assert claim_due(at=at) == []


def test_a_clinic_whose_task_is_lost_is_asked_again_after_the_lease(north: Clinic, at: datetime) -> None:
    wake(north.pk, TASK, due_at=at)

    assert claim_due(at=at) == [(north.pk, TASK)]
    assert claim_due(at=at + LEASE - timedelta(seconds=1)) == []
    assert claim_due(at=at + LEASE) == [(north.pk, TASK)]


def test_settling_forgets_a_clinic_that_has_nothing_left(north: Clinic, at: datetime) -> None:
    wake(north.pk, TASK, due_at=at)

    settle(north.pk, TASK, next_due=lambda: at + timedelta(days=1))
    assert due_moments(north) == {TASK: at + timedelta(days=1)}

    settle(north.pk, TASK, next_due=lambda: None)
    assert due_moments(north) == {}


def test_two_beats_claim_each_clinic_once(fresh_database: Database, at: datetime) -> None:
    for clinic in (fresh_database.north, fresh_database.south):
        for number in range(20):
            wake(clinic.pk, f"task {number}", due_at=at)
    together = Barrier(4)

    def beat(_: int) -> list[object]:
        try:
            together.wait()
            return list(claim_due(at=at))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as beats:
        claimed = [claim for claims in beats.map(beat, range(4)) for claim in claims]

    assert len(claimed) == len(set(claimed)) == 40


def test_work_committed_while_a_task_settles_is_not_forgotten(fresh_database: Database, at: datetime) -> None:
    north = fresh_database.north
    wake(north.pk, TASK, due_at=at)
    looked = Barrier(2)

    def new_work() -> None:
        try:
            with transaction.atomic():
                looked.wait()
                wake(north.pk, TASK, due_at=at + timedelta(hours=1))
        finally:
            connections.close_all()

    def look() -> None:
        looked.wait()
        time.sleep(0.2)  # time enough for work that does not wait for us

    with ThreadPoolExecutor(1) as worker:
        adding = worker.submit(new_work)
        settle(north.pk, TASK, next_due=look)
        adding.result()

    assert due_moments(north) == {TASK: at + timedelta(hours=1)}


@pytest.mark.parametrize(
    "address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere.sock?virtual_host=0", "amqp://127.0.0.1:1//"]
)
def test_a_broker_that_is_away_changes_nothing(
    north: Clinic, at: datetime, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Celery(set_as_current=False)
    away.conf.update(broker_url=address, broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    monkeypatch.setattr(wakeups, "current_app", away)
    wake(north.pk, TASK, due_at=at)

    begun = time.monotonic()
    enqueue(TASK, north.pk)

    assert time.monotonic() - begun < 1.5  # waiting before the second try would take two seconds
    assert due_moments(north) == {TASK: at}


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_says_nothing_holds_nobody_up(
    north: Clinic, at: datetime, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        frozen = Celery(set_as_current=False)
        address = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/0"
        frozen.conf.update(broker_url=address, broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
        monkeypatch.setattr(wakeups, "current_app", frozen)

        begun = time.monotonic()
        enqueue(TASK, north.pk)

    assert time.monotonic() - begun < 1.5


def test_a_flushed_broker_loses_no_mail(fresh_database: Database, mailbox: Mailbox) -> None:
    north = fresh_database.north
    with inside(north):
        queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=timezone.now())
    app.control.purge()

    dispatch_due()
    send_outbox(clinic=str(north.pk))
    send_outbox(clinic=str(north.pk))

    assert len(mailbox.to("cleo@example.org")) == 1
    with inside(north):
        assert OutboxMail.objects.unsent().count() == 0
    assert due_moments(north) == {}


def test_the_beat_hands_what_is_due_to_a_worker(fresh_database: Database, mailbox: Mailbox, worker: object) -> None:
    with inside(fresh_database.north), transaction.atomic():
        queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=timezone.now())
        transaction.get_connection().run_on_commit.clear()  # the worker was not told

    dispatch_due()

    assert eventually(lambda: mailbox.to("cleo@example.org"))


def test_a_task_for_a_clinic_at_rest_does_nothing(fresh_database: Database, mailbox: Mailbox) -> None:
    north = fresh_database.north
    with inside(north):
        queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=timezone.now())
    Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.SUSPENDED)

    result = send_outbox.apply(kwargs={"clinic": str(north.pk)})

    assert result.status == "FAILURE"
    assert mailbox.mails == []
