"""The Celery application: workers and the beat."""

import os
import time
from pathlib import Path
from typing import Any

from billiard import current_process
from celery import Celery, Task, states
from celery.signals import after_task_publish, heartbeat_sent, task_postrun, task_prerun, worker_process_init
from django.conf import settings

from practices.metrics import count_in_slot, count_task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("practices")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

ENDS = {states.SUCCESS: "done", states.RETRY: "tried again"}


@worker_process_init.connect
def count_in_own_slot(**_: Any) -> None:
    """The pool numbers its processes, and gives the number of one that ended to the next."""
    number = current_process().index  # type: ignore[attr-defined]
    count_in_slot(lambda: f"{settings.PROCESS_TYPE}-{number}")


@task_prerun.connect
def look_at_the_clock(task: "Task[..., Any]", **_: Any) -> None:
    task.request.update(begun=time.perf_counter())


@task_postrun.connect
def count_it(task: "Task[..., Any]", state: str, **_: Any) -> None:
    seconds = time.perf_counter() - task.request.get("begun")
    count_task(task.name, end=ENDS.get(state, "failed"), seconds=seconds)


@heartbeat_sent.connect
@after_task_publish.connect
def say_that_we_live(**_: Any) -> None:
    """A worker every two seconds; the beat whenever it has asked for something."""
    if settings.LIVENESS_FILE:
        Path(settings.LIVENESS_FILE).touch()
