"""One run of an instance at a time."""

import fcntl
import os
import signal
import time
from pathlib import Path

from config.embedded.errors import AlreadyRunningError
from config.embedded.guard import PATIENCE

TAKE_OVER_LIMIT = 90.0  # seconds; a demo stops six processes, each within PATIENCE


class Lock:
    """A lock on an open file that children share.

    It is free when the last process that has the file open is gone, so a killed run never leaves it behind and never
    gives it up while one of its servers still writes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> None:
        """Hold the lock; wait for the remains of a killed run, refuse if its process is alive."""
        deadline = time.monotonic() + PATIENCE + 5
        while not self._try():
            if self.holder() or time.monotonic() > deadline:
                refusal = self._refusal()
                self.release()
                raise AlreadyRunningError(refusal)
            time.sleep(0.1)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n".encode(), 0)

    def take_over(self) -> None:
        """Hold the lock after asking whoever has it to stop."""
        if not self._try() and (holder := self.holder()):
            os.kill(holder, signal.SIGTERM)
        deadline = time.monotonic() + TAKE_OVER_LIMIT
        while not self._try():
            if time.monotonic() > deadline:
                raise AlreadyRunningError(self._refusal())
            time.sleep(0.1)

    def note(self, pid: int) -> None:
        """Write down a server that shares the lock, so that a refusal can name it."""
        os.pwrite(self.descriptor, f"{pid}\n".encode(), os.fstat(self.descriptor).st_size)

    def holder(self) -> int | None:
        """The process that took the lock, if it is still alive."""
        pid = next(iter(self._pids()), None)
        return pid if pid and _alive(pid) else None

    def release(self) -> None:
        """Close the file; the lock is free once no child has it open either."""
        os.close(self.descriptor)

    def _refusal(self) -> str:
        name = self.path.parent.name
        if holder := self.holder():
            return f"The {name} is already running (process {holder}): press Ctrl-C there, or run `kill {holder}`."
        left = " ".join(str(pid) for pid in self._pids() if _alive(pid))
        return f"Servers of an earlier {name} run are still there: stop them first, with `kill {left}`."

    def _pids(self) -> list[int]:
        return [int(line) for line in os.pread(self.descriptor, 1000, 0).split()]

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
