"""Envelope encryption: what clients and staff write is sealed with a key per clinic and purpose."""

from practices.vault.fields import BlindIndexField, SealedJSONField, SealedTextField, sealed
from practices.vault.keyring import Purpose, blind_index, blind_mark, make_keys, plain_address
from practices.vault.sealing import VaultError

__all__ = [
    "BlindIndexField",
    "Purpose",
    "SealedJSONField",
    "SealedTextField",
    "VaultError",
    "blind_index",
    "blind_mark",
    "make_keys",
    "plain_address",
    "sealed",
]
