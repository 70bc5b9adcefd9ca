"""Logs that tell where something went wrong and never with which words.

An exception's text can hold what somebody wrote: a value that could not be read, the row that broke a constraint.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it, the cause first."""
    if error is not None:
        yield from chain(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        yield error


class ReticentFormatter(logging.Formatter):
    """Frames and the names of exceptions, without their text."""

    def formatException(self, ei: ExcInfo) -> str:
        lines = []
        for error in chain(ei[1]):
            lines += [
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        return "\n".join(lines)


class ReticentFilter(logging.Filter):
    """Takes the exception's text out of Celery's own line about a task that failed, and exceptions out of any line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict):
            record.args = {name: reticent(value, name) for name, value in record.args.items()}
        elif isinstance(record.args, tuple):
            record.args = tuple(reticent(value) for value in record.args)
        return True


def reticent(value: Any, name: str = "") -> Any:
    """The value as it may stand in a log."""
    if isinstance(value, BaseException):
        return type(value).__qualname__
    # What celery.app.trace calls the text of an exception, its traceback, and a task's arguments.
    return "…" if name in ("exc", "traceback", "args", "kwargs", "return_value") else value
