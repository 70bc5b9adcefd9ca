"""Every clinic has an archive of each day; what is old runs out, but never while there is nothing new."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from practices.archives.nightly import run_out
from tests.factories import AT
from tests.harness.databases import Database, owner_rights


def make(directory: Path, clinic: str, days_ago: int) -> Path:
    file = directory / clinic / f"{AT - timedelta(days=days_ago):%Y-%m-%d}.clinic"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return file


def test_each_clinic_gets_one_a_day(
    fresh_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = f"{timezone.now():%Y-%m-%d}.clinic"
    with owner_rights():
        for _ in range(2):
            call_command("backup_clinics", to=tmp_path / "archives", json=True)

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert sorted(first["taken"]) == ["north", "platform", "south"]
    assert second == {"taken": [], "failed": [], "run_out": []}
    files = {str(path.relative_to(tmp_path / "archives")) for path in (tmp_path / "archives").glob("*/*")}
    assert files == {f"{name}/{today}" for name in ("north", "platform", "south")}


def test_one_that_fails_stops_no_other_and_keeps_what_is_old(
    fresh_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = make(tmp_path, "south", 5000)
    (tmp_path / "north").touch()  # where a folder should be

    with owner_rights(), pytest.raises(CommandError, match="No archive of: north"):
        call_command("backup_clinics", to=tmp_path, keep=3)

    assert old.exists()
    assert (tmp_path / "south" / f"{timezone.now():%Y-%m-%d}.clinic").exists()
    assert "north: FileExistsError" in capsys.readouterr().out


def test_without_pg_dump_nothing_is_taken_and_that_is_said(
    fresh_database: Database, tmp_path: Path, settings: Settings
) -> None:
    settings.PG_DUMP = ""

    with owner_rights(), pytest.raises(CommandError, match="No archive of: "):
        call_command("backup_clinics", to=tmp_path)

    assert not list(tmp_path.glob("*/*.clinic"))


def test_archives_run_out_and_other_files_do_not(tmp_path: Path) -> None:
    kept, old, of_an_erased_clinic = (
        make(tmp_path, "north", 30),
        make(tmp_path, "north", 31),
        make(tmp_path, "gone", 400),
    )
    other = tmp_path / "north" / "before-the-move.clinic"
    other.touch()

    assert run_out(tmp_path, days=30, at=AT) == [of_an_erased_clinic, old]
    assert kept.exists()
    assert other.exists()


def test_nobody_is_left_without_any(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="one day at least"):
        call_command("backup_clinics", to=tmp_path, keep=0)
