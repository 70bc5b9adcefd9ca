"""What a process counts: requests by the name of their route, tasks by theirs, mails by what became of them.

No label holds an id, an address or a path. Where PROMETHEUS_MULTIPROC_DIR names a directory, the processes of a machine count in
files there, which `config/metrics.py` adds up; else each counts for itself.
"""

import os
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Counter, Histogram, values

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Seconds. What a person feels lies between the second and the sixth; a task may take two minutes.
OF_A_REQUEST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
OF_A_TASK = (0.05, 0.25, 1, 5, 15, 60, 120)

REQUESTS = Counter("practices_requests", "Requests answered.", ["process", "route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "practices_request_seconds", "How long answers took.", ["process", "route"], buckets=OF_A_REQUEST
)
TASKS = Counter("practices_tasks", "Tasks that ended, by how: done, failed, tried again.", ["process", "task", "end"])
TASK_SECONDS = Histogram("practices_task_seconds", "How long tasks took.", ["process", "task"], buckets=OF_A_TASK)
MAILS = Counter("practices_mails", "Mails, by what became of a try: sent, delayed, given up.", ["outcome"])


def count_in_slot(slot: Callable[[], str]) -> None:
    """Count in files of this name, where there is a directory for them.

    A process that takes the place of one that ended goes on with its files, so they don't grow in number. Of processes that run
    at the same time, each must have a name of its own.
    """
    directory = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if directory:
        os.makedirs(directory, exist_ok=True)
        values.ValueClass = values.MultiProcessValue(slot)


def route_of(request: HttpRequest) -> str:
    """The name of the address that answered: of static files and of what nobody has an address for, one for all."""
    if kept := getattr(request, "route", ""):
        return str(kept)
    if match := request.resolver_match:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def count_request(request: HttpRequest, *, route: str, status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(settings.PROCESS_TYPE, route, method, status).inc()
    REQUEST_SECONDS.labels(settings.PROCESS_TYPE, route).observe(seconds)


def count_task(task: str, *, end: str, seconds: float) -> None:
    TASKS.labels(settings.PROCESS_TYPE, task, end).inc()
    TASK_SECONDS.labels(settings.PROCESS_TYPE, task).observe(seconds)
