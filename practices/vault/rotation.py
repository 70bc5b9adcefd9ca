"""New keys for old: a clinic's data keys one purpose at a time, and the master key that wraps them.

A rotation can be stopped at any moment and goes on where it was: which key a value is under stands in the value itself.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from practices.models import Clinic, ClinicKey
from practices.vault.columns import IndexColumn, index_columns, sealed_places
from practices.vault.keyring import ACTIVE_TTL, Purpose, keyring, new_key, rewrapped
from practices.vault.master import MasterKey
from practices.vault.places import SealedPlace, Stored
from practices.vault.sealing import VaultError

BATCH = 200
# For so long after it was retired, some process may still be writing with a key: until it asks again which is the active one,
# and until the longest task or transaction that it was in has ended.
GRACE = timedelta(seconds=ACTIVE_TTL) + timedelta(minutes=10)

State = ClinicKey.State
Tell = Callable[[str], None]


def unheard(words: str) -> None:
    """Nobody wants to know how far it is."""


@dataclass
class Rotated:
    """What came of one purpose at one clinic. `failed` holds, by place, the ids of rows that do not open."""

    purpose: Purpose
    began: bool = False
    resealed: int = 0
    failed: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    destroyed: int = 0
    waiting: int = 0


def purposes_in(kind: str) -> list[Purpose]:
    """Those for which something is sealed in the tables of such a clinic; other keys are left as they are."""
    found = {place.purpose for place in sealed_places(kind)}
    if index_columns(kind):
        found.add(Purpose.LOOKUP)
    return [purpose for purpose in Purpose if purpose in found]


@transaction.atomic
def begin_rotation(clinic: Clinic, purpose: Purpose, *, at: datetime) -> bool:
    """A new active key, and the old one is retired; False if the rotation before this has not come to its end."""
    keys = list(clinic.keys.select_for_update().filter(purpose=purpose).exclude(state=State.SPENT))
    if any(key.state == State.RETIRED for key in keys):
        return False
    clinic.keys.filter(pk__in=[key.pk for key in keys]).update(state=State.RETIRED, retired_at=at)
    new_key(clinic, purpose).save(force_insert=True)
    transaction.on_commit(keyring.forget)
    return True


def reseal(clinic: Clinic, purpose: Purpose, result: Rotated, *, tell: Tell = unheard) -> None:
    """Seal with the active key whatever is under another; again and again, until nothing new has come.

    Called in the clinic, outside of a transaction: each batch is one of its own.
    """
    keyring.forget()
    active, _ = keyring.active(clinic.pk, purpose)
    for place in sealed_places(clinic.type, purpose):
        while reseal_place(place, active, result, tell=tell):
            pass
    clinic.keys.filter(purpose=purpose, state=State.RETIRED).update(state=State.SPENT)


def reseal_place(place: SealedPlace[Any], active: UUID, result: Rotated, *, tell: Tell) -> int:
    """One pass, in the order of ids; how many values it sealed anew."""
    result.failed.pop(str(place), None)
    done, waiting = 0, place.not_under(active).order_by(place.row)
    batch = place.values(waiting[:BATCH])
    while batch:
        done += reseal_batch(place, batch, result)
        tell(f"{place}: {done} sealed anew")
        batch = place.values(waiting.filter(**{f"{place.row}__gt": batch[-1][0]})[:BATCH])
    result.resealed += done
    return done


@transaction.atomic
def reseal_batch(place: SealedPlace[Stored], batch: list[tuple[UUID, Stored]], result: Rotated) -> int:
    """All or none of the batch. A value that was written meanwhile stays as it was written."""
    with connection.cursor() as cursor:
        # The triggers of rows that never change let this through, to the owner of the table only.
        cursor.execute("SELECT set_config('practices.resealing', 'on', true)")
    done = 0
    for row, old in batch:
        try:
            new = place.seal_anew(row, old)
        except VaultError:
            result.failed[str(place)].append(row)
            continue
        done += place.replace(row, old=old, new=new)
    return done


@transaction.atomic
def rotate_lookup(clinic: Clinic, *, at: datetime, begin: bool) -> Rotated:
    """A new key for the blind indexes, and every index under it; people can be found before and after, never in between.

    Nobody is added meanwhile. Raises VaultError, and changes nothing, if an address does not open.
    """
    result = Rotated(Purpose.LOOKUP)
    columns = index_columns(clinic.type)
    with connection.cursor() as cursor:
        for column in columns:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(column.table)} IN SHARE ROW EXCLUSIVE MODE")
    result.began = begin and begin_rotation(clinic, Purpose.LOOKUP, at=at)
    result.resealed = sum(reindex(column) for column in columns)
    clinic.keys.filter(purpose=Purpose.LOOKUP, state=State.RETIRED).update(state=State.SPENT)
    return result


def reindex(column: IndexColumn) -> int:
    wrong = list(column.wrong(column.rows()))
    for row, index in wrong:
        column.put(row, index)
    return len(wrong)


def destroy_spent(clinic: Clinic, purpose: Purpose, *, at: datetime) -> tuple[int, int]:
    """Destroy old keys that no value names and that nobody can still be using; how many went, and how many wait."""
    old = clinic.keys.filter(purpose=purpose).exclude(state=State.ACTIVE)
    places = sealed_places(clinic.type, purpose)
    ripe = old.filter(state=State.SPENT, retired_at__lt=at - GRACE)
    gone = [key for key in ripe if not any(place.under(key.pk).exists() for place in places)]
    clinic.keys.filter(pk__in=[key.pk for key in gone]).delete()
    keyring.forget()
    return len(gone), old.count()


def rotate(clinic: Clinic, purpose: Purpose, *, at: datetime, begin: bool = True, tell: Tell = unheard) -> Rotated:
    """Begin a rotation unless one is under way, seal everything anew, destroy what is over. Called in the clinic.

    Without `begin`, only what was begun before is brought to its end. Raises VaultError if the keys themselves do not open.
    """
    try:
        if purpose == Purpose.LOOKUP:
            result = rotate_lookup(clinic, at=at, begin=begin)
        else:
            result = Rotated(purpose, began=begin and begin_rotation(clinic, purpose, at=at))
            reseal(clinic, purpose, result, tell=tell)
    finally:
        keyring.forget()  # of a transaction that failed, the key that it had made would be remembered
    result.destroyed, result.waiting = destroy_spent(clinic, purpose, at=at)
    return result


@transaction.atomic
def rewrap_keys(clinic: Clinic, *, old: MasterKey, new: MasterKey) -> int:
    """Wrap the clinic's data keys by another master key; those that it wraps already are passed over.

    Raises VaultError, and changes nothing, if neither opens one of them.
    """
    keys = list(clinic.keys.select_for_update())
    wrapped = {key: rewrapped(key, old=old, new=new) for key in keys}
    for key, value in wrapped.items():
        if value is not None:
            clinic.keys.filter(pk=key.pk).update(wrapped=value)
    return sum(value is not None for value in wrapped.values())
