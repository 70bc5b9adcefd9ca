"""One run of an instance at a time."""

import fcntl
import os
import time
from pathlib import Path

from config.embedded.errors import AlreadyRunningError
from config.embedded.guard import PATIENCE


class Lock:
    """A lock on an open file that children share.

    It is free when the last process that has the file open is gone, so a killed run never leaves it behind and never gives
    it up while one of its servers still writes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> None:
        """Hold the lock; wait for the remains of a killed run, refuse if its process is alive."""
        deadline = time.monotonic() + PATIENCE + 5
        while not self._try():
            holder = self.holder()
            if holder or time.monotonic() > deadline:
                self.release()
                raise AlreadyRunningError(
                    f"{self.path.parent.name} is already running in process {holder or 'unknown'}: "
                    f"stop it first (Ctrl-C there{f', or `kill {holder}`' if holder else ''})."
                )
            time.sleep(0.1)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def wait(self, patience: float) -> bool:
        """Whether the lock became free within so many seconds."""
        deadline = time.monotonic() + patience
        while not (free := self._try()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return free

    def holder(self) -> int | None:
        """The process that took the lock, if it is still alive."""
        text = os.pread(self.descriptor, 20, 0).decode()
        if not text.isdigit():
            return None
        try:
            os.kill(int(text), 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            pass
        return int(text)

    def release(self) -> None:
        """Close the file; the lock is free once no child has it open either."""
        os.close(self.descriptor)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
