"""A database server that takes no notice costs seconds, never a hanging page."""

import os
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from practices.postgres import base
from tests.harness.databases import Database


@pytest.fixture
def frozen(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This thread's connection, whose server process is stopped for as long as the test."""
    monkeypatch.setattr(base, "TO_ANSWER", 0.2)
    monkeypatch.setattr(base, "TO_FINISH", 0.4)
    connection.close()
    connection.ensure_connection()
    connection.connection.patience = base.TO_FINISH
    process = connection.connection.info.backend_pid
    os.kill(process, signal.SIGSTOP)
    yield
    os.kill(process, signal.SIGCONT)
    connections.close_all()


def test_a_query_to_a_frozen_server_is_given_up(frozen: None) -> None:
    begun = time.monotonic()

    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert time.monotonic() - begun < 5
    assert connection.connection.closed


def test_a_frozen_connection_is_found_unusable_quickly(frozen: None) -> None:
    begun = time.monotonic()

    assert connection.is_usable() is False
    assert time.monotonic() - begun < 5


def test_a_server_that_answers_is_usable_and_given_its_time(fresh_database: Database) -> None:
    connection.ensure_connection()

    assert connection.is_usable() is True
    assert isinstance(connection.connection, psycopg.Connection)
    assert connection.connection.patience == base.TO_FINISH
