"""Valkey as a child process, reached through a socket that only its owner may open."""

import os
import signal
import socket
import time
from pathlib import Path

from config.embedded.child import Child, last_line
from config.embedded.errors import EmbeddedError
from config.embedded.service import Service

SOCKET = "valkey.sock"
START_LIMIT = 30.0  # seconds


def start(service: Service) -> Child:
    """Start the server on its data; it may not answer yet."""
    data = service.data / "valkey"
    service.account.take(data)
    settings = {
        "port": "0",
        "unixsocket": str(service.sockets / SOCKET),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "no" if service.forgetful else "yes",
        "save": "",
        "maxmemory-policy": "noeviction",  # a task that was accepted is never dropped
    }
    options = [option for name, value in settings.items() for option in (f"--{name}", value)]
    return service.start(
        "valkey",
        [service.binaries.valkey, *options],
        environment={"PATH": os.defpath},
        stop_signal=signal.SIGTERM,
    )


def wait_until_ready(child: Child, sockets: Path) -> None:
    """Return when the server answers."""
    deadline = time.monotonic() + START_LIMIT
    while not _answers(sockets / SOCKET):
        if not child.running or time.monotonic() > deadline:
            raise EmbeddedError(f"Valkey did not start: {last_line(child.log)} (see {child.log})")
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
