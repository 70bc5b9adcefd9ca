"""Prometheus asks here, on a port or socket of its own that no proxy leads to:

gunicorn config.metrics:everything --bind 127.0.0.1:9100 --threads 2     # one machine
gunicorn config.metrics:processes …    # beside the processes of one container: what they count
gunicorn config.metrics:platform …     # once in an installation: what the database says
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connections
from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from practices.gauges import StateOfThePlatform  # noqa: E402 - needs the apps


def exposing(*collectors: Collector) -> "WSGIApplication":
    """What these collect, asked for anew each time; no connection is kept in between."""
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    expose = make_wsgi_app(registry)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return list(expose(environ, start_response))
        finally:
            connections.close_all()

    return application


class CountsOfProcesses(Collector):
    """What web and worker processes of this machine have counted, if there is a directory for it."""

    def collect(self) -> Iterable[Metric]:
        if not settings.METRICS_DIRECTORY:
            return []
        counts: Iterable[Metric] = MultiProcessCollector(None, path=settings.METRICS_DIRECTORY).collect()
        return counts


processes = exposing(CountsOfProcesses())
platform = exposing(StateOfThePlatform())
everything = exposing(CountsOfProcesses(), StateOfThePlatform())
