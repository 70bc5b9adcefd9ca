"""The servers of a test run: embedded ones unless addresses are given, and a slice of them for each pytest-xdist worker."""

import os
import re
from typing import Any

import pytest
from django.conf import settings

from config.celery import app as celery_app
from config.embedded import EmbeddedError, Instance
from config.env import embedded

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
MOST_WORKERS = 8
RUNNING = pytest.StashKey[Instance]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Only the controller starts servers; an address in the environment means that somebody else did."""
    given = {name for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL") if os.environ.get(name)}
    if WORKER != "alone" or session.config.option.collectonly or len(given) == 3:
        return
    servers = embedded()
    try:
        servers.start(
            with_postgres="DATABASE_URL" not in given, with_valkey=not given.issuperset({"BROKER_URL", "CACHE_URL"})
        )
    except EmbeddedError as error:
        pytest.exit(str(error), returncode=3)
    session.config.stash[RUNNING] = servers


def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(RUNNING, None):
        servers.stop()


def numbered(url: str, number: int) -> str:
    """The same Valkey with another database; an address of anything else stays as it is."""
    if "virtual_host=" in url:
        return re.sub(r"virtual_host=[^&]*", f"virtual_host={number}", url)
    if url.startswith("unix:"):
        return re.sub(r"db=\d+", f"db={number}", url)
    if url.startswith(("redis:", "rediss:", "valkey:")):
        return re.sub(r"(//[^/]+)(/\d*)?$", rf"\1/{number}", url)
    return url


def pytest_configure() -> None:
    """Two Valkey databases for this worker alone: broker and cache. Nothing has connected yet."""
    position = 0 if WORKER == "alone" else int(WORKER.removeprefix("gw"))
    if position >= MOST_WORKERS:
        pytest.exit(f"Valkey has 16 databases: use at most -n {MOST_WORKERS}.", returncode=3)
    settings.CELERY_BROKER_URL = numbered(settings.CELERY_BROKER_URL, 2 * position)
    celery_app.conf.update(broker_url=settings.CELERY_BROKER_URL)
    cache: dict[str, Any] = settings.CACHES["default"]
    cache["LOCATION"] = numbered(cache["LOCATION"], 2 * position + 1)
