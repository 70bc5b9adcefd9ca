"""The vault: what is sealed opens in its own place only, and nothing plain reaches a column."""

from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import serializers
from django.db import connections
from pytest_django import Settings

from clients.models import Client, Occurrence, Response
from practices.accounts.models import User
from practices.models import Clinic, ClinicKey
from practices.tenancy import inside
from practices.vault import Purpose, VaultError, blind_index
from practices.vault.fields import Sealed
from practices.vault.keyring import keyring, open_here, seal_here
from practices.vault.sealing import Place, key_id_of, seal, unseal
from tests import factories

KEY = bytes(range(32))
KEY_ID = UUID("018f3b1e-0000-7000-8000-000000000001")
PLACE = Place(
    clinic=UUID("018f3b1e-0000-7000-8000-000000000002"),
    model="clients.Response",
    column="answers",
    row=UUID("018f3b1e-0000-7000-8000-000000000003"),
)
# 01, the key's id, the nonce, then AES-256-GCM over the text with the place as additional data. Old values must always open.
VECTOR = bytes.fromhex(
    "01018f3b1e0000700080000000000000010000000000000000000000007ad4d0fedd4df1df67dddb6cfaf33401bf52c9f26d1e5523f88806"
)


def moved(**elsewhere: Any) -> Place:
    return Place(**({name: getattr(PLACE, name) for name in ("clinic", "model", "column", "row")} | elsewhere))


def test_the_format_never_changes() -> None:
    assert seal(b"the harbour", key=AESGCM(KEY), key_id=KEY_ID, place=PLACE, nonce=bytes(12)) == VECTOR
    assert unseal(VECTOR, key=AESGCM(KEY), place=PLACE) == b"the harbour"
    assert key_id_of(VECTOR) == KEY_ID


