"""Servers for one job: empty at the start, gone at the end."""

from pathlib import Path

import pytest

from config.embedded import EmbeddedError, Instance, scratch

MANAGE = "import sys; sys.exit('no such command') if 'unknown' in sys.argv else print('ran', *sys.argv[1:])"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "manage.py").write_text(MANAGE)
    monkeypatch.setattr(scratch, "PROJECT", tmp_path)
    monkeypatch.setattr(scratch, "instance", lambda name: Instance(name, tmp_path))
    return tmp_path


def test_what_an_earlier_job_left_is_deleted_and_so_is_ours(project, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody.example/theirs")
    left = project / ".local" / "bench" / "left"
    left.parent.mkdir(parents=True)
    left.touch()
    shown: list[str] = []

    with scratch.scratch("bench") as (plan, supervisor):
        assert not left.exists()
        assert plan.instance.sockets.exists()
        assert "theirs" not in plan.environment()["DATABASE_URL"]
        scratch.run_manage(supervisor, "seed_demo", show=shown.append)

    assert shown == ["ran seed_demo"]
    assert not plan.directory.exists()
    assert not plan.instance.sockets.exists()


def test_a_job_that_fails_leaves_nothing_either(project):
    with (
        pytest.raises(EmbeddedError, match="unknown failed: no such command"),
        scratch.scratch("bench") as (plan, supervisor),
    ):
        scratch.run_manage(supervisor, "unknown")

    assert not plan.directory.exists()
