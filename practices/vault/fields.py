"""Model fields whose column holds only sealed values.

They open on attribute access, so `.values()`, dumps and diffs stay ciphertext; `update(column=…)` and filters are refused.
"""

import json
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from practices.vault.keyring import Purpose, open_here, seal_here
from practices.vault.noticing import notice
from practices.vault.sealing import VaultError


class Sealed(bytes):
    """Ciphertext, as it lies in the column."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class SealedAttribute(DeferredAttribute):
    """Opens the value each time it is read; nothing opened is kept on the row."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        try:
            return self.field.decode(self.field.opened(value, row=instance.pk))
        except VaultError as error:
            notice(error)
            raise

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text, sealed for one purpose."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, purpose: Purpose, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": str(self.purpose)}

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> Any:
        return plain.decode()

    def opened(self, sealed: Sealed, *, row: UUID) -> bytes:
        return open_here(sealed, model=self.model._meta.label, column=self.attname, row=row)

    def sealed(self, plain: bytes, *, row: UUID) -> Sealed:
        label = self.model._meta.label
        return Sealed(seal_here(plain, purpose=self.purpose, model=label, column=self.attname, row=row))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, instance: Any, add: bool) -> Sealed | None:
        value = instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return self.sealed(self.encode(value), row=instance.pk)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise VaultError(f"{self.attname} is sealed; set it on the row and save the row.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise VaultError(f"{self.attname} is sealed and can't be searched.")
        return super().get_lookup(lookup_name)

    def value_from_object(self, obj: Any) -> Any:
        """For serializers, which would write a number as it is: what lies in the column, not what it opens to."""
        return None if obj.__dict__.get(self.attname) is None else Sealed()

    def value_to_string(self, obj: Any) -> str:
        return repr(Sealed())


class SealedJSONField(SealedTextField):
    """JSON, sealed for one purpose. Set it anew to change it: what is read is a copy."""

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]
    """32 bytes by which a row is found although the address in its sealed column `of` can't be searched."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """To the database it is a column of bytes."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


def sealed(row: models.Model, *columns: str) -> dict[str, Sealed | None]:
    """The row's values as they go into the columns, for a conditional UPDATE."""
    fields = ((column, row._meta.get_field(column)) for column in columns)
    return {column: field.pre_save(row, add=False) for column, field in fields if isinstance(field, SealedTextField)}
