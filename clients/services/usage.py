"""How much a clinic holds: counted in it by night, as numbers alone, so that the operator's list need visit no clinic."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import connection, transaction

from clients.models import Client
from practices.audit.models import AuditEvent
from practices.files import files_below
from practices.models import Clinic, ClinicUsage
from practices.outbox.models import OutboxMail

USAGE_TASK = "clients.tasks.count_usage"
PERIOD = timedelta(days=30)


@transaction.atomic
def count_usage(clinic: Clinic, *, at: datetime) -> ClinicUsage:
    """What the clinic holds now, in place of what it held before. The clinic is entered."""
    mails = OutboxMail.objects.filter(created_at__gt=at - PERIOD)
    people = AuditEvent.objects.filter(actor__isnull=False).newest_first()
    usage, _ = ClinicUsage.objects.update_or_create(
        clinic=clinic,
        defaults={
            "clients": Client.objects.exclude(status=Client.Status.DISCHARGED).count(),
            "storage_bytes": file_bytes(clinic) + table_bytes(clinic),
            "mails": mails.filter(state=OutboxMail.State.SENT).count(),
            "mails_failed": mails.filter(state=OutboxMail.State.FAILED).count(),
            "active_at": people.values_list("at", flat=True).first(),
            "counted_at": at,
        },
    )
    return usage


def file_bytes(clinic: Clinic) -> int:
    """A file may go while they are counted."""
    total = 0
    for path in files_below(str(clinic.pk)):
        try:
            total += default_storage.size(path)
        except FileNotFoundError:
            continue
    return total


def table_bytes(clinic: Clinic) -> int:
    """Tables of the clinic's schema with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
            [clinic.schema_name],
        )
        return int(cursor.fetchone()[0])
