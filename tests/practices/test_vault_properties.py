"""For any text and any JSON: sealed and opened it is the same again, and nothing else opens."""

import dataclasses
import json
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import serializers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from practices.vault import SealedJSONField, VaultError
from practices.vault.fields import Sealed
from practices.vault.sealing import Place, seal, unseal

KEYS = st.binary(min_size=32, max_size=32)
PLACES = st.builds(Place, clinic=st.uuids(), model=st.text(), column=st.text(), row=st.uuids())
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# What a form lets through: no lone surrogates, which no encoding has.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(plain=st.binary(max_size=200), key=KEYS, key_id=st.uuids(), place=PLACES)
def test_what_is_sealed_opens_to_the_same(plain: bytes, key: bytes, key_id: UUID, place: Place) -> None:
    value = seal(plain, key=AESGCM(key), key_id=key_id, place=place)

    assert unseal(value, key=AESGCM(key), place=place) == plain
    assert len(value) == len(plain) + 45


@given(plain=st.binary(max_size=60), key=KEYS, key_id=st.uuids(), place=PLACES, chance=st.data())
def test_any_bit_that_changes_closes_it(
    plain: bytes, key: bytes, key_id: UUID, place: Place, chance: st.DataObject
) -> None:
    value = bytearray(seal(plain, key=AESGCM(key), key_id=key_id, place=place))
    bit = chance.draw(st.integers(0, 8 * len(value) - 1))
    value[bit // 8] ^= 1 << bit % 8

    with pytest.raises(VaultError):
        unseal(bytes(value), key=AESGCM(key), place=place)


@given(key=KEYS, key_id=st.uuids(), place=PLACES, chance=st.data())
def test_any_part_of_it_opens_nothing(key: bytes, key_id: UUID, place: Place, chance: st.DataObject) -> None:
    value = seal(b"the harbour", key=AESGCM(key), key_id=key_id, place=place)

    with pytest.raises(VaultError):
        unseal(value[: chance.draw(st.integers(0, len(value) - 1))], key=AESGCM(key), place=place)


@given(key=KEYS, key_id=st.uuids(), place=PLACES, other=PLACES)
def test_any_other_place_opens_nothing(key: bytes, key_id: UUID, place: Place, other: Place) -> None:
    value = seal(b"the harbour", key=AESGCM(key), key_id=key_id, place=place)

    for name in ("clinic", "model", "column", "row"):
        elsewhere = dataclasses.replace(place, **{name: getattr(other, name)})
        if elsewhere != place:
            with pytest.raises(VaultError):
                unseal(value, key=AESGCM(key), place=elsewhere)


@given(value=JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_any_json_in_a_column_comes_back_as_it_was(client_person: Client, value: Any) -> None:
    client_person.contact = value
    client_person.save(update_fields=["contact"])

    found = Client.objects.get(pk=client_person.pk)

    assert found.contact == value
    if value not in (None, True, False):
        stored = Client.objects.values_list("contact", flat=True).get(pk=client_person.pk)
        assert isinstance(stored, Sealed)
        assert json.dumps(found.__dict__["contact"], default=repr) == '"<sealed>"'
        assert "<sealed>" in serializers.serialize("json", [found])


@given(value=JSON)
def test_json_is_written_in_one_way(value: Any) -> None:
    field = SealedJSONField(purpose="answers")  # type: ignore[arg-type]

    assert field.decode(field.encode(value)) == value
