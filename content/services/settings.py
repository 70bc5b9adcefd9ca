"""How the clinic publishes."""

from datetime import datetime

from django.db import transaction

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import current_clinic, hosts


@transaction.atomic
def choose_who_publishes(*, editors_look_first: bool, by: User, at: datetime) -> None:
    """From now on; what is published stays. Other processes follow within seconds."""
    clinic = current_clinic()
    Clinic.objects.filter(pk=clinic.pk).update(editors_look_first=editors_look_first)
    record(Action.ARTICLE_SETTINGS_CHANGED, subject=clinic, by=by, at=at)
    transaction.on_commit(hosts.clear)
