"""Nothing that somebody wrote gets into a log with an exception."""

import logging
from io import StringIO

import pytest

from practices.logs import ReticentFilter, ReticentFormatter

SECRET = "the heron at the weir"


@pytest.fixture
def log() -> tuple[logging.Logger, StringIO]:
    """A logger set up as in production, and what it writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ReticentFormatter("{levelname} {message}", style="{"))
    handler.addFilter(ReticentFilter())
    logger = logging.Logger("log")
    logger.addHandler(handler)
    return logger, written


def fail() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def test_a_traceback_names_places_and_exceptions_but_no_words(log):
    logger, written = log

    try:
        fail()
    except RuntimeError:
        logger.exception("It failed")

    lines = written.getvalue()
    assert "ERROR It failed" in lines
    assert "builtins.ValueError" in lines
    assert "builtins.RuntimeError" in lines
    assert f"{__file__}:" in lines
    assert SECRET not in lines


def test_an_exception_in_a_message_is_only_named(log):
    logger, written = log

    logger.error("Not sent: %s", ValueError(SECRET))

    assert written.getvalue() == "ERROR Not sent: ValueError\n"


def test_what_celery_says_of_a_failed_task_holds_no_words(log):
    logger, written = log

    logger.error("Task %(name)s raised: %(exc)s", {"name": "send", "exc": repr(ValueError(SECRET))})

    assert written.getvalue() == "ERROR Task send raised: …\n"
