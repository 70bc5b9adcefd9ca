"""Whom the servers run as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Account:
    """A user of this machine; `dropped` when it is not the one we run as."""

    uid: int
    gid: int
    dropped: bool

    @property
    def popen_arguments(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run a child as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def can_enter(self, path: Path) -> bool:
        """Whether this user may run the file or enter the directory, whatever decides it (modes, lists, mounts)."""
        if not self.dropped:
            return os.access(path, os.X_OK)
        test = subprocess.run(["/bin/sh", "-c", 'test -x "$0"', path], cwd="/", check=False, **self.popen_arguments)
        return test.returncode == 0

    def take(self, directory: Path) -> None:
        """Give a directory to this user, for nobody else to enter; refuse one that belongs to a third user."""
        directory.mkdir(mode=0o700, exist_ok=True)
        details = directory.lstat()
        if directory.is_symlink() or details.st_uid not in (self.uid, os.getuid()):
            raise EmbeddedError(f"{directory} belongs to another user: remove it, or start as that user.")
        if self.dropped:
            os.chown(directory, self.uid, self.gid)
        directory.chmod(0o700)


def server_account() -> Account:
    """Ourselves, or as root somebody with fewer rights."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), dropped=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, dropped=True)
    raise EmbeddedError(
        "PostgreSQL can't run as root and there is no user `postgres` or `nobody`: start as another user."
    )