def test_a_second_value_never_changes_either() -> None:
    """Made without our code, from the format as docs/keys.md and sealing.py say it is."""
    key, nonce = bytes(reversed(range(32))), bytes(range(1, 13))
    key_id, clinic, row = (UUID(f"018f3b1e-0000-7000-8000-00000000000{last}") for last in "abc")
    place = Place(clinic=clinic, model="accounts.User", column="email", row=row)
    value = bytes.fromhex(
        "01018f3b1e00007000800000000000000a0102030405060708090a0b0cab10ee99f53bbcd4ea221e7055ef65221cbea3d86add970a"
    )

    assert seal("Zoë ☂".encode(), key=AESGCM(key), key_id=key_id, place=place, nonce=nonce) == value
    assert unseal(value, key=AESGCM(key), place=place) == "Zoë ☂".encode()


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({seal(b"the harbour", key=AESGCM(KEY), key_id=KEY_ID, place=PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "elsewhere",
    [{"clinic": KEY_ID}, {"model": "clients.Review"}, {"column": "kept"}, {"row": KEY_ID}],
    ids=lambda elsewhere: next(iter(elsewhere)),
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: dict[str, Any]) -> None:
    sealed = seal(b"the harbour", key=AESGCM(KEY), key_id=KEY_ID, place=PLACE)

    assert unseal(sealed, key=AESGCM(KEY), place=PLACE) == b"the harbour"
    with pytest.raises(VaultError, match="does not open here"):
        unseal(sealed, key=AESGCM(KEY), place=moved(**elsewhere))


@pytest.mark.parametrize("position", [0, 1, 16, 17, 28, 29, len(VECTOR) - 17, len(VECTOR) - 16, len(VECTOR) - 1])
def test_a_flipped_bit_anywhere_opens_nothing(position: int) -> None:
    broken = bytearray(VECTOR)
    broken[position] ^= 1

    with pytest.raises(VaultError):
        unseal(bytes(broken), key=AESGCM(KEY), place=PLACE)


@pytest.mark.parametrize(
    "planted",
    [
        b"",
        b"plain text that somebody wrote into the column",
        VECTOR[:44],
        VECTOR[:29] + b"text behind the head of a value",
    ],
)
def test_planted_text_opens_nothing(planted: bytes) -> None:
    with pytest.raises(VaultError):
        unseal(planted, key=AESGCM(KEY), place=PLACE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(VaultError):
        unseal(VECTOR, key=AESGCM(bytes(32)), place=PLACE)


def column(table: str, name: str) -> bytes:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")
        return b"".join(bytes(row[0]) for row in cursor.fetchall())


def test_columns_hold_only_sealed_values(submitted: Response) -> None:
    stored = column("clients_response", "answers") + column("accounts_user", "email")

    assert b"boat" not in stored
    assert b"example" not in stored
    assert Response.objects.get().answers == factories.ANSWERS


def test_values_dumps_and_repr_stay_sealed(submitted: Response) -> None:
    value = Response.objects.values_list("answers", flat=True).get()

    assert isinstance(value, Sealed)
    assert repr(value) == str(value) == "<sealed>"
    assert "boat" not in serializers.serialize("json", Response.objects.all())


@pytest.mark.parametrize("value", [7, 7.5, "seven boats", ["seven boats"]])
def test_a_dump_holds_nothing_plain_whatever_kind_it_is(client_person: Client, value: Any) -> None:
    client_person.contact = value
    unsaved = serializers.serialize("json", [client_person])
    client_person.save()

    for form in ("json", "jsonl", "python", "xml"):
        dumped = str(serializers.serialize(form, Client.objects.all()))
        assert "sealed&gt;" in dumped if form == "xml" else "<sealed>" in dumped
        assert "boats" not in dumped + unsaved
    assert '"contact": "<sealed>"' in unsaved


def test_a_plain_value_cannot_be_written_past_the_vault(client_person: Client) -> None:
    with pytest.raises(VaultError):
        User.objects.filter(pk=client_person.user.pk).update(email="new@example.org")


@pytest.mark.parametrize("lookup", ["email", "email__contains", "email__in"])
def test_a_sealed_column_cannot_be_searched(clinician: User, lookup: str) -> None:
    # As keywords, since Django's type plugin tries the look-up itself.
    with pytest.raises(VaultError):
        User.objects.filter(**{lookup: "clinician@example.org"})


def test_a_sealed_column_can_be_asked_whether_it_is_empty(client_person: Client) -> None:
    assert Client.objects.filter(contact__isnull=False).exists()


def test_nothing_written_stays_nothing(occurrence: Occurrence) -> None:
    occurrence.assignment.refresh_from_db()

    assert occurrence.assignment.note is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_sealed(client_person: Client, value: float) -> None:
    client_person.contact = {"phone": value}

    with pytest.raises(ValueError, match="JSON"):
        client_person.save()


def test_a_value_planted_in_another_row_does_not_open(client_person: Client, other_client: Client) -> None:
    stolen = Client.objects.values_list("contact", flat=True).get(pk=client_person.pk)
    Client.objects.filter(pk=other_client.pk).update(contact=stolen)
    planted = Client.objects.get(pk=other_client.pk)

    with pytest.raises(VaultError):
        _ = planted.contact


def test_a_value_of_another_clinic_does_not_open(north: Clinic, south: Clinic) -> None:
    place: dict[str, Any] = {"model": "clients.Client", "column": "contact", "row": KEY_ID}
    value = seal_here(b"the harbour", purpose=Purpose.CONTACT, **place)

    assert open_here(value, **place) == b"the harbour"
    with inside(south), pytest.raises(VaultError):
        open_here(value, **place)


def test_each_purpose_has_a_key_of_its_own(north: Clinic) -> None:
    keys = {keyring.active(north.pk, purpose) for purpose in Purpose}

    assert len(keys) == len(Purpose)


def test_a_wrong_master_key_opens_nothing(client_person: Client, settings: Settings) -> None:
    settings.MASTER_KEY = bytes(32)
    keyring.forget()
    found = Client.objects.get()

    with pytest.raises(VaultError, match="master key"):
        _ = found.contact


def test_a_clinic_without_keys_seals_nothing(north: Clinic) -> None:
    ClinicKey.objects.filter(clinic=north).delete()
    keyring.forget()

    with pytest.raises(VaultError):
        factories.staff()


def test_a_blind_index_finds_an_address_in_its_own_clinic_only(north: Clinic, south: Clinic) -> None:
    here = blind_index("Cleo@Example.org ")

    assert here == blind_index("cleo@example.org")
    with inside(south):
        assert blind_index("cleo@example.org") != here
