"""An operator's acts on a clinic's keys, each on record."""

from datetime import datetime

from django.db import transaction

from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.tenancy import inside
from practices.vault import Purpose
from practices.vault.keyring import keyring
from practices.vault.rotation import Rotated, Tell, rotate, unheard


def rotate_keys(
    clinic: Clinic, purpose: Purpose, *, by: User | None, at: datetime, begin: bool = True, tell: Tell = unheard
) -> Rotated:
    """Give the clinic a new key for the purpose and seal anew what is under older ones; see practices.vault.rotation.

    Raises VaultError if the keys themselves do not open.
    """
    with inside(clinic):
        result = rotate(clinic, purpose, at=at, begin=begin, tell=tell)
        if result.began or result.destroyed:
            record(Action.KEYS_ROTATED, subject=clinic, by=by, at=at, purpose=purpose)
    return result


@transaction.atomic
def destroy_keys(clinic: Clinic, *, by: User | None, at: datetime) -> int:
    """From here on nothing that was sealed at this clinic opens, and nothing can be; how many keys went.

    Called in the platform's schema, where it is on record. Other processes know the keys until they are started anew.
    """
    count = int(clinic.keys.all().delete()[0])
    record(Action.KEYS_DESTROYED, subject=clinic, by=by, at=at)
    transaction.on_commit(keyring.forget)
    return count
