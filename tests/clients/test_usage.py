"""What a clinic holds is counted by night, as numbers alone."""

from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from clients.models import Client
from clients.services.usage import USAGE_TASK, count_usage, file_bytes
from clients.tasks import usage_of
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic, ClinicUsage, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import queue_mail
from tests import factories


def mail(state: str, *, at: datetime) -> None:
    queue_mail(MailKind.DESK_NOTE, to="a@example.org", at=at)
    OutboxMail.objects.filter(state="queued").update(state=state)


def test_people_files_and_mails_are_counted(north: Clinic, clinician: User, at: datetime) -> None:
    OutboxMail.objects.all().delete()
    factories.client(clinician)
    gone = factories.client(clinician)
    Client.objects.filter(pk=gone.pk).update(status=Client.Status.DISCHARGED)
    OutboxMail.objects.all().delete()
    for state, days in (("sent", 1), ("sent", 29), ("sent", 31), ("failed", 2), ("failed", 40)):
        mail(state, at=at - timedelta(days=days))
    default_storage.save(f"{north.pk}/pictures/a/b.webp", ContentFile(b"x" * 1000))

    usage = count_usage(north, at=at)

    assert (usage.clients, usage.mails, usage.mails_failed, usage.counted_at) == (1, 2, 1, at)
    assert file_bytes(north) == 1000
    assert usage.storage_bytes and usage.storage_bytes > 100_000  # tables are there as well


def test_last_used_is_when_a_person_did_something(north: Clinic, clinician: User, at: datetime) -> None:
    later = at + timedelta(days=400)
    record(Action.SIGNED_IN, by=clinician, at=later)
    record(Action.AUDIT_VERIFIED, by=None, at=later + timedelta(days=1))

    assert count_usage(north, at=at).active_at == later


def test_counted_again_there_is_one_row(north: Clinic, at: datetime) -> None:
    for _ in range(2):
        count_usage(north, at=at)

    assert ClinicUsage.objects.filter(clinic=north).count() == 1


def test_the_task_counts_and_comes_again_next_night(north: Clinic, south: Clinic) -> None:
    usage_of(clinic=str(north.pk))

    assert ClinicUsage.objects.get().clinic_id == north.pk
    due = ClinicWakeup.objects.get(clinic=north, kind=USAGE_TASK).due_at
    assert timedelta() < due - datetime.now(UTC) <= timedelta(hours=27)
