"""For whom an export is encrypted, and with what it opens: age's own keys (age-encryption.org)."""

from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

SECRET = "AGE-SECRET-KEY-"


class KeyFileError(Exception):
    """What was given is no key of age's; the text says so, and never holds what was given."""


def recipient_of(text: str) -> Recipient:
    """Raises KeyFileError."""
    try:
        return Recipient.from_str(text.strip())
    except RecipientError:
        raise KeyFileError("The recipient is no public key of age's: those begin with age1.") from None


def identities_in(file: Path) -> list[Identity]:
    """Those of a file as age-keygen writes it. Raises KeyFileError, OSError."""
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        found = [Identity.from_str(line) for line in lines if line.startswith(SECRET)]
    except (IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise KeyFileError(f"{file.name} holds no identity of age's: those begin with {SECRET}.")
    return found
