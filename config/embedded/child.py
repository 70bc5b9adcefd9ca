"""One child process in a session of its own, with its log and the signal it stops on."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from config.embedded.account import Account
from config.embedded.guard import PATIENCE, Guard

LOG_LIMIT = 5 * 1024 * 1024


@dataclass
class Child:
    """A running process; terminal signals don't reach it, so that we decide the order in which things stop."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int
    guard: Guard

    @classmethod
    def start(
        cls,
        name: str,
        arguments: Sequence[str | Path],
        *,
        log: Path,
        guard: Guard,
        environment: Mapping[str, str],
        directory: Path = Path("/"),
        stop_signal: int = signal.SIGTERM,
        account: Account | None = None,
        keep_open: Sequence[int] = (),
    ) -> "Child":
        """Start the process; what it prints is appended to `log`."""
        with open_log(log) as output:
            process = subprocess.Popen(
                [os.fspath(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=directory,
                start_new_session=True,
                pass_fds=keep_open,
                **(account.popen_arguments if account else {}),
            )
        guard.watch(process.pid, stop_signal)
        return cls(name, process, log, stop_signal, guard)

    @property
    def running(self) -> bool:
        """Whether the process has not ended yet."""
        return self.process.poll() is None

    def stop(self, patience: float = PATIENCE) -> None:
        """Ask the process to stop, wait, then kill what is left of its group."""
        if self.running:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        # The leader is gone, but a worker it had no time to end may still be in its group.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.guard.forget(self.process.pid)


def open_log(log: Path) -> BinaryIO:
    """Open a log for appending; a large one from earlier runs is kept once, as `.old`."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old"))
    return log.open("ab")


def last_line(log: Path) -> str:
    """The last line that says something, for a message."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
