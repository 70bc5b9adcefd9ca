"""The embedded servers: addresses, refusals, and that nothing outlives the process that started them."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config.embedded import AlreadyRunningError, EmbeddedError, Instance, instance, postgres, valkey
from config.embedded.account import Account, server_account
from config.embedded.binaries import find_binaries
from config.embedded.places import PROJECT, SOCKET_LIMIT, server_home, socket_directory


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Instance]:
    servers = Instance("test", tmp_path)
    yield servers
    servers.stop()
    servers.remove()


def test_addresses_are_known_before_anything_runs(tmp_path: Path) -> None:
    first, second = Instance("demo", tmp_path), Instance("demo", tmp_path)

    assert first.database_url == second.database_url
    assert first.database_url.endswith("/practices")
    assert first.broker_url.startswith("redis+socket:///")
    assert first.cache_url.startswith("unix:///")
    assert not first.sockets.exists()


def test_demo_and_tests_of_two_clones_never_meet(tmp_path: Path) -> None:
    projects = [tmp_path / "one", tmp_path / "two"]

    addresses = {Instance(name, project).sockets for name in ("demo", "test") for project in projects}

    assert len(addresses) == 4


def test_only_the_demo_and_the_tests_have_an_instance() -> None:
    assert instance("demo").directory == PROJECT / ".local" / "demo"
    with pytest.raises(ValueError, match="no instance is called"):
        instance("production")  # type: ignore[arg-type]


def test_sockets_have_short_paths_however_deep_the_project_lies(tmp_path: Path) -> None:
    path = socket_directory(tmp_path.joinpath(*["deep"] * 60), "demo", os.getuid()) / f"{postgres.SOCKET}.lock"

    assert len(os.fsencode(path)) <= SOCKET_LIMIT


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    stranger = Account(uid=os.getuid() + 4321, gid=os.getgid(), dropped=False)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)

    with pytest.raises(EmbeddedError, match="belongs to another user"):
        Account(os.getuid(), os.getgid(), dropped=False).take(link)
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        (tmp_path / "data").mkdir()
        postgres.check_data(tmp_path / "data", stranger)


def test_data_of_another_postgresql_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")

    with pytest.raises(EmbeddedError, match="made by PostgreSQL 12 and this is 18: `make demo-reset`"):
        postgres.check_data(tmp_path, Account(os.getuid(), os.getgid(), dropped=False))


def test_binaries_out_of_reach_are_copied_with_their_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Account, "can_enter", lambda self, path: tmp_path in path.parents)

    binaries = find_binaries(tmp_path, server_account())

    assert binaries == find_binaries(tmp_path, server_account())
    assert all(tmp_path in program.parents for program in (binaries.initdb, binaries.postgres, binaries.valkey))
    assert subprocess.run([binaries.postgres, "--version"], check=True, capture_output=True).stdout.startswith(
        b"postgres"
    )


def test_valkey_that_cannot_start_says_why(servers: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "SOCKET", "missing/valkey.sock")

    with pytest.raises(EmbeddedError, match="Valkey did not start: "):
        servers.start(with_postgres=False)


def test_a_second_start_is_refused_in_one_line_and_data_outlives_a_restart(servers: Instance) -> None:
    servers.start()
    with psycopg.connect(servers.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept ()")
        connection.execute("GRANT SELECT ON kept TO practices_app")
    assert redis.Redis.from_url(servers.cache_url).ping()

    with pytest.raises(AlreadyRunningError, match=f"running .process {os.getpid()}.: press Ctrl-C"):
        Instance("test", servers.project).start()
    servers.stop()
    servers.start(with_valkey=False)

    with psycopg.connect(servers.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert servers.sockets.stat().st_mode & 0o777 == 0o700


def test_a_server_that_cannot_start_leaves_nothing_running(servers: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "max_connections", "none")

    with pytest.raises(EmbeddedError, match=r"PostgreSQL did not start: .*max_connections"):
        servers.start()

    assert not servers.children
    assert not running(servers)


def test_nothing_outlives_a_parent_that_was_killed_and_the_next_start_works(servers: Instance) -> None:
    program = f"""
        import sys, time
        from pathlib import Path
        from config.embedded import Instance
        servers = Instance("test", Path({str(servers.project)!r}))
        servers.start()
        print("ready", flush=True)
        time.sleep(60)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=PROJECT, stdout=subprocess.PIPE, start_new_session=True
    )
    with parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"ready\n"
        family = psutil.Process(parent.pid).children(recursive=True)
        assert {"postgres", "valkey-server"} <= {process.name() for process in family}

        parent.send_signal(signal.SIGKILL)

    _, alive = psutil.wait_procs(family, timeout=20)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    servers.start()
    assert redis.Redis.from_url(servers.cache_url).ping()


def running(servers: Instance) -> list[psutil.Process]:
    """The processes that were started on this instance's directories."""
    home = server_home(servers.project, server_account())
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(home) in argument for argument in process.info["cmdline"] or [])
    ]
