"""Where an instance keeps its sockets, data and binaries."""

import hashlib
import os
import tempfile
from pathlib import Path

from config.embedded.account import Account

PROJECT = Path(__file__).resolve().parents[2]
SOCKET_LIMIT = 103  # bytes in the path of a socket on macOS; Linux allows 107


def socket_directory(project: Path, name: str, uid: int) -> Path:
    """A short path that every process of this project and user works out alike.

    Not below TMPDIR or XDG_RUNTIME_DIR unless it must be: these differ between two terminals of the same user.
    """
    parents = ("/run", "/var/run", "/tmp") if uid == 0 else ("/tmp",)  # taken with 0700, owner checked
    parent = next((path for path in parents if os.access(path, os.W_OK | os.X_OK)), tempfile.gettempdir())
    return Path(parent) / f"practices-{_digest(project, name, uid)}"


def server_home(project: Path, account: Account) -> Path:
    """Where the servers keep data: `.local`, or as root in a project they can't reach, a directory of the system's."""
    local = project / ".local"
    make_directory(local)
    if account.can_enter(local):
        return local
    return Path("/var/lib") / f"practices-{_digest(project)}"


def make_directory(directory: Path) -> None:
    """Create a directory that others may pass through; one that exists is left as it is."""
    if not directory.exists():
        make_directory(directory.parent)
        directory.mkdir()
        directory.chmod(0o755)


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]
