"""Installing: once per state of the locked files, with whatever Python there is, or one line that says what to do."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from config.embedded.places import PROJECT

PYTHON = """#!/bin/sh
case "$*" in
*version_info*) exit {old} ;;
*ensurepip*) exit {incomplete} ;;
"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*"pip install"*) echo "$*" >>installed; exit {failing} ;;
-VV) echo "Python 3" ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("base", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(name)
    return tmp_path


def offer_python(project: Path, *, old: int = 0, incomplete: int = 0, failing: int = 0) -> None:
    """Put a stand-in for every Python into the only directory on PATH, beside a few system tools."""
    tools = project / "bin"
    tools.mkdir(exist_ok=True)
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3"):
        (tools / name).write_text(PYTHON.format(old=old, incomplete=incomplete, failing=failing))
        (tools / name).chmod(stat.S_IRWXU)
    for name in ("sh", "cksum", "cat", "mkdir", "cp", "rm", "mv"):
        if not (tools / name).exists():
            (tools / name).symlink_to(
                next(path for path in (Path("/bin") / name, Path("/usr/bin") / name) if path.exists())
            )


def install(project: Path, wanted: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", PROJECT / "config/embedded/install.sh", wanted],
        cwd=project,
        env=os.environ | {"PATH": str(project / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def installations(project: Path) -> int:
    log = project / "installed"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_a_second_start_installs_nothing_and_says_nothing(project: Path) -> None:
    offer_python(project)

    first, second = install(project, "base"), install(project, "base")

    assert first.returncode == second.returncode == 0
    assert "--require-hashes -r requirements/base.txt" in (project / "installed").read_text()
    assert installations(project) == 1
    assert second.stdout == second.stderr == ""


def test_a_changed_lock_file_installs_again(project: Path) -> None:
    offer_python(project)
    install(project, "base")

    (project / "requirements" / "base.txt").write_text("changed")
    install(project, "base")

    assert installations(project) == 2


def test_the_larger_set_serves_the_smaller_one_but_not_the_other_way(project: Path) -> None:
    offer_python(project)

    for wanted in ("base", "dev", "base"):
        assert install(project, wanted).returncode == 0

    assert installations(project) == 2


def test_a_failed_installation_leaves_no_stamp(project: Path) -> None:
    offer_python(project, failing=1)

    failed = install(project, "base")

    assert failed.returncode == 1
    assert failed.stderr.startswith("Installing failed")
    assert not list((project / ".venv").glob(".installed-*"))


def test_an_old_python_is_refused_in_one_line(project: Path) -> None:
    offer_python(project, old=1)

    refused = install(project, "base")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Python 3.11 or newer is needed")
    assert refused.stderr.count("\n") == 1


def test_a_python_without_venv_is_refused_in_one_line(project: Path) -> None:
    offer_python(project, incomplete=1)

    refused = install(project, "base")

    assert refused.returncode == 1
    assert "apt install python3-venv" in refused.stderr
    assert refused.stderr.count("\n") == 1
