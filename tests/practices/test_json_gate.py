"""JSON that was sent: what gets through, and the words for what does not."""

import json

import pytest

from practices.json_gate import DEEPEST, LARGEST, JSONRefusedError, read_object


def refusal(body: bytes) -> JSONRefusedError:
    with pytest.raises(JSONRefusedError) as refused:
        read_object(body)
    return refused.value


def test_a_plain_object_gets_through() -> None:
    assert read_object('{"version": 1, "fields": {"a-rest": ["sea, naïve, 🌊"]}}'.encode()) == {
        "version": 1,
        "fields": {"a-rest": ["sea, naïve, 🌊"]},
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\u0000"}',
        b'{"a\\u0000": 1}',
        b'{"a": ["\\ud800"]}',
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(body: bytes) -> None:
    refused = refusal(body)

    assert refused.status == 400
    assert refused.message.endswith(".")


def test_depth_is_limited_however_it_is_reached() -> None:
    deep = b'{"a": ' + b"[" * DEEPEST + b"]" * DEEPEST + b"}"
    bottomless = b'{"a": ' + b"[" * 400_000 + b"}"

    assert refusal(deep).status == 400
    assert refusal(bottomless).status == 400


def test_the_deepest_allowed_gets_through() -> None:
    nested: object = "words"
    for _ in range(DEEPEST - 2):
        nested = [nested]

    assert read_object(json.dumps({"a": nested}).encode()) == {"a": nested}


def test_size_is_limited() -> None:
    assert refusal(b" " * (LARGEST + 1)).status == 413
