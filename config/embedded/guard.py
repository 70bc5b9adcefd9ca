"""Ends child processes once the process that started them is gone, even by kill -9.

The guard is a process of its own that reads lines from a pipe: `watch PID SIGNAL` and `forget PID`. The pipe closes
when its writer ends, however it ends. Only the standard library is imported, so that it starts in milliseconds.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

PATIENCE = 15.0


class Guard:
    """This end of the pipe."""

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """Start the guard; it holds the descriptors in `keep_open` until the last watched process is gone."""
        self._process = subprocess.Popen(
            # Run as a file: as a module it would import the whole of Django with the package above it.
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep_open,
            cwd="/",
        )

    def watch(self, pid: int, stop_signal: int) -> None:
        """End this process, the leader of its group, with this signal when we are gone."""
        self._tell(f"watch {pid} {int(stop_signal)}")

    def forget(self, pid: int) -> None:
        """Leave a process alone that has ended, because its number may be given to another."""
        with contextlib.suppress(BrokenPipeError):
            self._tell(f"forget {pid}")

    def close(self) -> None:
        """Let the guard end what is left, and itself."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin is None:
            raise BrokenPipeError("the guard has no pipe")
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()


def end(watched: dict[int, int], patience: float = PATIENCE) -> None:
    """Ask the leaders to stop, last started first, then kill what is left of their groups."""
    for pid, stop_signal in reversed(watched.items()):
        _send(os.kill, pid, stop_signal)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(_send(os.kill, pid, 0) for pid in watched):
        time.sleep(0.05)
    for pid in watched:
        _send(os.killpg, pid, signal.SIGKILL)


def _send(send: Callable[[int, int], None], pid: int, number: int) -> bool:
    try:
        send(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    """Read the pipe until it closes, then end what is still watched."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, int] = {}
    for line in sys.stdin:
        word, pid, *stop_signal = line.split()
        if word == "watch":
            watched[int(pid)] = int(stop_signal[0])
        else:
            watched.pop(int(pid), None)
    end(watched)


if __name__ == "__main__":
    main()
