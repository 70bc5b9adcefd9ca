"""What both servers need to start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import Account
from config.embedded.binaries import Binaries
from config.embedded.child import Child
from config.embedded.guard import Guard
from config.embedded.lock import Lock


@dataclass(frozen=True)
class Service:
    """The surroundings of one instance's servers; `forgetful` ones trade durability for speed."""

    binaries: Binaries
    data: Path
    sockets: Path
    logs: Path
    account: Account
    guard: Guard
    lock: Lock
    forgetful: bool

    def start(
        self, name: str, arguments: Sequence[str | Path], *, environment: Mapping[str, str], stop_signal: int
    ) -> Child:
        """Start a server as the account of the servers, with the instance's lock held open."""
        child = Child.start(
            name,
            arguments,
            log=self.logs / f"{name}.log",
            guard=self.guard,
            environment=environment,
            stop_signal=stop_signal,
            account=self.account,
            keep_open=[self.lock.descriptor],
        )
        self.lock.note(child.process.pid)
        return child
