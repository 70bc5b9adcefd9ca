"""Read untrusted JSON one key at a time, refusing whatever is not expected."""

import re
from collections.abc import Iterator
from typing import cast

NUMBER_LIMIT = 1_000_000_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class SchemaError(ValueError):
    """Says in plain words what is wrong with a schema, and where in it."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{path}: {message}" if path else message)


def storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 can hold this text: no NUL, no half of a surrogate pair."""
    return not _UNSTORABLE.search(text)


class Record:
    """One JSON object. Each key is taken once; `done` refuses those nobody asked for.

    Nothing is followed deeper than it is asked for, so neither depth nor size of what was sent can hurt.
    """

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, dict):
            raise SchemaError(path, "This must be an object with named parts.")
        self.path = path
        self._left: dict[object, object] = dict(data)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        return self._left.get(key) is not None

    def take(self, key: str) -> object:
        return self._left.pop(key, None)

    def text(self, key: str, *, longest: int, default: str | None = None) -> str:
        """A text of 1 to `longest` characters; with a default it may be left out."""
        value = self.take(key)
        if default is not None and value in (None, ""):
            return default
        if not isinstance(value, str) or not value.strip():
            raise SchemaError(self.at(key), "Write a text here.")
        if len(value) > longest:
            raise SchemaError(self.at(key), f"Keep this text to {longest} characters.")
        if not storable(value):
            raise SchemaError(self.at(key), "This text holds a character that cannot be kept.")
        return value

    def whole(self, key: str, *, lowest: int, highest: int, default: int | None = None) -> int:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if type(value) is not int or not lowest <= value <= highest:
            raise SchemaError(self.at(key), f"Write a whole number from {lowest} to {highest}.")
        return value

    def number(self, key: str) -> int | float | None:
        """A number, or None when it was left out."""
        value = self.take(key)
        if value is None:
            return None
        if type(value) not in (int, float) or not is_plain_number(cast("int | float", value)):
            raise SchemaError(self.at(key), "Write a number.")
        return cast("int | float", value)

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            raise SchemaError(self.at(key), "Say true or false.")
        return bool(value)

    def items(self, key: str, *, most: int, fewest: int = 0) -> Iterator[tuple[object, str]]:
        """The entries of a list, each with its path."""
        value = self.take(key)
        if value is None and not fewest:
            value = []
        if not isinstance(value, list):
            raise SchemaError(self.at(key), "This must be a list.")
        if not fewest <= len(value) <= most:
            raise SchemaError(self.at(key), f"Give {fewest} to {most} entries here; there are {len(value)}.")
        return ((item, f"{self.at(key)}[{position}]") for position, item in enumerate(value))

    def texts(self, key: str, *, most: int, fewest: int = 0) -> list[tuple[str, str]]:
        found = []
        for item, path in self.items(key, most=most, fewest=fewest):
            if not isinstance(item, str):
                raise SchemaError(path, "Write a text here.")
            found.append((item, path))
        return found

    def done(self) -> None:
        for key in self._left:
            name = key if isinstance(key, str) and key.isidentifier() and len(key) <= 40 else "a part"
            raise SchemaError(self.path, f"“{name}” is not known here. Take it out.")


def is_plain_number(value: int | float) -> bool:
    """Finite and small enough to be shown and stored everywhere; NaN is not at most anything."""
    return not isinstance(value, bool) and abs(value) <= NUMBER_LIMIT
