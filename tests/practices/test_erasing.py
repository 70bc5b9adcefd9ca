"""A clinic that has left is erased, alone and for good, and not by mistake."""

import json
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from practices.archives import CannotRestoreError, back_up, restore_clinic
from practices.audit.anchors import anchor_file
from practices.audit.models import Action, AuditEvent
from practices.audit.watching import watch
from practices.erasing import GRACE, CannotEraseError, erase_clinic, replay_erasures
from practices.erasures import ErasuresUnreadableError, erasures
from practices.files import files_below
from practices.migrating import migrate_clinics
from practices.models import Clinic, ClinicKey, ClinicMigration, ClinicWakeup, Domain
from practices.opening import open_clinic
from practices.resting import close_clinic, hold_clinic, resume_clinic
from practices.snapshots import dump, schema_exists
from practices.tenancy import hosts, inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database, GoneError, gone_after, owner_rights


@pytest.fixture
def platform(fresh_database: Database) -> Clinic:
    with owner_rights():
        return open_clinic(
            schema_name="platform", name="Platform", host="platform.localhost", kind=Clinic.Kind.PLATFORM
        )


@pytest.fixture
def north(fresh_database: Database) -> Clinic:
    """With a client, an anchor and a file."""
    clinic = fresh_database.north
    with inside(clinic):
        factories.client()
        watch(clinic, at=clinic.created_at)
    default_storage.save(f"{clinic.pk}/pictures/one.webp", ContentFile(b"pixels"))
    return clinic


def close(clinic: Clinic, platform: Clinic, *, at: datetime) -> None:
    with inside(platform):
        assert close_clinic(clinic, by=None, at=at)


def recorded(platform: Clinic, action: Action, clinic: Clinic) -> bool:
    with inside(platform):
        return AuditEvent.objects.filter(action=action, subject_id=clinic.pk).exists()


def said_of(schema_name: str) -> list[str]:
    """The schema as SQL, without what pg_dump says of its own run."""
    return [line for line in dump(schema_name).splitlines() if not line.startswith(("--", "\\"))]


def assert_gone(clinic: Clinic, platform: Clinic) -> None:
    assert not schema_exists(clinic.schema_name)
    for model in (Domain, ClinicKey, ClinicWakeup, ClinicMigration):
        field = "tenant" if model is Domain else "clinic"
        assert not model.objects.filter(**{field: clinic.pk}).exists()  # type: ignore[attr-defined]
    assert not Clinic.objects.filter(pk=clinic.pk).exists()
    assert list(files_below(str(clinic.pk))) == []
    assert not anchor_file(clinic.pk).exists()
    assert clinic.pk in erasures()
    assert recorded(platform, Action.CLINIC_ERASED, clinic)


def test_an_erased_clinic_is_gone_and_no_other_is_touched(
    fresh_database: Database, north: Clinic, platform: Clinic, at: datetime
) -> None:
    south = fresh_database.south
    default_storage.save(f"{south.pk}/pictures/one.webp", ContentFile(b"theirs"))
    with owner_rights():
        elsewhere = said_of("south")
        close(north, platform, at=at)

        erase_clinic(north, platform=platform, at=at + GRACE)

        assert said_of("south") == elsewhere
    assert_gone(north, platform)
    assert recorded(platform, Action.KEYS_DESTROYED, north)
    assert len(list(files_below(str(south.pk)))) == 1
    assert Browser(north).get("/").status_code == 404
    assert Browser(south).get("/").status_code == 200


def test_an_erasure_that_ends_at_any_moment_is_gone_on_with(north: Clinic, platform: Clinic, at: datetime) -> None:
    close(north, platform, at=at)
    with owner_rights():
        for statements in count(1, 3):
            try:
                with connection.execute_wrapper(gone_after(statements)):
                    erase_clinic(north, platform=platform, at=at + GRACE)
                break
            except GoneError:
                # Whole, or without a key, or no more; never tables whose keys are half there.
                found = Clinic.objects.get(pk=north.pk)
                assert schema_exists("north") == found.keys.exists()
                assert Browser(north).get("/").status_code == 503
        list(migrate_clinics())

    assert statements > 10
    assert_gone(north, platform)
    with inside(platform):
        assert AuditEvent.objects.filter(action=Action.CLINIC_ERASED).count() == 1


