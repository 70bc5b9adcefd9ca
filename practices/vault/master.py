"""The master key, which wraps each clinic's data keys. It never lies in the database.

It is a file, or a key service that MASTER_KEY_HOOK names; see docs/keys.md.
"""

import secrets
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from practices.vault.sealing import VaultError


class MasterKey(Protocol):
    """What a key service must do; a KMS is another implementation of these two.

    `context` names the clinic, the purpose and the key: what was wrapped with one must not unwrap with another.
    """

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
        except (InvalidTag, ValueError):
            raise VaultError("The master key does not open this clinic's key.") from None


class HookedMasterKey:
    """A key service of the operator's; whatever it raises is a VaultError, whose words tell nothing of a key."""

    def __init__(self, service: MasterKey) -> None:
        self._service = service

    def wrap(self, key: bytes, context: bytes) -> bytes:
        try:
            return self._service.wrap(key, context)
        except Exception as error:
            raise VaultError("The key service named by MASTER_KEY_HOOK did not wrap a key.") from error

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            key = self._service.unwrap(wrapped, context)
        except Exception as error:
            raise VaultError("The key service named by MASTER_KEY_HOOK did not open this clinic's key.") from error
        if len(key) != 32:
            raise VaultError("The key service named by MASTER_KEY_HOOK gave back something that is no data key.")
        return key


class ChangingMasterKey:
    """While the master key is being changed: wraps by the present one, opens what the previous one wrapped as well."""

    def __init__(self, present: MasterKey, previous: MasterKey) -> None:
        self._present, self._previous = present, previous

    def wrap(self, key: bytes, context: bytes) -> bytes:
        return self._present.wrap(key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._present.unwrap(wrapped, context)
        except VaultError:
            return self._previous.unwrap(wrapped, context)


@cache
def hooked(path: str) -> HookedMasterKey:
    """The operator's class, made once. Raises ImproperlyConfigured in words."""
    try:
        service = import_string(path)()
    except ImportError as error:
        raise ImproperlyConfigured(f"MASTER_KEY_HOOK names {path}, which can't be imported: {error}") from error
    except Exception as error:
        raise ImproperlyConfigured(f"MASTER_KEY_HOOK names {path}, which can't be made without arguments.") from error
    if not (callable(getattr(service, "wrap", None)) and callable(getattr(service, "unwrap", None))):
        raise ImproperlyConfigured(f"MASTER_KEY_HOOK names {path}, which lacks wrap() or unwrap(); see docs/keys.md.")
    return HookedMasterKey(service)


def present_master_key() -> MasterKey:
    return hooked(settings.MASTER_KEY_HOOK) if settings.MASTER_KEY_HOOK else LocalMasterKey(settings.MASTER_KEY)


def previous_master_key() -> MasterKey | None:
    return LocalMasterKey(settings.MASTER_KEY_PREVIOUS) if settings.MASTER_KEY_PREVIOUS else None


def master_key() -> MasterKey:
    previous = previous_master_key()
    return ChangingMasterKey(present_master_key(), previous) if previous else present_master_key()


def master_key_from(file: Path) -> MasterKey:
    """Raises VaultError if it is no file of 32 bytes."""
    try:
        key = file.read_bytes()
    except OSError as error:
        raise VaultError(f"{file} can't be read: {error.strerror}.") from None
    if len(key) != 32:
        raise VaultError(f"{file} must hold exactly 32 bytes.")
    return LocalMasterKey(key)
