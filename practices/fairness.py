"""Each clinic its share of a web process: so many requests at work at once, some more waiting, and the rest asked to come again.

Whatever one clinic asks for, threads are left for the others; and since Python runs one thread at a time, more of one clinic's
requests at once would make none of them faster.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from uuid import UUID


class CrowdedError(Exception):
    """As many requests of this clinic wait in this process as may."""


class Line:
    """One clinic's requests in this process: how many are here, and how many of them at work."""

    def __init__(self) -> None:
        self.here = self.at_work = 0
        self.moves = Condition()


class Turns:
    """Who is at work and who waits, by clinic; clinics for which nobody is here take no room."""

    def __init__(self, *, at_work: int, here: int, patience: float) -> None:
        self.most_at_work, self.most_here, self.patience = at_work, here, patience
        self._lines: dict[UUID, Line] = {}
        self._lock = Lock()

    @contextmanager
    def take(self, clinic: UUID) -> Iterator[None]:
        """Wait for a turn, at most `patience` seconds, and have it. Raises CrowdedError."""
        line = self._enter(clinic)
        try:
            self._wait(line)
        except CrowdedError:
            self._leave(clinic, line)
            raise
        try:
            yield
        finally:
            with line.moves:
                line.at_work -= 1
                line.moves.notify()
            self._leave(clinic, line)

    def _enter(self, clinic: UUID) -> Line:
        with self._lock:
            line = self._lines.setdefault(clinic, Line())
            if line.here >= self.most_here:
                raise CrowdedError
            line.here += 1
            return line

    def _wait(self, line: Line) -> None:
        with line.moves:
            if not line.moves.wait_for(lambda: line.at_work < self.most_at_work, timeout=self.patience):
                raise CrowdedError
            line.at_work += 1

    def _leave(self, clinic: UUID, line: Line) -> None:
        with self._lock:
            line.here -= 1
            if not line.here:
                self._lines.pop(clinic, None)

    def __len__(self) -> int:
        return len(self._lines)
