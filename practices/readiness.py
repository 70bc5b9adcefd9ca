"""Whether the installation can do its work: each part is asked for itself, and says in a few words what is wrong with it.

The words name no host, no path and no clinic: whoever sees them may be anybody.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from practices.outbox.services import SEND_TASK
from practices.tenancy import leave_clinic
from practices.wakeups import BEAT, QUICK, SOON, heard_at, waits_since

OK = "ok"
# The beat asks every five seconds. A mail server that is away for some minutes is nothing that somebody must get up for.
BEAT_LATE = timedelta(seconds=60)
OUTBOX_LATE = timedelta(minutes=15)
logger = logging.getLogger(__name__)

Check = Callable[[datetime], str]


def database(at: datetime) -> str:
    """It answers, and keeps to what each connection asks for: a pooler in between may have left that out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout') <> '0' AND current_setting('synchronous_commit') <> 'off'"
        )
        [kept] = cursor.fetchone()
    return OK if kept else "answers without statement_timeout or synchronous_commit"


def shared_cache(at: datetime) -> str:
    cache.get("ready")
    return OK


def broker(at: datetime) -> str:
    with current_app.connection_for_write(transport_options=QUICK, connect_timeout=SOON) as asked:
        asked.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    return OK


def disk(at: datetime) -> str:
    """Where pictures, anchors and the list of erasures lie."""
    directory = settings.DATA_DIRECTORY
    if not os.access(directory, os.W_OK):
        return "can't be written to"
    free = shutil.disk_usage(directory).free // 2**20
    return OK if free >= settings.LEAST_FREE_DISK_MB else f"only {free} MB are free"


def beat(at: datetime) -> str:
    heard = heard_at(BEAT)
    if heard is None:
        return "was never heard of"
    return OK if at - heard <= BEAT_LATE else f"was last heard of {seconds(at - heard)} ago"


def outbox(at: datetime) -> str:
    waiting = at - (waits_since(SEND_TASK, at=at) or at)
    return OK if waiting <= OUTBOX_LATE else f"the oldest mail has waited for {seconds(waiting)}"


PARTS: dict[str, Check] = {
    "database": database,
    "cache": shared_cache,
    "broker": broker,
    "disk": disk,
    "beat": beat,
    "outbox": outbox,
}
NEED_THE_DATABASE = frozenset({"beat", "outbox"})


def readiness(parts: Iterable[str], *, at: datetime) -> dict[str, str]:
    """What each of these parts says; nobody waits once more for a database that has just not answered."""
    leave_clinic()
    said: dict[str, str] = {}
    for part in parts:
        unknown = part in NEED_THE_DATABASE and said.get("database", OK) != OK
        said[part] = "not known without the database" if unknown else asked(part, at=at)
    return said


def asked(part: str, *, at: datetime) -> str:
    try:
        return PARTS[part](at)
    except (DatabaseError, InterfaceError, RedisError, OperationalError, OSError) as error:
        logger.warning("%s is not ready: %s", part, type(error).__name__)
        return "does not answer"


def seconds(span: timedelta) -> str:
    return f"{int(span.total_seconds())} s"
