"""Which passwords are refused, and how they are hashed."""

from hashlib import sha1
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from practices.accounts.models import User
from practices.accounts.passwords import ArgonHasher, is_listed

GOOD = "seven quiet boats at noon"


def digest(password: str) -> str:
    return sha1(password.encode()).hexdigest().upper()


@pytest.fixture
def breached(tmp_path: Path) -> Path:
    """A list like the real one, with entries of differing length, in order."""
    file = tmp_path / "pwned.txt"
    lines = sorted(f"{digest(f'stolen {number}')}:{10 ** (number % 7)}" for number in range(500))
    file.write_text("\r\n".join(lines) + "\r\n", newline="")
    return file


@pytest.mark.parametrize(
    "weak",
    [
        "fourteen chars",
        "Clinician North 2026",
        "northnorthnorthnorth",
        "clinician@example.org 1",
        "aaaaaaaaaaaaaaaaaaaaaaa",
        "1q2w3e4r5t6y7u8i9o0p",
    ],
)
def test_weak_passwords_are_refused(clinician: User, weak: str) -> None:
    clinician.display_name = "Clara Clinician"

    with pytest.raises(ValidationError):
        validate_password(weak, clinician)


def test_four_words_will_do(clinician: User) -> None:
    validate_password(GOOD, clinician)


def test_every_line_of_a_list_is_found_and_nothing_else(breached: Path) -> None:
    assert all(is_listed(breached, digest(f"stolen {number}")) for number in range(500))
    assert not any(is_listed(breached, digest(f"kept {number}")) for number in range(500))
    assert not is_listed(breached, "0" * 40)
    assert not is_listed(breached, "F" * 40)


def test_an_empty_list_lists_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    assert not is_listed(tmp_path / "empty", "A" * 40)


def test_a_stolen_password_is_refused(clinician: User, breached: Path, settings: Settings) -> None:
    settings.BREACHED_PASSWORDS_FILE = str(breached)
    with pytest.raises(ValidationError, match="stolen"):
        validate_password("stolen 499", clinician)


def test_hashes_take_46_mebibytes_and_older_ones_are_made_anew() -> None:
    made = make_password(GOOD)
    older = ArgonHasher()
    older.memory_cost = 19_456
    renewed: list[str] = []

    assert "argon2id$v=19$m=47104,t=1,p=1" in made
    assert check_password(GOOD, older.encode(GOOD, older.salt()), setter=renewed.append)
    assert renewed == [GOOD]
