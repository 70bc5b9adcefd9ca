"""The demo's processes, their guard and the mail server: logs, order, failures, signals."""

import asyncio
import io
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import AlreadyRunningError, EmbeddedError, Instance, guard, mailbox
from config.embedded.child import LOG_LIMIT, open_log
from config.embedded.guard import Guard
from config.embedded.lock import Lock
from config.embedded.supervisor import Supervisor, interruptible, uninterrupted

SLEEP = "import time; time.sleep(60)"
ANNOUNCE = "print('up', flush=True)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    own = Guard()
    yield Supervisor(guard=own, servers=[], logs=tmp_path, environment=os.environ, directory=tmp_path)
    own.close()


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_a_job_shows_and_logs_what_it_prints(supervisor: Supervisor) -> None:
    shown: list[str] = []

    supervisor.run("job", python("print('one'); print('two')"), show=shown.append)

    assert shown == ["one", "two"]
    assert (supervisor.logs / "job.log").read_text() == "one\ntwo\n"


def test_a_job_that_fails_names_its_last_line_and_log(supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match=r"^job failed: no such thing .see .*job.log.$"):
        supervisor.run("job", python("import sys; sys.exit('no such thing')"))


def test_a_child_that_dies_is_noticed_and_its_log_named(supervisor: Supervisor) -> None:
    child = supervisor.start("worker", python(SLEEP))
    supervisor.check()

    child.process.kill()

    with pytest.raises(
        EmbeddedError, match=r"worker ended by itself \(SIGKILL\), so everything stops: see .*worker.log"
    ):
        supervisor.watch()
    supervisor.stop(["worker"])


def test_children_stop_in_the_given_order(supervisor: Supervisor) -> None:
    ended = supervisor.logs / "ended"
    for name in ("mail", "web", "job"):
        write = f"open({str(ended)!r}, 'a').write('{name} '); sys.exit()"
        supervisor.start(
            name, python(f"import signal, sys\ndef end(*_): {write}\nsignal.signal(15, end)\n{ANNOUNCE}\n{SLEEP}")
        )
    for name in supervisor.children:
        wait_for(supervisor, name)

    supervisor.stop(["web", "mail"])

    assert ended.read_text() == "job web mail "
    assert not supervisor.children


def test_a_stubborn_child_is_killed(supervisor: Supervisor) -> None:
    child = supervisor.start("web", python(f"import signal\nsignal.signal(15, signal.SIG_IGN)\n{ANNOUNCE}\n{SLEEP}"))
    wait_for(supervisor, "web")

    child.stop(patience=0.2)

    assert child.process.returncode == -signal.SIGKILL


def test_watching_ends_with_the_parent(supervisor: Supervisor) -> None:
    supervisor.watch(parent=os.getppid() + 1)


def test_waiting_has_an_end(supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match=r"web does not answer after 0 s: see .*web.log"):
        supervisor.wait_until(lambda: False, limit=0, name="web")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_interrupt_once_and_not_while_stopping(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    if before == signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored by whoever started these tests, as with nohup")

    with interruptible():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
            time.sleep(5)
        os.kill(os.getpid(), number)
        with uninterrupted():
            os.kill(os.getpid(), number)

    assert signal.getsignal(number) == before


def test_a_large_log_of_earlier_runs_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LOG_LIMIT + 1))

    open_log(log).close()

    assert log.stat().st_size == 0
    assert (tmp_path / "web.old").stat().st_size == LOG_LIMIT + 1


def test_a_lock_that_only_servers_hold_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.embedded.lock.PATIENCE", -5)
    held, wanted = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    held.take()
    (tmp_path / "lock").write_text("999999999\n")
    held.note(os.getpid())

    with pytest.raises(AlreadyRunningError, match=f"still there: stop them first, with `kill {os.getpid()}`"):
        wanted.take()
    held.release()


def test_starting_over_asks_the_running_demo_to_stop(tmp_path: Path, supervisor: Supervisor) -> None:
    instance = Instance("demo", tmp_path)
    instance.logs.mkdir(parents=True)
    holder = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from config.embedded.lock import Lock
from pathlib import Path
Lock(Path({str(instance.directory / "lock")!r})).take()
{ANNOUNCE}
{SLEEP}
"""
    child = supervisor.start("holder", python(holder))
    wait_for(supervisor, "holder")

    instance.reset()

    assert child.process.wait(5) == -signal.SIGTERM
    assert not instance.directory.exists()


def test_mails_become_files_in_the_order_they_came(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    async def receive() -> None:
        server = asyncio.create_task(mailbox.serve(port, tmp_path))
        while not await asyncio.to_thread(listens, port):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(send_three, port)
        server.cancel()

    # In a thread of its own: Playwright keeps an event loop running in this one.
    receiver = threading.Thread(target=lambda: asyncio.run(receive()))
    receiver.start()
    receiver.join()

    mails = [path.read_bytes() for path in sorted(tmp_path.glob("*.eml"))]
    assert [mail.splitlines()[0] for mail in mails] == [b"Subject: 0", b"Subject: 1", b"Subject: 2"]
    assert not list(tmp_path.glob(".*"))


def test_the_guard_ends_what_it_still_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    watched, forgotten = (subprocess.Popen(python(SLEEP), start_new_session=True) for _ in range(2))
    lines = f"watch {forgotten.pid} 15\nwatch {watched.pid} 15\nforget {forgotten.pid}\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    # A parent that is gone would leave the reaping to the system.
    threading.Thread(target=watched.wait).start()

    with uninterrupted():
        guard.main()

    assert watched.wait() == -signal.SIGTERM
    assert forgotten.poll() is None
    forgotten.kill()
    forgotten.wait()


def test_the_guard_kills_a_group_that_does_not_listen() -> None:
    program = f"import signal\nsignal.signal(15, signal.SIG_IGN)\n{ANNOUNCE}\n{SLEEP}"
    with subprocess.Popen(python(program), start_new_session=True, stdout=subprocess.PIPE) as stubborn:
        assert stubborn.stdout
        stubborn.stdout.readline()

        guard.end({stubborn.pid: signal.SIGTERM}, patience=0.2)

        assert stubborn.wait() == -signal.SIGKILL


def wait_for(supervisor: Supervisor, name: str) -> None:
    """Return when the child has announced itself."""
    supervisor.wait_until(lambda: "up" in (supervisor.logs / f"{name}.log").read_text(), limit=20, name=name)


def send_three(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        for number in range(3):
            client.sendmail("clinic@mail.example", ["ada@mail.example"], f"Subject: {number}\r\n\r\nHellö".encode())


def listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
