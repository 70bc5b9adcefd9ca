"""Every variable that the application reads is explained, and no file in deploy/ sets one that nobody reads."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from tests.deploy.manifests import DEPLOY, Process, described, given, processes

READERS = ("text", "optional", "number", "names", "switch", "value_of", "key_file")
# Django's own, Python's, the shell's: not ours to explain.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED", "PATH"}
# What tools for development read: the browser for screenshots.
FOR_DEVELOPERS = {"CHROMIUM"}
ALL = processes()


def sources() -> Iterator[Path]:
    for app in ("config", "practices", "content", "clients"):
        for file in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if not {"embedded", "bench", "demo"} & set(file.relative_to(settings.BASE_DIR).parts):
                yield file


def variables(text: str) -> Iterator[str]:
    """Names that are given to one of the readers of config/env.py, or asked of os.environ."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]):
                if ast.unparse(called).removeprefix("env.") in (*READERS, "os.environ.get", "os.environ.setdefault"):
                    yield name
            case ast.Subscript(value=called, slice=ast.Constant(value=str(name))):
                if ast.unparse(called) == "os.environ":
                    yield name


@cache
def read_by_us() -> set[str]:
    texts = [text for text in (file.read_text() for file in sources()) if "env." in text or "environ" in text]
    return {name for text in texts for name in variables(text)} - FOREIGN - FOR_DEVELOPERS


def test_what_is_read_is_found() -> None:
    assert {
        "DATABASE_URL",
        "MASTER_KEY_FILE",
        "TRUSTED_PROXIES",
        "WEB_BIND",
        "PROMETHEUS_MULTIPROC_DIR",
    } <= read_by_us()


def test_every_variable_is_explained_and_none_that_nobody_reads() -> None:
    explained = set(described())

    assert read_by_us() - explained == set()
    assert explained - read_by_us() == set()


def test_every_variable_has_a_line_of_explanation_above_it() -> None:
    lines = (DEPLOY / "practices.env").read_text().splitlines()

    bare = [
        line
        for above, line in pairwise(lines)
        if line.lstrip("#").split("=")[0] in described() and "=" in line and not above.startswith("# ")
    ]

    # A variable may share the words above its neighbour.
    assert {line.lstrip("#").split("=")[0] for line in bare} <= {"EMAIL_PORT", "EMAIL_HOST_USER", "WEB_THREADS"}


def test_no_secret_stands_in_a_file_that_is_kept_here() -> None:
    secret = {"SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "EMAIL_HOST_PASSWORD"}

    assert not secret & set(given())
    assert not [process.name for process in ALL if secret & set(process.environment)]


@pytest.mark.parametrize("process", ALL, ids=lambda process: f"{process.source} {process.name}")
def test_a_process_is_given_only_what_is_read(process: Process) -> None:
    known = set(described()) | {f"{name}_FILE" for name in described()} | FOREIGN

    assert set(process.environment) - known == set()
