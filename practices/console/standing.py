"""How a clinic stands, for the operator: what was counted in it by night, and what public knows at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from practices.models import Clinic, ClinicMigration, ClinicUsage, ClinicWakeup
from practices.outbox.services import SEND_TASK
from practices.tenancy import is_migrated, is_served

NOT_COUNTED = ClinicUsage()


def with_standing(clinics: "QuerySet[Clinic]", *, at: datetime) -> "QuerySet[Clinic]":
    """With usage, migration and hosts, and in `mail_waits_since` since when its oldest mail waits, if one does."""
    mails = ClinicWakeup.objects.filter(clinic=OuterRef("pk"), kind=SEND_TASK)
    waiting = mails.annotate(waits_since=Coalesce("since", "due_at")).filter(waits_since__lte=at)
    found: QuerySet[Clinic] = clinics.annotate(mail_waits_since=Subquery(waiting.values("waits_since")[:1]))
    return found.select_related("migration", "usage").prefetch_related("domains")


@dataclass(frozen=True, slots=True)
class Standing:
    """A clinic that came with its standing."""

    clinic: Clinic

    @property
    def host(self) -> str:
        return next((domain.domain for domain in self.clinic.domains.all() if domain.is_primary), "none")

    @property
    def usage(self) -> ClinicUsage:
        found: ClinicUsage = getattr(self.clinic, "usage", NOT_COUNTED)
        return found

    @property
    def mail_waits_since(self) -> datetime | None:
        since: datetime | None = getattr(self.clinic, "mail_waits_since", None)
        return since

    @property
    def migrated(self) -> str:
        migration: ClinicMigration | None = getattr(self.clinic, "migration", None)
        if migration is None:
            return "never"
        if migration.state == ClinicMigration.State.FAILED:
            return "failed"
        if is_migrated(self.clinic):
            return "done"
        return "ahead" if is_served(self.clinic) else "behind"

    def as_json(self) -> dict[str, Any]:
        """Numbers and states, for a command."""
        clinic, usage = self.clinic, self.usage
        return {
            "id": str(clinic.pk),
            "schema": clinic.schema_name,
            "name": clinic.name,
            "type": clinic.type,
            "status": clinic.status,
            "held": bool(clinic.legal_hold),
            "hosts": [
                {"host": domain.domain, "primary": domain.is_primary, "checked": not domain.token}
                for domain in clinic.domains.all()
            ],
            "clients": usage.clients,
            "storage_bytes": usage.storage_bytes,
            "mails_in_30_days": usage.mails,
            "mails_failed_in_30_days": usage.mails_failed,
            "active_at": in_json(usage.active_at),
            "counted_at": in_json(usage.counted_at),
            "mail_waits_since": in_json(self.mail_waits_since),
            "migrations": self.migrated,
        }


def in_json(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
