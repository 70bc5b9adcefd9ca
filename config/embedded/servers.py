"""An instance of the two servers: where it is, how to reach it, how it starts and stops."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import quote

from config.embedded import postgres, roles, valkey
from config.embedded.account import server_account
from config.embedded.binaries import BINARIES, find_binaries
from config.embedded.child import Child
from config.embedded.errors import EmbeddedError
from config.embedded.guard import Guard
from config.embedded.lock import Lock
from config.embedded.places import PROJECT, SOCKET_LIMIT, make_directory, server_home, socket_directory
from config.embedded.service import Service

Name = Literal["demo", "test", "bench", "screenshots"]


class Instance:
    """The servers of this project for one purpose; its addresses are known before anything runs."""

    def __init__(self, name: Name, project: Path = PROJECT) -> None:
        self.name = name
        self.project = project
        self.directory = project / ".local" / name
        self.logs = self.directory / "logs"
        self.sockets = socket_directory(project, name, os.getuid())
        self.database_url = self._database_url(roles.APP)
        self.owner_url = self._database_url(roles.OWNER)
        self.superuser_url = self._database_url(postgres.USER)
        self.broker_url = f"redis+socket://{self.sockets / valkey.SOCKET}?virtual_host=0"
        self.cache_url = f"unix://{self.sockets / valkey.SOCKET}?db=1"
        self.children: list[Child] = []
        self._guard: Guard | None = None
        self._lock: Lock | None = None

    def _database_url(self, user: str) -> str:
        return f"postgres://{user}@{quote(str(self.sockets), safe='')}/{postgres.DATABASE}"

    def take(self) -> Lock:
        """Make this process the only one that runs the instance, until `stop`. Raises AlreadyRunningError."""
        if self._lock:
            return self._lock
        make_directory(self.logs)
        lock = Lock(self.directory / "lock")
        lock.take()
        self._lock = lock
        self._guard = Guard(keep_open=[lock.descriptor])
        return lock

    @property
    def guard(self) -> Guard:
        """What ends this process's children if it is killed."""
        if not self._guard:
            raise RuntimeError("take the instance first")
        return self._guard

    def start(self, *, with_postgres: bool = True, with_valkey: bool = True) -> None:
        """Take the instance, start its servers, and return when they answer and the database exists.

        Raises EmbeddedError, with nothing left running.
        """
        lock = self.take()
        try:
            self._start_servers(lock, with_postgres=with_postgres, with_valkey=with_valkey)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop Valkey, then PostgreSQL, and let go of the instance."""
        while self.children:
            self.children.pop().stop()
        if self._guard:
            self._guard.close()
            self._guard = None
        if self._lock:
            with suppress(OSError):  # not there, or not empty
                self.sockets.rmdir()
            self._lock.release()
            self._lock = None

    def reset(self) -> None:
        """Stop the process that runs this instance, if there is one, and delete everything that was kept."""
        if self.directory.exists():
            lock = Lock(self.directory / "lock")
            lock.take_over()
            self.remove()
            lock.release()

    def remove(self) -> None:
        """Delete everything that a stopped instance has kept."""
        home = server_home(self.project, server_account())
        for directory in (self.directory, home / self.name, self.sockets):
            if directory.exists():
                shutil.rmtree(directory)
        if home != self.directory.parent and home.exists() and set(home.iterdir()) <= {home / BINARIES}:
            shutil.rmtree(home)

    def _start_servers(self, lock: Lock, *, with_postgres: bool, with_valkey: bool) -> None:
        if len(os.fsencode(self.sockets / f"{postgres.SOCKET}.lock")) > SOCKET_LIMIT:
            raise EmbeddedError(f"{self.sockets} is too long for a socket's path: set TMPDIR to a short directory.")
        account = server_account()
        home = server_home(self.project, account)
        make_directory(home / self.name)
        account.take(self.sockets)
        for left_over in self.sockets.iterdir():
            left_over.unlink()
        service = Service(
            binaries=find_binaries(home, account),
            data=home / self.name,
            sockets=self.sockets,
            logs=self.logs,
            account=account,
            guard=self.guard,
            lock=lock,
            forgetful=self.name == "test",
        )
        waits = []
        if with_postgres:
            self.children.append(postgres.start(service))
            waits.append(postgres.wait_until_ready)
        if with_valkey:
            self.children.append(valkey.start(service))
            waits.append(valkey.wait_until_ready)
        for wait, child in zip(waits, self.children, strict=True):
            wait(child, self.sockets)


def instance(name: Name) -> Instance:
    """The servers of this project for one purpose."""
    if name not in get_args(Name):
        raise ValueError(f"no instance is called {name!r}")
    return Instance(name)
