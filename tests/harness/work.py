"""A Celery worker in this process, on the real broker."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from celery.contrib.testing.worker import start_worker
from celery.worker import WorkController

from config.celery import app
from tests.harness.databases import Database

Found = TypeVar("Found")


@pytest.fixture
def worker(fresh_database: Database) -> Iterator[WorkController]:
    """Does what is enqueued, in a thread of its own."""
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20) as controller:
        yield controller


def eventually(look: Callable[[], Found], *, limit: float = 15.0) -> Found:
    """What `look` finds once it finds something; a test that waits in vain fails."""
    deadline = time.monotonic() + limit
    while not (found := look()):
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.05)
    return found
