"""Each clinic's data keys, unwrapped once per process."""

import hashlib
import hmac
import time
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from practices.identifiers import new_id
from practices.models import Clinic, ClinicKey
from practices.tenancy import current_clinic
from practices.vault.master import MasterKey, master_key
from practices.vault.sealing import Place, VaultError, key_bytes_of, seal, unseal

# How long a process may go on sealing with a key after another has become the active one, in seconds.
ACTIVE_TTL = 10.0


class Purpose(StrEnum):
    """What a data key is for; a leaked key of one purpose opens nothing of another."""

    ANSWERS = "answers"
    NOTES = "notes"
    CONTACT = "contact"
    LOOKUP = "lookup"
    MARKS = "marks"
    FILES = "files"
    TOTP = "totp"


def _context(clinic: UUID, purpose: str, key_id: UUID) -> bytes:
    return b"data key" + clinic.bytes + key_id.bytes + purpose.encode()


def make_keys(clinic: Clinic) -> None:
    """Give the clinic a key for every purpose that it has none for; of two that do so at once, the first one's stay.

    Raises VaultError, and makes none, if the master key is not the one that the clinic's other keys are wrapped by.
    """
    present = {key.purpose: key for key in clinic.keys.filter(state=ClinicKey.State.ACTIVE)}
    missing = [purpose for purpose in Purpose if purpose not in present]
    if missing and present:
        unwrapped(next(iter(present.values())))
    ClinicKey.objects.bulk_create((new_key(clinic, purpose) for purpose in missing), ignore_conflicts=True)


def new_key(clinic: Clinic, purpose: Purpose, *, key: bytes | None = None) -> ClinicKey:
    """A fresh data key, or one that came from elsewhere; not saved yet."""
    key_id = new_id()
    wrapped = master_key().wrap(key or AESGCM.generate_key(256), _context(clinic.pk, purpose, key_id))
    return ClinicKey(id=key_id, clinic=clinic, purpose=purpose, wrapped=wrapped)


def unwrapped(key: ClinicKey) -> bytes:
    """The data key itself. Raises VaultError if the master key is another than it was wrapped by."""
    return master_key().unwrap(bytes(key.wrapped), _context(key.clinic_id, key.purpose, key.pk))


def rewrapped(key: ClinicKey, *, old: MasterKey, new: MasterKey) -> bytes | None:
    """The data key as the new master key wraps it; None if it does already. Raises VaultError if neither opens it."""
    context = _context(key.clinic_id, key.purpose, key.pk)
    try:
        new.unwrap(bytes(key.wrapped), context)
    except VaultError:
        return new.wrap(old.unwrap(bytes(key.wrapped), context), context)
    return None


class KeyRing:
    """Unwrapped keys by clinic: the active one per purpose for sealing, any by id for opening.

    A key stays what it is, so it is kept; which one is active is asked again every few seconds.
    """

    def __init__(self) -> None:
        self._by_id: dict[tuple[UUID, UUID], bytes] = {}
        self._active: dict[tuple[UUID, str], tuple[float, UUID]] = {}
        # What opens, as a sealed value names it: nearly every value that is read is opened by one of these.
        self._ciphers: dict[tuple[UUID, bytes], AESGCM] = {}

    def active(self, clinic: UUID, purpose: Purpose, *, for_seconds: float = ACTIVE_TTL) -> tuple[UUID, bytes]:
        """The key to seal with, as it was at most so many seconds ago. Raises VaultError if the clinic has none."""
        now = time.monotonic()
        known_at, key_id = self._active.get((clinic, purpose), (None, None))
        if known_at is None or key_id is None or not known_at <= now < known_at + for_seconds:
            row = ClinicKey.objects.filter(clinic_id=clinic, purpose=purpose, state=ClinicKey.State.ACTIVE).first()
            if row is None:
                raise VaultError(f"Clinic {clinic} has no key for {purpose}.")
            key_id = row.pk if (clinic, row.pk) in self._by_id else self._keep(row)
            self._active[clinic, purpose] = (now, key_id)
        return key_id, self._by_id[clinic, key_id]

    def by_id(self, clinic: UUID, key_id: UUID) -> bytes:
        """Raises VaultError for a key that is not this clinic's."""
        if (clinic, key_id) not in self._by_id:
            row = ClinicKey.objects.filter(clinic_id=clinic, pk=key_id).first()
            if row is None:
                raise VaultError("A value was sealed with a key that this clinic does not have.")
            self._keep(row)
        return self._by_id[clinic, key_id]

    def cipher(self, clinic: UUID, sealed: bytes) -> AESGCM:
        """What opens this value. Raises VaultError for one that is none, or was sealed with a key that is not this clinic's."""
        named = key_bytes_of(sealed)
        found = self._ciphers.get((clinic, named))
        if found is None:
            found = self._ciphers[clinic, named] = AESGCM(self.by_id(clinic, UUID(bytes=named)))
        return found

    def forget(self) -> None:
        self._by_id.clear()
        self._ciphers.clear()
        self._active.clear()

    def _keep(self, row: ClinicKey) -> UUID:
        self._by_id[row.clinic_id, row.pk] = unwrapped(row)
        return row.pk


keyring = KeyRing()


def seal_here(plain: bytes, *, purpose: Purpose, model: str, column: str, row: UUID) -> bytes:
    """Seal with the current clinic's active key."""
    clinic = current_clinic().pk
    key_id, key = keyring.active(clinic, purpose)
    return seal(plain, key=AESGCM(key), key_id=key_id, place=Place(clinic, model, column, row))


def open_here(sealed: bytes, *, model: str, column: str, row: UUID) -> bytes:
    """Open a value of the current clinic. Raises VaultError, which names the place, and gives nothing out, if it is not one."""
    clinic = current_clinic().pk
    try:
        return unseal(sealed, key=keyring.cipher(clinic, sealed), place=Place(clinic, model, column, row))
    except VaultError as error:
        raise VaultError(f"{error} Clinic {clinic}, {model}.{column}, row {row}.") from None


def plain_address(typed: str) -> str:
    """The one form in which an address is stored, found and written to.

    Small letters, no more: folding would find “sam” for “ſam”, which may be somebody else's mailbox.
    """
    return typed.strip().lower()


def blind_index(value: str) -> bytes:
    """32 bytes by which the current clinic finds an address again without storing it; HMAC-SHA-256 of its one form.

    The key is asked for each time: an index under a key of ten seconds ago would find nobody.
    """
    _, key = keyring.active(current_clinic().pk, Purpose.LOOKUP, for_seconds=0.0)
    return _hashed(key, plain_address(value))


def blind_mark(value: str) -> bytes:
    """32 bytes by which the current clinic knows something again that it keeps nowhere, such as a code that it gave out.

    Nobody could make the mark anew, so its key is not rotated.
    """
    _, key = keyring.active(current_clinic().pk, Purpose.MARKS)
    return _hashed(key, value)


def _hashed(key: bytes, value: str) -> bytes:
    return hmac.new(key, value.encode(), hashlib.sha256).digest()
