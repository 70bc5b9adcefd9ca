"""The one place where JSON that somebody sent is read: its limits, and words for what is wrong with it."""

import json
from math import isfinite
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

LARGEST = 2**20
DEEPEST = 8


class JSONRefusedError(ValueError):
    """What was sent can't be taken; `message` says why in plain words, `status` is the answer's."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.message = message
        self.status = status
        super().__init__(message)


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The object in the request's body. Raises JSONRefusedError."""
    try:
        return read_object(request.body)
    except RequestDataTooBig:
        raise too_large() from None
    except RawPostDataException:
        raise JSONRefusedError("Send JSON, not a form.", status=415) from None
    except UnreadablePostError:
        raise JSONRefusedError("This did not arrive in full. Send it again.") from None


def read_object(body: bytes, *, deepest: int = DEEPEST) -> dict[str, Any]:
    """The object in these bytes. Refuses what is too large, too deep, can't be stored or isn't plain JSON."""
    if len(body) > LARGEST:
        raise too_large()
    try:
        found = json.loads(body.decode(), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, JSONRefusedError):
            raise
        raise JSONRefusedError("This could not be read as JSON.") from None
    if not isinstance(found, dict):
        raise JSONRefusedError("Send one JSON object.")
    check(found, deepest)
    return found


def too_large() -> JSONRefusedError:
    return JSONRefusedError("This is too much to take at once.", status=413)


def refuse_constant(name: str) -> NoReturn:
    raise JSONRefusedError(f"{name} is no number that can be kept.")


def check(found: object, deepest: int) -> None:
    """Walk without recursion, so that depth can't hurt."""
    waiting = [(found, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > deepest:
            raise JSONRefusedError("This is nested too deeply.")
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str) and not storable(value):
            raise JSONRefusedError("This holds a character that can't be kept. Take out what was pasted and type it.")
        elif isinstance(value, float) and not isfinite(value):
            raise JSONRefusedError("This holds a number that is too large.")


def storable(text: str) -> bool:
    """NUL can't be stored, lone surrogates can't be encoded."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
