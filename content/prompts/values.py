"""Clean one value of one prompt: text, a pick, a number, a day, a time."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from content.prompts import kinds
from content.prompts.kinds import LINE_LIMIT, TEXT_LIMIT, Prompt
from content.prompts.reading import NUMBER_LIMIT, is_plain_number, storable

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
DECIMAL_PLACES = 6


class Refusal(ValueError):
    """A value that cannot be taken; the message says what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def clean_value(prompt: Prompt, raw: object) -> Any:
    """The value in its one stored form, or None when nothing was answered. Raises Refusal."""
    if raw is None or raw == "":
        return None
    if not prompt.takes_answer:
        raise Refusal("This is a heading. It takes no answer.")
    return next(clean for kind, clean in _CLEANERS.items() if isinstance(prompt, kind))(prompt, raw)


def clean_text(raw: object, *, longest: int, one_line: bool) -> str | None:
    """Text with plain newlines, or none at all on one line; only blanks are no answer."""
    if not isinstance(raw, str):
        raise Refusal("Write your answer in words.")
    if not storable(raw):
        raise Refusal("Your answer holds a character we cannot keep. Take out what you pasted and type it.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if one_line:
        text = text.replace("\n", " ")
    if len(text) > longest:
        raise Refusal(f"Your answer is {len(text):,} characters long. Shorten it to {longest:,}.")
    return text if text.strip() else None


def parse_day(text: str) -> date | None:
    """The date in exactly the form 2026-11-23, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def plain_decimal(value: int | float) -> str:
    """A number as people write it: no exponent, no thousands mark, a point before decimals."""
    return format(Decimal(repr(value)), "f")


def _short_text(prompt: Prompt, raw: object) -> str | None:
    return clean_text(raw, longest=LINE_LIMIT, one_line=True)


def _long_text(prompt: Prompt, raw: object) -> str | None:
    return clean_text(raw, longest=TEXT_LIMIT, one_line=False)


def _one_value(prompt: Prompt, raw: object) -> str:
    if not isinstance(raw, str) or raw not in prompt.values():
        raise Refusal("Pick one of the answers shown.")
    return raw


def _several_values(prompt: Prompt, raw: object) -> list[str | int] | None:
    """The ticked values in the order they are shown."""
    if not isinstance(raw, list) or not all(isinstance(value, str) and value in prompt.values() for value in raw):
        raise Refusal("Tick only answers that are shown.")
    return [value for value in prompt.values() if value in raw] or None


def _point(prompt: kinds.WithEnds, raw: object) -> int:
    if type(raw) is not int or raw not in prompt.points():
        raise Refusal(f"Pick a whole number from {prompt.min} to {prompt.max}.")
    return raw


def _number(prompt: kinds.Number, raw: object) -> int | float:
    if type(raw) not in (int, float) or not isinstance(raw, int | float) or not is_plain_number(raw):
        raise Refusal(f"Write a number, such as {plain_decimal(prompt.min or 7)}.")
    low = -NUMBER_LIMIT if prompt.min is None else prompt.min
    high = NUMBER_LIMIT if prompt.max is None else prompt.max
    if not low <= raw <= high:
        raise Refusal(_range_in_words(prompt))
    exact = Decimal(repr(raw))
    if round(exact, DECIMAL_PLACES) != exact:
        raise Refusal(f"Write at most {DECIMAL_PLACES} digits after the point.")
    if prompt.step is not None and (exact - Decimal(repr(prompt.min or 0))) % Decimal(repr(prompt.step)):
        raise Refusal(f"Write a number in steps of {plain_decimal(prompt.step)}.")
    return int(raw) if raw == int(raw) else raw


def _range_in_words(prompt: kinds.Number) -> str:
    if prompt.min is not None and prompt.max is not None:
        return f"Write a number from {plain_decimal(prompt.min)} to {plain_decimal(prompt.max)}."
    if prompt.min is not None:
        return f"Write a number of {plain_decimal(prompt.min)} or more."
    if prompt.max is not None:
        return f"Write a number of {plain_decimal(prompt.max)} or less."
    return "Write a smaller number."


def _day(prompt: Prompt, raw: object) -> str:
    if not isinstance(raw, str) or parse_day(raw) is None:
        raise Refusal("Pick a day that exists, with its month and year.")
    return raw


def _time(prompt: Prompt, raw: object) -> str:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", raw):
        try:
            return time.fromisoformat(raw).strftime("%H:%M")
        except ValueError:
            pass
    raise Refusal("Write a time from 00:00 to 23:59.")


_CLEANERS: dict[type[Prompt], Callable[[Any, object], Any]] = {
    kinds.ShortText: _short_text,
    kinds.LongText: _long_text,
    kinds.SingleChoice: _one_value,
    kinds.YesNo: _one_value,
    kinds.WithChoices: _several_values,
    kinds.WithEnds: _point,
    kinds.Number: _number,
    kinds.Date: _day,
    kinds.Time: _time,
}
