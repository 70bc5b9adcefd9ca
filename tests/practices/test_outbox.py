"""Mail leaves once, whatever the mail server or the worker does."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.db import connections
from pytest_django import Settings

from practices.models import Clinic, ClinicWakeup, Domain
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import CLAIM, MOST_ATTEMPTS, SEND_TASK, next_due, queue_mail, send_due
from practices.tenancy import inside
from tests.harness.databases import Database
from tests.harness.mail import Mailbox

CLEO = "cleo@example.org"


@pytest.fixture
def mail(north: Clinic, at: datetime) -> OutboxMail:
    return queue_mail(MailKind.SOMETHING_WAITS, to=CLEO, path="/portal/", at=at)


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that does this with each connection; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            answer(connection)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_queued_mail_wakes_its_clinic(mail: OutboxMail, north: Clinic, at: datetime) -> None:
    assert ClinicWakeup.objects.get(clinic=north).kind == SEND_TASK
    assert next_due() == at


def test_a_mail_names_the_clinic_and_links_to_its_primary_host(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox
) -> None:
    Domain.objects.create(domain="another.localhost", tenant=north, is_primary=False)

    assert send_due(north, at=at) == 1

    [sent] = mailbox.to(CLEO)
    assert sent["From"].startswith("North <north@")
    assert sent["Message-ID"].startswith(f"<{mail.pk}@")
    assert "http://north.localhost:8000/portal/" in sent.get_content()


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_of_mail_has_a_subject_and_a_text(
    north: Clinic, at: datetime, mailbox: Mailbox, kind: MailKind
) -> None:
    queue_mail(kind, to=CLEO, path="/somewhere/", code="ABCDEF", at=at)

    send_due(north, at=at)

    [sent] = mailbox.mails
    assert sent["Subject"]
    assert "North" in str(sent["Subject"]) + sent.get_content()


def test_a_mail_is_sent_once(mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox) -> None:
    assert [send_due(north, at=at) for _ in range(3)] == [1, 0, 0]
    assert len(mailbox.mails) == 1
    assert next_due() is None


def test_a_server_that_refuses_delays_that_mail_and_no_other(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox
) -> None:
    mailbox.refusal = "451 not now"
    assert send_due(north, at=at) == 0
    mailbox.refusal = ""
    queue_mail(MailKind.SOMETHING_WAITS, to="otto@example.org", at=at)

    assert send_due(north, at=at + timedelta(minutes=1)) == 1
    assert send_due(north, at=at + timedelta(minutes=2)) == 1
    assert [sent["To"] for sent in mailbox.mails] == ["otto@example.org", CLEO]


def test_a_mail_that_cannot_be_made_holds_up_no_other(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox
) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(kind="no such kind")
    queue_mail(MailKind.SOMETHING_WAITS, to="otto@example.org", at=at + timedelta(seconds=1))

    assert send_due(north, at=at + timedelta(seconds=1)) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (OutboxMail.State.QUEUED, 1, "ValueError")


def test_a_worker_whose_time_is_up_stops(
    mail: OutboxMail, north: Clinic, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overrun(*args: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(EmailMessage, "send", overrun)

    with pytest.raises(SoftTimeLimitExceeded):
        send_due(north, at=at)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (OutboxMail.State.QUEUED, 0)


def test_retries_have_an_end_that_staff_can_see(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox
) -> None:
    mailbox.refusal = "550 never"
    moments = []
    while (due := next_due()) is not None:
        moments.append(due - at)
        send_due(north, at=due)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (OutboxMail.State.FAILED, MOST_ATTEMPTS, "SMTPDataError")
    assert moments[:4] == [timedelta(minutes=minutes) for minutes in (0, 2, 6, 14)]


@pytest.mark.parametrize(
    "behaviour", [lambda connection: connection.close(), lambda connection: None], ids=["drops", "hangs"]
)
def test_a_server_that_drops_or_hangs_costs_a_delay(
    mail: OutboxMail,
    north: Clinic,
    at: datetime,
    mailbox: Mailbox,
    settings: Settings,
    behaviour: Callable[[socket.socket], None],
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    kept = []

    def answer(connection: socket.socket) -> None:
        kept.append(connection)
        behaviour(connection)

    with listening(answer) as port:
        settings.EMAIL_PORT = port
        assert send_due(north, at=at) == 0
    for connection in kept:
        connection.close()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (OutboxMail.State.QUEUED, 1)


def test_a_worker_that_dies_after_its_claim_delays_the_mail_by_the_claim(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox
) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(claimed_until=at + CLAIM)

    assert send_due(north, at=at + CLAIM - timedelta(seconds=1)) == 0
    assert send_due(north, at=at + CLAIM) == 1


def test_workers_that_race_send_each_mail_once(fresh_database: Database, at: datetime, mailbox: Mailbox) -> None:
    north = fresh_database.north
    with inside(north):
        for number in range(20):
            queue_mail(MailKind.SOMETHING_WAITS, to=f"client{number}@example.org", at=at)

    def work(_: int) -> int:
        try:
            with inside(north):
                return send_due(north, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 20
    assert len({sent["To"] for sent in mailbox.mails}) == len(mailbox.mails) == 20


def test_logs_of_a_failure_name_no_address(
    mail: OutboxMail, north: Clinic, at: datetime, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refusal = f"550 no such person {CLEO}"

    send_due(north, at=at)

    ours = "".join(entry.getMessage() for entry in caplog.records if entry.name.startswith("practices"))
    assert str(mail.pk) in ours
    assert CLEO not in ours
