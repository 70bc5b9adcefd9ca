"""Nothing that somebody wrote gets into a log with an exception."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from celery import shared_task
from django.conf import settings

from practices.logs import JSONFormatter, ReticentFilter, ReticentFormatter
from practices.models import Clinic
from practices.tenancy import in_clinic
from tests.harness.browsers import Browser

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


@pytest.fixture
def json_log() -> Iterator[StringIO]:
    """What our loggers write as JSON."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(ReticentFilter())
    logger, level = logging.getLogger("practices"), logging.getLogger("practices.requests").level
    logger.addHandler(handler)
    logging.getLogger("practices.requests").setLevel(logging.INFO)
    yield written
    logging.getLogger("practices.requests").setLevel(level)
    logger.removeHandler(handler)


def lines_of(written: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_request_is_one_line_with_its_id_and_its_clinics(
    json_log: StringIO, visitor: Browser, north: Clinic
) -> None:
    visitor.get(f"/accounts/password/reset/key/{SECRET.replace(' ', '-')}/")

    [line] = lines_of(json_log)
    assert UUID(line["request"])
    assert (line["clinic"], line["logger"], line["status"]) == (str(north.pk), "practices.requests", 200)
    assert (line["route"], line["milliseconds"] > 0) == ("account_reset_password_from_key", True)
    assert "heron" not in json_log.getvalue()


def test_lines_of_two_requests_and_of_none_are_told_apart(json_log: StringIO, visitor: Browser, south: Clinic) -> None:
    visitor.get("/")
    Browser(south).get("/")
    logging.getLogger("practices").warning("out of any request")

    first, second, none = lines_of(json_log)
    assert first["request"] != second["request"]
    assert second["clinic"] == str(south.pk)
    assert none.keys() == {"at", "level", "logger", "message"}


def test_a_task_says_its_name_its_id_and_its_clinic(json_log: StringIO, clinics: dict[str, Clinic]) -> None:
    @shared_task(name="tests.speaks")
    def speak(clinic: str) -> None:
        with in_clinic(clinic):
            logging.getLogger("practices").info("at work")

    done = speak.apply(kwargs={"clinic": str(clinics["south"].pk)})

    [line] = lines_of(json_log)
    assert (line["task"], line["task_id"], line["clinic"]) == ("tests.speaks", done.id, str(clinics["south"].pk))


def test_an_exception_is_places_in_json_too(json_log: StringIO) -> None:
    try:
        fail()
    except RuntimeError:
        logging.getLogger("practices").exception("It failed")

    [line] = lines_of(json_log)
    assert line["exception"][-1] == "builtins.RuntimeError"
    assert SECRET not in json_log.getvalue()


@pytest.mark.parametrize("format", ["text", "json"])
def test_both_formats_can_be_set_up(format: str) -> None:
    program = (
        f"import logging.config as c; from config.log_settings import log_settings; c.dictConfig(log_settings('{format}'));"
        "import logging; logging.getLogger('gunicorn.error').info('up')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert ("{" in done.stderr) == (format == "json")
    assert "up" in done.stderr
