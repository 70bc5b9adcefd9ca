"""What a demo consists of: its ports, its environment and its processes."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config import env
from config.embedded import mailbox
from config.embedded.errors import EmbeddedError
from config.embedded.servers import Instance

HOSTS = ("127.0.0.1", "::1")  # browsers try both for *.localhost
MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
STOP_ORDER = ("web", "opener", "beat", "worker", "mail")


@dataclass(frozen=True)
class Plan:
    """One demo; servers named in the environment are used instead of the embedded ones."""

    instance: Instance
    port: int
    mail_port: int
    given: Mapping[str, str]

    @classmethod
    def from_environment(cls, instance: Instance, environment: Mapping[str, str], port: int | None = None) -> "Plan":
        """Read PORT (8000) and MAIL_PORT (25 above it). Raises EmbeddedError for a port that is none."""
        port = port or _port("PORT", environment, 8000)
        return cls(instance, port, _port("MAIL_PORT", environment, port + 25), environment)

    @property
    def directory(self) -> Path:
        """Where the demo keeps everything but the servers' data."""
        return self.instance.directory

    @property
    def needs_postgres(self) -> bool:
        """Whether no database is given."""
        return not self.given.get("DATABASE_URL")

    @property
    def needs_valkey(self) -> bool:
        """Whether the broker or the cache has no server yet."""
        return not self.given.get("BROKER_URL") or self._given_cache is None

    @property
    def _given_cache(self) -> str | None:
        if cache := self.given.get("CACHE_URL"):
            return cache
        broker = urlsplit(self.given.get("BROKER_URL", ""))
        return urlunsplit(broker._replace(path="/1")) if broker.scheme in ("redis", "rediss") else None

    @property
    def owner_url(self) -> str:
        """The database as seen by the role that makes tables; a given database may have one role for everything."""
        if self.needs_postgres:
            return self.instance.owner_url
        return self.given.get("DATABASE_OWNER_URL") or self.given["DATABASE_URL"]

    @property
    def has_one_role(self) -> bool:
        """Whether whatever serves people could also change tables."""
        return self.owner_url == self.environment()["DATABASE_URL"]

    def environment(self) -> dict[str, str]:
        """The environment of every process of the demo."""
        inherited = {name: value for name, value in self.given.items() if name != "GUNICORN_CMD_ARGS"}
        return inherited | {
            "PRACTICES_PROFILE": "demo",
            "DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.given.get("DATABASE_URL") or self.instance.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            # manage.py acts for the owner, whatever its environment says.
            "DATABASE_ROLE": "app",
            "BROKER_URL": self.given.get("BROKER_URL") or self.instance.broker_url,
            "CACHE_URL": self._given_cache or self.instance.cache_url,
            "DATA_DIRECTORY": str(self.directory),
            "STATIC_ROOT": str(self.directory / "static"),
            "MAILBOX": str(self.directory / "mail"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
            "PORT": str(self.port),
            "SIGN_UP": self.given.get("SIGN_UP", "on"),
        }

    def processes(self) -> dict[str, list[str]]:
        """The arguments of each process, in the order of their start."""
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "config"]
        return {
            "mail": [python, "-I", mailbox.__file__, str(self.mail_port), str(self.directory / "mail")],
            "worker": [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"],
            "beat": [*celery, "beat", f"--schedule={self.directory / 'beat'}", "--pidfile=", "--loglevel=INFO"],
            # With the rights of the owner, which manage.py takes for itself.
            "opener": [python, str(MANAGE), "open_requested", "--every=5"],
            "web": web_server("config.wsgi:application", self.port),
        }

    def check_ports(self) -> None:
        """Raise EmbeddedError, in one line with what to do, for a port that can't be used."""
        for name, port in (("PORT", self.port), ("MAIL_PORT", self.mail_port)):
            check_port(name, port)


def web_server(application: str, port: int) -> list[str]:
    """The arguments of a web server for this application, on every address of this machine itself."""
    binds = [f"--bind=[{host}]:{port}" if ":" in host else f"--bind={host}:{port}" for host in own_hosts()]
    return [
        *(sys.executable, "-m", "gunicorn", application, *binds),
        *(
            "--worker-class=gthread",
            "--workers=2",
            f"--threads={env.web_threads()}",
            "--timeout=60",
            "--graceful-timeout=10",
        ),
        "--no-control-socket",
        # A connection that has touched many clinics holds memory; a new process gives it back.
        *("--max-requests=2000", "--max-requests-jitter=400"),
    ]


def own_hosts() -> list[str]:
    """The addresses of this machine itself that exist here; some containers have no IPv6."""
    return [host for host in HOSTS if _bind_error(host, 0) is None]


def check_port(name: str, port: int) -> None:
    """Refuse a port that something else listens on."""
    for host in own_hosts():
        error = _bind_error(host, port)
        if isinstance(error, PermissionError):
            raise EmbeddedError(
                f"Port {port} is for the system's own services: choose one from 1024, `{name}=9000 make demo`."
            )
        if error:
            other = 9000 if port != 9000 else 9100
            raise EmbeddedError(
                f"Port {port} is taken: stop what uses it, or choose another, `{name}={other} make demo`."
            )


def check_directory(directory: Path) -> None:
    """Refuse a directory that we can't write to."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK) or not existing.is_dir():
        raise EmbeddedError(
            f"{existing} is not writable for you: make it yours with chown, or use a copy that you own."
        )


def _bind_error(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # On some systems two may bind with SO_REUSEADDR, but only one may listen.
            probe.listen()
        except OSError as error:
            return error
    return None


def _port(name: str, environment: Mapping[str, str], default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise EmbeddedError(
            f"{name} must be a number from 1 to 65535, not {text!r}: for example `PORT=9000 make demo`."
        )
    return int(text)