def test_a_clinic_half_erased_is_left_alone_by_everything_else(
    north: Clinic, platform: Clinic, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(north, platform, at=at)
    with owner_rights():
        with monkeypatch.context() as broken, pytest.raises(OSError, match="the disk is gone"):
            broken.setattr(default_storage, "delete", disk_is_gone)
            erase_clinic(north, platform=platform, at=at + GRACE)
        assert Clinic.objects.get(pk=north.pk).status == Clinic.Status.ERASING

        assert north.pk not in {done.clinic.pk for done in migrate_clinics()}
        with inside(platform):
            assert not resume_clinic(north, by=None, at=at)
            assert not hold_clinic(north, reason="too late", by=None, at=at)
        with pytest.raises(CommandError, match="There is no clinic north"):
            call_command("backup_clinic", "north", to=Path("nowhere"))


def disk_is_gone(*_: object) -> None:
    raise OSError("the disk is gone")


def test_only_a_closing_clinic_is_erased_and_after_its_days_of_grace(
    north: Clinic, platform: Clinic, at: datetime
) -> None:
    with pytest.raises(CannotEraseError, match="Close it first"):
        erase_clinic(north, platform=platform, at=at)
    close(north, platform, at=at)
    assert Browser(north).get("/").status_code == 503

    with pytest.raises(CannotEraseError, match=f"from {at + GRACE:%Y-%m-%d} on"):
        erase_clinic(north, platform=platform, at=at + GRACE - timedelta(seconds=1))

    with inside(platform):
        assert resume_clinic(north, by=None, at=at)
    north.refresh_from_db()
    assert (north.status, north.closing_since) == (Clinic.Status.OPEN, None)
    assert Browser(north).get("/").status_code == 200
    assert erasures() == {}


def test_a_held_clinic_is_not_erased_whatever_is_said(north: Clinic, platform: Clinic, at: datetime) -> None:
    close(north, platform, at=at)
    with inside(platform):
        assert hold_clinic(north, reason="case 17", by=None, at=at)
        assert not hold_clinic(north, reason="case 17", by=None, at=at)

    with pytest.raises(CannotEraseError, match="held: case 17"):
        erase_clinic(north, platform=platform, at=at + GRACE, within_grace=True)

    assert recorded(platform, Action.CLINIC_HELD, north)
    with inside(platform):
        assert hold_clinic(north, reason="", by=None, at=at)
    with owner_rights():
        erase_clinic(north, platform=platform, at=at, within_grace=True)
    assert_gone(north, platform)


def test_a_list_that_cannot_be_written_or_read_keeps_the_clinic(
    north: Clinic, platform: Clinic, at: datetime, settings: Settings
) -> None:
    close(north, platform, at=at)
    settings.ERASURES.write_text('{"clinic": 7}\n')

    with owner_rights(), pytest.raises(ErasuresUnreadableError, match=r"erasures\.jsonl"):
        erase_clinic(north, platform=platform, at=at + GRACE)
    settings.ERASURES = settings.ERASURES / "below a file"
    with owner_rights(), pytest.raises(OSError, match="File exists"):
        erase_clinic(north, platform=platform, at=at + GRACE)

    assert Clinic.objects.get(pk=north.pk).status == Clinic.Status.CLOSING
    assert schema_exists("north")


def test_a_clinic_that_a_restore_of_everything_brought_back_goes_again(
    fresh_database: Database, north: Clinic, platform: Clinic, at: datetime, tmp_path: Path
) -> None:
    archive = tmp_path / "north.clinic"
    with owner_rights():
        back_up(north, archive, at=at)
        close(north, platform, at=at)
        erase_clinic(north, platform=platform, at=at + GRACE)
        with pytest.raises(CannotRestoreError, match=f"erased on {at + GRACE:%Y-%m-%d}"):
            restore_clinic(archive, at=at)
        back_again(north, tmp_path)

        assert replay_erasures(platform=platform, at=at + 2 * GRACE) == 1
        assert replay_erasures(platform=platform, at=at + 2 * GRACE) == 0

    assert_gone(north, platform)
    assert Clinic.objects.filter(pk=fresh_database.south.pk, status=Clinic.Status.OPEN).exists()


def back_again(clinic: Clinic, aside: Path) -> None:
    """As after a restore of database and disk from before: a row, a schema, a file, and a list that was kept elsewhere."""
    Clinic.objects.create(pk=clinic.pk, schema_name="north", name="North", status=Clinic.Status.OPEN)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA north")
    default_storage.save(f"{clinic.pk}/pictures/one.webp", ContentFile(b"pixels"))
    hosts.clear()


def test_the_platform_remembers_what_was_erased_where_the_list_is_lost(
    north: Clinic, platform: Clinic, at: datetime, tmp_path: Path, settings: Settings
) -> None:
    archive = tmp_path / "north.clinic"
    with owner_rights():
        back_up(north, archive, at=at)
        close(north, platform, at=at)
        erase_clinic(north, platform=platform, at=at + GRACE)
        settings.ERASURES.unlink()

        with pytest.raises(CannotRestoreError, match="stays gone"):
            restore_clinic(archive, at=at)


def test_a_restore_keeps_the_hold_and_ends_the_closing(
    north: Clinic, platform: Clinic, at: datetime, tmp_path: Path
) -> None:
    archive = tmp_path / "north.clinic"
    with owner_rights():
        back_up(north, archive, at=at)
        close(north, platform, at=at)
        with inside(platform):
            hold_clinic(north, reason="case 17", by=None, at=at)

        restore_clinic(archive, replace=True, at=at)

    north.refresh_from_db()
    assert (north.status, north.closing_since, north.legal_hold) == (Clinic.Status.SUSPENDED, None, "case 17")


def test_a_closing_clinic_says_since_when(north: Clinic) -> None:
    with pytest.raises(IntegrityError, match="clinic_closing_since_known"), transaction.atomic():
        Clinic.objects.filter(pk=north.pk).update(status=Clinic.Status.CLOSING)


def test_the_platform_is_neither_closed_nor_held(platform: Clinic, at: datetime) -> None:
    with inside(platform):
        assert not close_clinic(platform, by=None, at=at)
        assert not hold_clinic(platform, reason="case 17", by=None, at=at)


def test_the_commands_close_hold_and_erase_and_say_what_changed(
    north: Clinic, platform: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*args: str, **options: object) -> str:
        call_command(*args, **options)
        return capsys.readouterr().out.strip()

    assert said("close_clinic", "north") == "north is closing, and can be erased in 30 days."
    assert said("close_clinic", "north") == "north is closing already, or is the platform."
    assert json.loads(said("hold_clinic", "north", because="case 17", json=True)) == {
        **{"clinic": "north", "changed": True, "status": "closing"},
    }
    with owner_rights():
        with pytest.raises(CommandError, match="names south, not north"):
            call_command("erase_clinic", "north", yes_erase="south")
        with pytest.raises(CommandError, match="held: case 17"):
            call_command("erase_clinic", "north", yes_erase="north", within_grace=True)
        assert said("hold_clinic", "north", lift=True) == "north is no longer held."
        with pytest.raises(CommandError, match="may still come back"):
            call_command("erase_clinic", "north", yes_erase="north")
        assert said("erase_clinic", "north", yes_erase="north", within_grace=True).endswith("Now delete its archives.")
        assert json.loads(said("replay_erasures", json=True)) == {"erased": 0}
    assert_gone(north, platform)
