"""`manage.py demo` as a whole: a project in miniature goes up, says where it is, and leaves nothing behind."""

import io
import os
import signal
import socket
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from config.embedded import Instance
from config.embedded.account import server_account
from config.embedded.places import server_home
from config.embedded.plan import Plan
from config.management.commands import demo

FILES = {
    "requirements/base.txt": "",
    "manage.py": "import sys; print('ran', *sys.argv[1:])",
    "config/__init__.py": "from celery import Celery; celery = Celery(broker=__import__('os').environ['BROKER_URL'])",
    "config/wsgi.py": "def application(environ, start): start('200 OK', []); return [b'']",
}


class Terminal(io.StringIO):
    """Presses Ctrl-C, or what it is told to do, once the demo says that it is up."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = number
        # The tests' own servers and browser are this process's children too.
        self.others = set(psutil.Process().children(recursive=True))

    def write(self, text: str) -> int:
        if "Ctrl-C stops everything" in text:
            self.children = set(psutil.Process().children(recursive=True)) - self.others
            os.kill(os.getpid(), self.number)
        return super().write(text)


@pytest.fixture
def miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("MAIL_PORT", str(free_port()))
    monkeypatch.setattr(demo, "PROJECT", tmp_path)
    monkeypatch.setattr(demo, "instance", lambda name: Instance(name, tmp_path))
    return Instance("demo", tmp_path)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_it_goes_up_and_down_again_and_the_second_time_skips_what_is_done(miniature: Instance) -> None:
    first, second = Terminal(signal.SIGINT), Terminal(signal.SIGTERM)

    call_command(demo.Command(), stdout=first)
    call_command(demo.Command(), stdout=second)

    assert "Preparing the database" in first.getvalue()
    assert "ran seed_demo" in first.getvalue()
    assert f"http://willow.localhost:{os.environ['PORT']}/admin/" in first.getvalue()
    assert first.getvalue().endswith("Stopping …\nStopped.\n")
    assert "Preparing" not in second.getvalue()
    assert "Collecting" not in second.getvalue()
    assert "ran seed_demo" in second.getvalue()
    assert len(first.children) >= 8
    assert not [child for child in (*first.children, *second.children) if child.is_running()]

    third = Terminal()
    call_command(demo.Command(), reset=True, stdout=third)

    assert third.getvalue().startswith(f"Deleted {miniature.directory}.")
    assert "Preparing the database" in third.getvalue()
    miniature.remove()


def test_a_step_that_fails_stops_everything_and_names_its_log(miniature: Instance) -> None:
    (miniature.project / "manage.py").write_text("import sys; sys.exit('relation is missing')")

    with pytest.raises(CommandError, match=r"^migrate_schemas failed: relation is missing .see .*_schemas.log.$"):
        call_command(demo.Command(), stdout=io.StringIO())

    assert not miniature.sockets.exists()
    miniature.remove()


def test_a_taken_port_is_refused_before_anything_starts(miniature: Instance) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(CommandError, match="is taken: stop what uses it"),
    ):
        call_command(demo.Command(), port=server.getsockname()[1], stdout=io.StringIO())

    assert not (server_home(miniature.project, server_account()) / "demo" / "postgres").exists()


def test_given_servers_are_left_alone_when_starting_over(miniature: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/practices")
    monkeypatch.setenv("PORT", "1")
    output = io.StringIO()

    demo.Command(stdout=output).reset(Plan.from_environment(miniature, os.environ))

    assert "DATABASE_URL is set: that database was left as it is." in output.getvalue()


def test_health_is_an_answer_of_200() -> None:
    assert not demo.healthy(free_port())


def test_paths_are_shown_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert demo.relative(tmp_path / "people.json") == Path("people.json")
    assert demo.relative(Path("/elsewhere")) == Path("/elsewhere")
