"""Health is answered by whatever host it is asked, and readiness names the part that fails."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from celery.beat import Service
from django.conf import settings as current
from django.db import connections
from django.http import HttpResponse
from django.test import Client as AnyBrowser
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings

from config.celery import app
from practices.models import Clinic, ClinicWakeup, Heartbeat
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import SEND_TASK, queue_mail
from practices.outbox.tasks import send_outbox
from practices.readiness import PARTS
from practices.tasks import dispatch_due
from practices.tenancy import enter_clinic, leave_clinic
from practices.wakeups import LEASE, claim_due
from tests.harness.databases import Database
from tests.harness.mail import Mailbox
from tests.harness.work import eventually

DEAD = "redis://127.0.0.1:1/0"
EVERYTHING = dict.fromkeys(PARTS, "ok")


def get(path: str, host: str = "10.0.0.7") -> HttpResponse:
    response = AnyBrowser(headers={"host": host}).get(path)
    leave_clinic()
    return cast(HttpResponse, response)


def told(only: str = "") -> tuple[int, dict[str, str]]:
    response = get(f"/readyz?only={only}")
    return response.status_code, json.loads(response.content)["parts"]


@pytest.fixture
def running(clinics: dict[str, Clinic]) -> None:
    """As in an installation in which everything runs."""
    dispatch_due()


@pytest.mark.parametrize("host", ["10.0.0.7", "north.localhost", "www.north.localhost", "a b", ""])
def test_health_answers_on_any_host(running: None, host: str) -> None:
    assert json.loads(get("/healthz", host).content) == {"alive": True}
    assert json.loads(get("/readyz", host).content) == {"ready": True, "parts": EVERYTHING}


@pytest.mark.usefixtures("running")
def test_health_is_answered_over_http_and_by_names_that_are_no_clinics(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = [".example.org"]

    assert [get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_health_is_neither_kept_nor_written_to(running: None) -> None:
    assert "no-store" in get("/readyz")["Cache-Control"]
    assert AnyBrowser().post("/readyz").status_code == 405


def test_a_part_can_be_asked_for_alone(running: None) -> None:
    Heartbeat.objects.all().delete()

    assert told("disk,database") == (200, {"database": "ok", "disk": "ok"})


def test_an_unknown_part_is_refused_with_those_that_there_are(running: None) -> None:
    response = get("/readyz?only=moon")

    assert response.status_code == 400
    assert json.loads(response.content)["parts"] == list(PARTS)


def test_a_database_that_is_away_is_named_and_no_process_is_ended_for_it(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch_due()
    connections["default"].close()
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
        alive, ready = get("/healthz"), told()
        connections["default"].close()

    unknown = "not known without the database"
    assert alive.status_code == 200
    assert ready == (503, EVERYTHING | {"database": "does not answer", "beat": unknown, "outbox": unknown})
    assert told() == (200, EVERYTHING)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("lost", ["statement_timeout = 0", "synchronous_commit = off"])
def test_a_database_that_was_told_less_than_we_say_is_named(lost: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SET LOCAL {lost}")

    assert told("database") == (503, {"database": "answers without statement_timeout or synchronous_commit"})


@pytest.mark.usefixtures("running")
def test_a_broker_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", DEAD)

    assert told() == (503, EVERYTHING | {"broker": "does not answer"})


@pytest.mark.usefixtures("running")
def test_a_cache_that_is_away_is_named() -> None:
    with override_settings(CACHES={"default": current.CACHES["default"] | {"LOCATION": DEAD}}):
        assert told() == (503, EVERYTHING | {"cache": "does not answer"})


@pytest.mark.usefixtures("running")
def test_a_disk_that_is_full_or_gone_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIRECTORY = tmp_path / "not mounted"
    assert told("disk") == (503, {"disk": "can't be written to"})

    settings.DATA_DIRECTORY, settings.LEAST_FREE_DISK_MB = tmp_path, 10**9
    status, said = told("disk")
    assert status == 503
    assert said["disk"].startswith("only ")


@pytest.mark.usefixtures("running")
def test_a_beat_that_is_silent_is_named() -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=90))
    assert told() == (503, EVERYTHING | {"beat": "was last heard of 90 s ago"})

    Heartbeat.objects.all().delete()
    assert told("beat") == (503, {"beat": "was never heard of"})


def test_the_beat_and_a_worker_make_the_heartbeat(fresh_database: Database, worker: object, tmp_path: Path) -> None:
    assert told("beat")[0] == 503

    beat = Service(app, max_interval=1, schedule_filename=str(tmp_path / "beat"))
    assert beat.scheduler.schedule["dispatch-due"].task == dispatch_due.name
    beat.scheduler.apply_entry(beat.scheduler.schedule["dispatch-due"])
    beat.scheduler.close()

    assert eventually(lambda: told("beat")[0] == 200)


@pytest.fixture
def old_mail(running: None, north: Clinic) -> None:
    queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", at=timezone.now() - timedelta(minutes=20))


@pytest.mark.usefixtures("old_mail")
def test_mail_that_nobody_sends_is_named_however_often_it_was_asked_for() -> None:
    assert claim_due(at=timezone.now())
    assert claim_due(at=timezone.now() + LEASE)

    assert told() == (503, EVERYTHING | {"outbox": "the oldest mail has waited for 1200 s"})


@pytest.mark.usefixtures("old_mail")
def test_mail_that_the_server_refuses_is_named_until_it_is_sent(north: Clinic, mailbox: Mailbox) -> None:
    mailbox.refusal = "451 not now"
    send_outbox(clinic=str(north.pk))
    assert told("outbox")[0] == 503

    mailbox.refusal = ""
    enter_clinic(north)
    OutboxMail.objects.update(due_at=timezone.now())
    send_outbox(clinic=str(north.pk))
    assert told("outbox") == (200, {"outbox": "ok"})


@pytest.mark.usefixtures("old_mail")
def test_a_clinic_at_rest_and_work_of_later_wait_for_nothing(north: Clinic) -> None:
    Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.SUSPENDED)
    assert told("outbox")[0] == 200

    Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.OPEN)
    ClinicWakeup.objects.filter(kind=SEND_TASK).update(since=timezone.now() + timedelta(hours=1))
    assert told("outbox")[0] == 200


@pytest.mark.usefixtures("old_mail")
def test_a_row_of_the_release_before_counts_from_when_it_is_due() -> None:
    ClinicWakeup.objects.update(since=None)

    assert told("outbox")[0] == 503


def test_words_about_a_failure_give_nothing_away(
    running: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://:the-password@127.0.0.1:1/0")
    with caplog.at_level(logging.WARNING):
        body = get("/readyz").content.decode()

    assert "127.0.0.1" not in body
    assert "the-password" not in body + caplog.text
