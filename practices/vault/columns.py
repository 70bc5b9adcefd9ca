"""Where sealed values lie: columns are found by walking the models, so that none can be forgotten; the rest is declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ExpressionWrapper, F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr

from practices.tenancy import app_labels
from practices.vault.fields import BlindIndexField, Sealed, SealedTextField
from practices.vault.keyring import Purpose, blind_index
from practices.vault.places import JSONRow, SealedPlace, declared
from practices.vault.sealing import KEY_ID


@dataclass(frozen=True, slots=True)
class SealedColumn(SealedPlace[Sealed]):
    """One column of one model, of the vault's own kind."""

    field: SealedTextField

    def __str__(self) -> str:
        return f"{self.field.model._meta.label}.{self.field.attname}"

    @property
    def app_label(self) -> str:
        return self.field.model._meta.app_label

    @property
    def table(self) -> str:
        return self.field.model._meta.db_table

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.field.purpose)

    def rows(self) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.field.model._base_manager.filter(**{f"{self.field.attname}__isnull": False})
        return rows

    def stored(self) -> Combinable:
        return F(self.field.attname)

    def beginning(self) -> Combinable:
        first, length = KEY_ID.start + 1, KEY_ID.stop - KEY_ID.start
        return Substr(self.field.attname, first, length, output_field=models.BinaryField())

    def beginnings(self, key_id: UUID) -> list[bytes]:
        return [key_id.bytes]

    def open(self, row: UUID, stored: Sealed) -> Any:
        return self.field.decode(self.field.opened(stored, row=row))

    def seal_anew(self, row: UUID, stored: Sealed) -> Sealed:
        return self.field.sealed(self.field.opened(stored, row=row), row=row)

    def replace(self, row: UUID, *, old: Sealed, new: Sealed) -> bool:
        stored = ExpressionWrapper(F(self.field.attname), output_field=models.BinaryField())
        unchanged = self.field.model._base_manager.annotate(stored=stored).filter(pk=row, stored=bytes(old))
        return bool(unchanged.update(**{self.field.attname: new}))

    def open_in(self, row: JSONRow) -> None:
        column = name_of(self.field)
        if row.get(column) is not None:
            row[column] = self.open(id_of(self.field, row), Sealed(bytes.fromhex(row[column][2:])))

    def seal_in(self, row: JSONRow) -> None:
        column = name_of(self.field)
        if row.get(column) is not None:
            plain = self.field.encode(row[column])
            row[column] = in_json(self.field.sealed(plain, row=id_of(self.field, row)))


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A blind index, and the sealed address that it stands for."""

    field: BlindIndexField

    def __str__(self) -> str:
        return f"{self.field.model._meta.label}.{self.field.attname}"

    @property
    def table(self) -> str:
        return self.field.model._meta.db_table

    def rows(self) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.field.model._base_manager.all()
        return rows

    def wrong(self, rows: "QuerySet[Any]") -> Iterator[tuple[UUID, bytes]]:
        """Those whose index is not that of their address, with what it should be. Raises VaultError."""
        for row in rows.only("pk", self.field.attname, self.field.of):
            expected = blind_index(getattr(row, self.field.of))
            if bytes(getattr(row, self.field.attname)) != expected:
                yield row.pk, expected

    def put(self, row: UUID, index: bytes) -> None:
        self.field.model._base_manager.filter(pk=row).update(**{self.field.attname: index})

    def index_in(self, row: JSONRow) -> None:
        """Before its address is sealed."""
        address = row[name_of(self.field.model._meta.get_field(self.field.of))]
        row[name_of(self.field)] = in_json(blind_index(str(address)))


def name_of(field: Any) -> str:
    """Of its column in the database."""
    return str(field.column)


def id_of(field: SealedTextField, row: JSONRow) -> UUID:
    return UUID(row[name_of(field.model._meta.pk)])


def in_json(value: bytes) -> str:
    return f"\\x{value.hex()}"


def fields_of(kind: str) -> "Iterator[models.Field[Any, Any]]":
    """Every column in the schema of a clinic of this type."""
    labels = app_labels(kind)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in labels and not model._meta.proxy:
            yield from model._meta.local_concrete_fields


def sealed_places(kind: str, purpose: Purpose | None = None) -> list[SealedPlace[Any]]:
    """Every one in the schema of a clinic of this type, of one purpose or all."""
    labels = app_labels(kind)
    columns = (SealedColumn(field) for field in fields_of(kind) if isinstance(field, SealedTextField))
    places = [*columns, *(place for place in declared() if place.app_label in labels)]
    return [place for place in places if purpose in (None, place.purpose)]


def index_columns(kind: str) -> list[IndexColumn]:
    return [IndexColumn(field) for field in fields_of(kind) if isinstance(field, BlindIndexField)]
