"""Servers for one job, empty at the start and gone at the end; a demo that runs meanwhile is not disturbed."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from config.embedded.places import PROJECT
from config.embedded.plan import Plan, check_directory
from config.embedded.servers import Name, instance
from config.embedded.supervisor import Supervisor, interruptible, uninterrupted

# Servers that are given belong to somebody; a job that begins by deleting everything has its own.
NOT_INHERITED = ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "CACHE_URL", "PORT", "MAIL_PORT", "DATA_DIRECTORY")
STOP_ORDER = ("web", "plain", "bare")


@contextmanager
def scratch(name: Name) -> Iterator[tuple[Plan, Supervisor]]:
    """A plan with its servers running and the registry of clinics made. Raises EmbeddedError."""
    given = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    servers = instance(name)
    plan = Plan.from_environment(servers, given, free_port())
    check_directory(plan.directory)
    with interruptible():
        servers.reset()
        try:
            servers.start()
            supervisor = Supervisor(
                guard=servers.guard,
                servers=servers.children,
                logs=servers.logs,
                environment=plan.environment(),
                directory=PROJECT,
            )
            try:
                run_manage(supervisor, "migrate_schemas", "--shared")
                run_manage(supervisor, "collectstatic", "--noinput", "--verbosity=0")
                yield plan, supervisor
            finally:
                with uninterrupted():
                    supervisor.stop(STOP_ORDER)
        finally:
            with uninterrupted():
                servers.stop()
                with suppress(OSError):
                    servers.remove()


def run_manage(
    supervisor: Supervisor, command: str, *arguments: str, show: Callable[[str], None] | None = None
) -> None:
    """Run one of the project's commands to its end. Raises EmbeddedError if it fails."""
    supervisor.run(command, [sys.executable, PROJECT / "manage.py", command, *arguments], show)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
