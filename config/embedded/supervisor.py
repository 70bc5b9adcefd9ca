"""Runs the demo's processes: starts them in order, notices when one dies, stops them in order."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config.embedded.child import Child, last_line
from config.embedded.errors import EmbeddedError
from config.embedded.guard import Guard

POLL = 0.25  # seconds
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """The children of this process beside the servers, which it watches too."""

    def __init__(
        self, *, guard: Guard, servers: Sequence[Child], logs: Path, environment: Mapping[str, str], directory: Path
    ) -> None:
        self.guard = guard
        self.servers = servers
        self.logs = logs
        self.environment = environment
        self.directory = directory
        self.children: dict[str, Child] = {}

    def start(self, name: str, arguments: Sequence[str | Path]) -> Child:
        """Start a child that is meant to run until we stop it."""
        self.children[name] = self._start(name, arguments)
        return self.children[name]

    def run(self, name: str, arguments: Sequence[str | Path], show: Callable[[str], None] | None = None) -> None:
        """Run a job to its end, showing what it prints; raise EmbeddedError if it fails."""
        log = self.logs / f"{name}.log"
        log.write_bytes(b"")
        job = self.children[name] = self._start(name, arguments)
        with log.open(errors="replace") as output:
            while job.running:
                self.check(but=name)
                time.sleep(0.05)
                _show_lines(output, show)
            _show_lines(output, show)
        job.stop()
        del self.children[name]
        if job.process.returncode:
            raise EmbeddedError(f"{name} failed: {last_line(log)} (see {log})")

    def check(self, but: str = "") -> None:
        """Raise EmbeddedError, naming the log, if something ended that should run."""
        for child in (*self.servers, *self.children.values()):
            if child.name != but and not child.running:
                raise EmbeddedError(
                    f"{child.name} ended by itself ({_ending(child)}), so everything stops: see {child.log}"
                )

    def wait_until(self, ready: Callable[[], bool], *, limit: float, name: str) -> None:
        """Return when `ready` says so; raise EmbeddedError after `limit` seconds or when something ended."""
        deadline = time.monotonic() + limit
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{name} does not answer after {limit:.0f} s: see {self.logs / f'{name}.log'}")
            time.sleep(POLL)

    def watch(self, parent: int | None = None) -> None:
        """Return when the process `parent` is gone, if one is given; raise EmbeddedError if a child ends."""
        while parent is None or os.getppid() == parent:
            self.check()
            time.sleep(POLL)

    def stop(self, order: Sequence[str]) -> None:
        """Stop the children in this order, after any job that is under way."""
        names = [name for name in self.children if name not in order] + [
            name for name in order if name in self.children
        ]
        for name in names:
            self.children.pop(name).stop()

    def _start(self, name: str, arguments: Sequence[str | Path]) -> Child:
        return Child.start(
            name,
            arguments,
            log=self.logs / f"{name}.log",
            guard=self.guard,
            environment=self.environment,
            directory=self.directory,
        )


@contextmanager
def interruptible() -> Iterator[None]:
    """Make SIGTERM and a closed terminal end the block as Ctrl-C does: with KeyboardInterrupt, once.

    A terminal and make may both pass on a signal; the second must not break off the stopping.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        _handle(signal.SIG_IGN)
        raise KeyboardInterrupt

    with _restored():
        _handle(interrupt)
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore signals while things stop; each has a time limit of its own."""
    with _restored():
        _handle(signal.SIG_IGN)
        yield


@contextmanager
def _restored() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handle(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in SIGNALS:
        # nohup has us ignore a closed terminal, and that stays so.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _show_lines(output: Iterator[str], show: Callable[[str], None] | None) -> None:
    for line in output:
        if show and line.strip():
            show(line.rstrip("\n"))


def _ending(child: Child) -> str:
    code = child.process.returncode
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
