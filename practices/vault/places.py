"""A place where sealed values lie, in whatever form: what checking and rotating have to know of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from practices.vault.keyring import Purpose

Stored = TypeVar("Stored")
# A row of a table as JSON, by column: bytes are written "\\x…", as PostgreSQL writes them.
JSONRow = dict[str, Any]


class SealedPlace(ABC, Generic[Stored]):
    """In one model, one value for each row that has something, in the form in which it is stored."""

    # The column with the id that a value is bound to; no two rows of the place have the same.
    row = "pk"

    @property
    @abstractmethod
    def app_label(self) -> str: ...

    @property
    @abstractmethod
    def table(self) -> str:
        """Its name in the database."""

    @property
    @abstractmethod
    def purpose(self) -> Purpose: ...

    @abstractmethod
    def rows(self) -> "QuerySet[Any]":
        """Those that have something."""

    @abstractmethod
    def stored(self) -> Combinable:
        """The value as it lies there."""

    @abstractmethod
    def beginning(self) -> Combinable:
        """As much of the value as tells which key it names."""

    @abstractmethod
    def beginnings(self, key_id: UUID) -> Iterable[Any]:
        """How values begin that name this key."""

    @abstractmethod
    def open(self, row: UUID, stored: Stored) -> Any:
        """Raises VaultError."""

    @abstractmethod
    def seal_anew(self, row: UUID, stored: Stored) -> Stored:
        """The same value under the active key. Raises VaultError if it does not open."""

    @abstractmethod
    def replace(self, row: UUID, *, old: Stored, new: Stored) -> bool:
        """Put one sealed value in another's place, unless somebody has written meanwhile."""

    @abstractmethod
    def open_in(self, row: JSONRow) -> None:
        """Put in the place of a sealed value what it says, if there is one. Raises VaultError."""

    @abstractmethod
    def seal_in(self, row: JSONRow) -> None:
        """The other way round, under the current clinic's active key."""

    def under(self, key_id: UUID) -> "QuerySet[Any]":
        """Rows whose value names this key."""
        return self._begun().filter(beginning__in=self.beginnings(key_id))

    def not_under(self, key_id: UUID) -> "QuerySet[Any]":
        return self._begun().exclude(beginning__in=self.beginnings(key_id))

    def _begun(self) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.rows().alias(beginning=self.beginning())
        return rows

    def values(self, rows: "QuerySet[Any]") -> list[tuple[UUID, Stored]]:
        return list(rows.annotate(stored=self.stored()).values_list(self.row, "stored"))


_declared: list[SealedPlace[Any]] = []


def declare(*places: SealedPlace[Any]) -> None:
    """Called by an app, when it is ready, that has sealed values in columns which are not sealed fields of ours."""
    _declared.extend(places)


def declared() -> tuple[SealedPlace[Any], ...]:
    return tuple(_declared)
