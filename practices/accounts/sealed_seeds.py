"""Where the seeds of apps and recovery codes lie, for the vault: sealed, as text, inside a column of allauth's."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left

from practices.accounts.factors import COLUMN, MODEL, open_seed, seal_seed
from practices.accounts.models import User
from practices.vault import Purpose
from practices.vault.places import JSONRow, SealedPlace
from practices.vault.sealing import FORMAT

# Of the text, this much holds the format and the key's id; of the last letter, two bits are the nonce's.
LETTERS = 23


@dataclass(frozen=True, slots=True)
class SeedPlace(SealedPlace[str]):
    """One type of factor, of which a person has one at most (allauth's constraint); the value is bound to the person."""

    type: Authenticator.Type
    key: str
    row = "user_id"

    def __str__(self) -> str:
        return f"{MODEL}.{COLUMN}.{self.key}"

    @property
    def app_label(self) -> str:
        return str(Authenticator._meta.app_label)

    @property
    def table(self) -> str:
        return str(Authenticator._meta.db_table)

    @property
    def purpose(self) -> Purpose:
        return Purpose.TOTP

    def rows(self) -> "QuerySet[Any]":
        rows: QuerySet[Any] = Authenticator.objects.filter(type=self.type, data__has_key=self.key)
        return rows

    def stored(self) -> Combinable:
        return KeyTextTransform(self.key, COLUMN)

    def beginning(self) -> Combinable:
        return Left(self.stored(), LETTERS)

    def beginnings(self, key_id: UUID) -> list[str]:
        begun = (FORMAT + key_id.bytes + bytes([nonce]) for nonce in range(0, 256, 64))
        return [urlsafe_b64encode(value).decode()[:LETTERS] for value in begun]

    def open(self, row: UUID, stored: str) -> str:
        return open_seed(stored, user=User(pk=row))

    def seal_anew(self, row: UUID, stored: str) -> str:
        user = User(pk=row)
        return seal_seed(open_seed(stored, user=user), user=user)

    def replace(self, row: UUID, *, old: str, new: str) -> bool:
        """The rest of the column, such as which codes are used up, stays as it is at that moment."""
        path, seed = Value([self.key], ArrayField(TextField())), Value(new, JSONField())
        unchanged = self.rows().filter(user_id=row, **{f"{COLUMN}__{self.key}": old})
        return bool(unchanged.update(data=Func(F(COLUMN), path, seed, function="jsonb_set")))

    def open_in(self, row: JSONRow) -> None:
        if row["type"] == self.type and self.key in row[COLUMN]:
            row[COLUMN][self.key] = self.open(UUID(row["user_id"]), row[COLUMN][self.key])

    def seal_in(self, row: JSONRow) -> None:
        if row["type"] == self.type and self.key in row[COLUMN]:
            row[COLUMN][self.key] = seal_seed(row[COLUMN][self.key], user=User(pk=UUID(row["user_id"])))


SEEDS = (SeedPlace(Authenticator.Type.TOTP, "secret"), SeedPlace(Authenticator.Type.RECOVERY_CODES, "seed"))
