"""Logs that tell where something went wrong and never with which words.

An exception's text can hold what somebody wrote: a value that could not be read, the row that broke a constraint.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from celery import current_task

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


# An error that is raised again in each layer of a page has hundreds of places; the last ones tell.
MOST_PLACES = 60
# Which request, and at which clinic: ids only.
_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)


@contextmanager
def log_context(**ids: object) -> Iterator[None]:
    """Lines that are logged in here say these ids."""
    token = _context.set({**(_context.get() or {}), **{name: str(value) for name, value in ids.items()}})
    try:
        yield
    finally:
        _context.reset(token)


def note_in_log(**ids: object) -> None:
    """From here on, lines of the present context say these ids too."""
    context = _context.get()
    if context is not None:
        context.update({name: str(value) for name, value in ids.items()})


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


class JSONFormatter(ReticentFormatter):
    """One object a line: when, how serious, who says what; the ids of request, clinic and task; places of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **(_context.get() or {}),
            **getattr(record, "facts", {}),
        }
        if current_task:
            line |= {"task": current_task.name, "task_id": current_task.request.id}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info).splitlines()[-MOST_PLACES:]
        return json.dumps(line, ensure_ascii=False)


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
