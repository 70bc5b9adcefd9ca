"""The master key, which wraps each clinic's data keys. It never lies in the database."""

import secrets
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from practices.vault.sealing import VaultError


class MasterKey(Protocol):
    """What a key service must do; a KMS is another implementation of these two."""

    def wrap(self, key: bytes, context: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes: ...


class LocalMasterKey:
    """A master key held in this process's memory, read from a file by the settings."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:12], wrapped[12:], context)
        except InvalidTag:
            raise VaultError("The master key does not open this clinic's key.") from None


def master_key() -> MasterKey:
    return LocalMasterKey(settings.MASTER_KEY)
