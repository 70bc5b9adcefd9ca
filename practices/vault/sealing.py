"""Sealing and opening one value. Pure: keys and binding come as arguments.

A sealed value is `01 | key id, 16 bytes | nonce, 12 bytes | AES-256-GCM ciphertext and tag`. Its additional data binds it to
the format, clinic, model, column, row and key, so a value moved anywhere else does not open.
"""

import secrets
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_ID = slice(1, 17)
NONCE = slice(17, 29)
TEXT = slice(29, None)
SMALLEST = 29 + 16


class VaultError(Exception):
    """A sealed value could not be opened, or a plain one was about to be stored; nothing is given out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs."""

    clinic: UUID
    model: str
    column: str
    row: UUID

    def additional_data(self, key_id: bytes) -> bytes:
        return FORMAT + self.clinic.bytes + self.row.bytes + key_id + names_of(self.model, self.column)


@cache
def names_of(model: str, column: str) -> bytes:
    return f"{model}\x1f{column}".encode()


def seal(plain: bytes, *, key: AESGCM, key_id: UUID, place: Place, nonce: bytes | None = None) -> bytes:
    """The sealed form of `plain` at `place`. The nonce is random unless a known-answer test gives it."""
    nonce = nonce or secrets.token_bytes(12)
    return FORMAT + key_id.bytes + nonce + key.encrypt(nonce, plain, place.additional_data(key_id.bytes))


def key_bytes_of(sealed: bytes) -> bytes:
    """The id of the key that sealed the value. Raises VaultError if it is no sealed value."""
    if len(sealed) < SMALLEST or sealed[:1] != FORMAT:
        raise VaultError("Not a sealed value.")
    return sealed[KEY_ID]


def key_id_of(sealed: bytes) -> UUID:
    return UUID(bytes=key_bytes_of(sealed))


def unseal(sealed: bytes, *, key: AESGCM, place: Place) -> bytes:
    """The plain value. Raises VaultError for any other place, key or byte than it was sealed with."""
    key_id = key_bytes_of(sealed)
    try:
        return key.decrypt(sealed[NONCE], sealed[TEXT], place.additional_data(key_id))
    except InvalidTag:
        raise VaultError("A sealed value does not open here.") from None
