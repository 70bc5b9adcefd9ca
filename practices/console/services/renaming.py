"""What a clinic is called."""

from datetime import datetime

from django.db import transaction

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import hosts


@transaction.atomic
def rename_clinic(clinic: Clinic, *, name: str, by: User | None, at: datetime) -> bool:
    """On its pages and in its mails from now on; its address stays. Called in the platform's schema."""
    changed = bool(Clinic.objects.filter(pk=clinic.pk, type=Clinic.Kind.CLINIC).exclude(name=name).update(name=name))
    if changed:
        record(Action.CLINIC_RENAMED, subject=clinic, by=by, at=at)
        transaction.on_commit(hosts.clear)
    return changed
