"""Does everything still open? Rows are named by id, and nothing that was opened leaves this module."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from practices.models import Clinic
from practices.vault.columns import IndexColumn, index_columns, sealed_places
from practices.vault.keyring import unwrapped
from practices.vault.places import SealedPlace
from practices.vault.sealing import VaultError

BATCH = 500


@dataclass
class Checked:
    """Of one place: how many rows have something, how many were tried, and which do not open."""

    column: str
    rows: int
    tried: int = 0
    failed: list[UUID] = field(default_factory=list)


def check_clinic(clinic: Clinic, *, sample: int | None) -> Iterator[Checked]:
    """Every key, then so many values of every place chosen by chance (all of them if None). Called in the clinic."""
    yield check_keys(clinic)
    for place in sealed_places(clinic.type):
        yield check_place(place, sample=sample)
    for index in index_columns(clinic.type):
        yield check_index(index, sample=sample)


def check_keys(clinic: Clinic) -> Checked:
    keys = list(clinic.keys.order_by("created_at", "pk"))
    result = Checked("keys", rows=len(keys), tried=len(keys))
    for key in keys:
        try:
            unwrapped(key)
        except VaultError:
            result.failed.append(key.pk)
    return result


def chosen(rows: "QuerySet[Any]", sample: int | None, *, row: str = "pk") -> Iterator[list[UUID]]:
    """Ids, by chance or all, a batch at a time."""
    ids = list(rows.order_by(row if sample is None else "?").values_list(row, flat=True)[:sample])
    yield from (ids[begin : begin + BATCH] for begin in range(0, len(ids), BATCH))


def check_place(place: SealedPlace[Any], *, sample: int | None) -> Checked:
    result = Checked(str(place), rows=place.rows().count())
    for ids in chosen(place.rows(), sample, row=place.row):
        for row, value in place.values(place.rows().filter(**{f"{place.row}__in": ids})):
            result.tried += 1
            try:
                place.open(row, value)
            except (VaultError, ValueError):
                result.failed.append(row)
    return result


def check_index(column: IndexColumn, *, sample: int | None) -> Checked:
    """Whether each row is found by the address that it holds."""
    result = Checked(str(column), rows=column.rows().count())
    for ids in chosen(column.rows(), sample):
        for row in ids:
            result.tried += 1
            try:
                wrong = any(column.wrong(column.rows().filter(pk=row)))
            except VaultError:
                wrong = True
            if wrong:
                result.failed.append(row)
    return result
