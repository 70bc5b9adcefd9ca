"""The web server in production: `gunicorn --config python:config.gunicorn config.wsgi:application`."""

import os
from typing import Any

from config import env
from config.log_settings import log_settings
from practices.metrics import count_in_slot

bind = env.names("WEB_BIND", ["127.0.0.1:8000"])
workers = env.number("WEB_PROCESSES", 2)
threads = env.web_threads()
worker_class = "gthread"
# Seconds. The longest request waits 20 for a database that says nothing; a deployment lets requests end.
timeout = 60
graceful_timeout = 30
keepalive = 75
# A connection that has touched many clinics holds memory; a new process gives it back.
max_requests = 2000
max_requests_jitter = 400
# A heartbeat on a disk that is slow for a moment would end a process that is well.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
# Paths hold what opens invitations: no access log. The application writes a line for each request, without its path.
accesslog = None
logconfig_dict = log_settings(env.log_format())


def pre_fork(server: Any, worker: Any) -> None:
    """Give each process the lowest number that no other has: it counts on in the files of the one that had it before."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(server: Any, worker: Any) -> None:
    name = f"{env.process_type()}-{worker.slot}"
    count_in_slot(lambda: name)
