"""Passwords: hashed slowly, long, not known from elsewhere, and not made of what everybody knows about a person."""

import re
from hashlib import sha1
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

from practices.accounts.models import User
from practices.tenancy import current_clinic

SHORTEST_WORD = 4  # letters: shorter ones stand in too many others
SHORTEST_REST = 10  # letters that must be left without them
FEWEST_DIFFERENT = 6


class ArgonHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass and one lane: the first of OWASP's equals (Password Storage Cheat Sheet).

    Django's own takes 100 MiB in eight lanes, too much for a small host on which several people sign in at once. Hashes
    made with other numbers are made anew at the next sign-in.
    """

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1


class OwnWordsValidator:
    """Refuses what is little more than the clinic's name, the person's, or their address."""

    def validate(self, password: str, user: User | None = None) -> None:
        known = [current_clinic().name, *(current_clinic().domains.values_list("domain", flat=True))]
        if user is not None:
            known += [user.display_name, user.email]
        words = {word for text in known for word in re.split(r"[\W_]+", text.lower()) if len(word) >= SHORTEST_WORD}
        rest = password.lower()
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(SHORTEST_REST, len(password)):
            raise ValidationError(
                "This is made of names that people know. Take words that have nothing to do with you."
            )
        if len(set(password)) < FEWEST_DIFFERENT:
            raise ValidationError("This is too much of the same. Take four or five words that have nothing in common.")

    def get_help_text(self) -> str:
        return "Not your own name or address, nor the clinic’s."


class BreachedPasswordValidator:
    """Refuses passwords that were stolen somewhere, if the operator has put a list beside us.

    The list is the ordered SHA-1 file of Have I Been Pwned, a line `HASH:count` each. It is searched by halves, where it
    lies: about forty short reads of a file of some forty gigabytes, and no request to anybody.
    """

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS_FILE
        if path and is_listed(Path(path), sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
            raise ValidationError("This password was stolen somewhere and stands on a list. Take another.")

    def get_help_text(self) -> str:
        return ""


def is_listed(path: Path, wanted: str) -> bool:
    """Whether a line of the ordered file begins with these 40 hexadecimal digits."""
    sought = wanted.encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        # Somewhere in [low, high) begins the line, if there is one.
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.seek(middle - 1)
                file.readline()
            start = file.tell()
            line = file.readline()
            found = line[:40].upper()
            if not line or found > sought:
                high = middle
            elif found < sought:
                low = start + len(line)
            else:
                return True
    return False
