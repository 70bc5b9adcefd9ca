"""What the owner sets for the clinic as a whole."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from content.pages import forget_pages
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import current_clinic, hosts

# Which settings there are, and what the audit calls each: names alone, since it holds no words of anybody.
SETTINGS = {
    "name": "name",
    "address_line": "address",
    "phone": "telephone",
    "response_time": "response time",
    "crisis_contacts": "crisis contacts",
    "leave_url": "page behind Leave",
    "timezone": "time zone",
    "country": "country",
    "locale": "language",
    "alert_minutes": "alerts",
    "quiet_from": "quiet hours",
    "quiet_until": "quiet hours",
}


class SettingsChangedError(Exception):
    """Somebody else changed them since the page was opened."""


@transaction.atomic
def choose_who_publishes(*, editors_look_first: bool, by: User, at: datetime) -> None:
    """From now on; what is published stays. Other processes follow within seconds."""
    clinic = current_clinic()
    Clinic.objects.filter(pk=clinic.pk).update(editors_look_first=editors_look_first)
    record(Action.ARTICLE_SETTINGS_CHANGED, subject=clinic, by=by, at=at)
    transaction.on_commit(hosts.clear)


def settings_now() -> Clinic:
    """The clinic as it stands; what a process keeps of it may be some seconds old."""
    clinic: Clinic = Clinic.objects.get(pk=current_clinic().pk)
    return clinic


def edition_of(clinic: Clinic) -> str:
    """Another one after any change of settings."""
    values = json.dumps([getattr(clinic, name) for name in SETTINGS])
    return hashlib.sha256(values.encode()).hexdigest()[:16]


@transaction.atomic
def change_settings(chosen: Mapping[str, object], *, edition: str, by: User, at: datetime) -> list[str]:
    """From the commit on, on every page; other processes follow within seconds. Gives the names of what changed.

    Each change is an event. Raises SettingsChangedError if `edition`, which the page was made with, is no longer the present
    one; of two owners at once the second is told.
    """
    clinic = Clinic.objects.select_for_update().get(pk=current_clinic().pk)
    if edition_of(clinic) != edition:
        raise SettingsChangedError
    changed = [name for name in SETTINGS if name in chosen and getattr(clinic, name) != chosen[name]]
    for name in changed:
        setattr(clinic, name, chosen[name])
    clinic.save(update_fields=changed)
    told = list(dict.fromkeys(SETTINGS[name] for name in changed))
    for words in told:
        record(Action.SETTINGS_CHANGED, subject=clinic, by=by, at=at, purpose=words)
    forget_pages()
    transaction.on_commit(hosts.clear)
    return told
