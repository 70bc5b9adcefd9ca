"""Every check that needs no test run: format, lint, types, imports, templates, migrations, deployment."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

TOOLS = Path(sys.executable).parent
APPS = ("clients", "config", "content", "practices")


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def tool(name: str, *arguments: str) -> list[str]:
    return [str(TOOLS / name), *arguments]


GATES: dict[str, list[str]] = {
    "types": tool("mypy"),
    "templates": tool("djlint", "--lint", "--quiet", *APPS),
    "imports": tool("lint-imports"),
    "format": tool("ruff", "format", "--check", "."),
    "lint": tool("ruff", "check", "."),
    "migrations": manage("makemigrations", "--check", "--dry-run"),
    "deployment": manage("check", "--deploy", "--fail-level", "WARNING"),
}


def production(directory: Path) -> dict[str, str]:
    """What production must be given, made up: `check --deploy` connects to nothing."""
    key = directory / "master.key"
    key.write_bytes(secrets.token_bytes(32))
    return {
        "PRACTICES_PROFILE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "MASTER_KEY_FILE": str(key),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DATABASE_OWNER_URL": "postgres://owner@127.0.0.1:1/nothing",
        "BROKER_URL": "redis://127.0.0.1:1/0",
        "CACHE_URL": "redis://127.0.0.1:1/1",
        "ALLOWED_HOSTS": ".example.org",
        "EMAIL_HOST": "mail.example.org",
        "MAIL_DOMAIN": "example.org",
        "DATA_DIRECTORY": str(directory),
    }


class Command(BaseCommand):
    help = "Run every check but the tests; say which fail, and how."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(os.cpu_count()) as pool:
            environments = {"deployment": os.environ | production(Path(directory))}
            runs = {name: pool.submit(self.run, name, environments.get(name)) for name in GATES}
            failed = [name for name, run in runs.items() if not run.result()]
        if failed:
            raise CommandError(f"not passed: {', '.join(failed)}")

    def run(self, name: str, environment: dict[str, str] | None) -> bool:
        """Whether the gate lets us through; what it complains about is printed."""
        begun = time.monotonic()
        done = subprocess.run(
            GATES[name], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        passed = done.returncode == 0
        line = f"{'passed' if passed else 'FAILED'}  {name}  {time.monotonic() - begun:.1f} s\n"
        self.stdout.write(line if passed else f"{line}{done.stdout}{done.stderr}")
        return passed
