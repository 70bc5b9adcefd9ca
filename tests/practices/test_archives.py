"""A clinic comes back from its archive as it was, alone, whole or not at all; and only from an archive that is what it says."""

import io
import json
import re
import tarfile
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from practices.archives import ArchiveError, CannotRestoreError, back_up, restore_clinic
from practices.archives.container import MANIFEST
from practices.audit.anchors import read_anchors
from practices.audit.models import Action, AuditEvent, record
from practices.audit.watching import check_audit, watch
from practices.keys import rotate_keys
from practices.models import Clinic, ClinicKey, Domain
from practices.opening import open_clinic
from practices.snapshots import dump
from practices.tenancy import hosts, inside
from practices.vault import Purpose
from practices.vault.checking import check_clinic
from tests import factories
from tests.harness.databases import Database, GoneError, gone_after, owner_rights

FILE = b"the pixels of a picture"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "north.clinic"


def content(schema_name: str) -> list[str]:
    """Everything in the schema but the events of its coming and going."""
    lines = re.sub(r"^(--|\\).*$", "", dump(schema_name), flags=re.MULTILINE).replace(schema_name, "…").splitlines()
    return sorted(
        line.rstrip(",;") for line in lines if "clinic backed up" not in line and "clinic restored" not in line
    )


def rows_only(schema_name: str) -> list[str]:
    chain = ("audit_auditchain", "audit_auditevent")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema_name])
        tables = sorted(name for (name,) in cursor.fetchall() if name not in chain)
        found = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{schema_name}"."{table}" one')
            found += sorted(f"{table}: {row}" for (row,) in cursor.fetchall())
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s", [schema_name])
        return found + sorted(map(str, cursor.fetchall()))


def fill(clinic: Clinic, at: datetime) -> str:
    """A client who wrote something sealed, events, and a file; returns the file's path."""
    with inside(clinic):
        client = factories.client()
        record(Action.CLIENT_ADDED, subject=client, by=None, at=at, client=client.pk)
        path = f"{clinic.pk}/pictures/one.webp"
        default_storage.save(path, ContentFile(FILE))
        return path


def read(path: str) -> bytes:
    with default_storage.open(path) as file:
        return bytes(file.read())


def suspend(clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(status=Clinic.Status.SUSPENDED)
    hosts.clear()


def test_a_clinic_goes_back_to_its_archive_and_no_other_is_touched(
    fresh_database: Database, archive: Path, at: datetime
) -> None:
    north = fresh_database.north
    path = fill(north, at)
    with owner_rights():
        before, elsewhere = rows_only("north"), content("south")
        taken = back_up(north, archive, at=at)
        with inside(north):
            factories.client()
            watch(north, at=at)
        default_storage.delete(path)
        default_storage.save(f"{north.pk}/pictures/later.webp", ContentFile(b"later"))
        suspend(north)

        restored = restore_clinic(archive, replace=True, at=at)

        assert rows_only("north") == before
        assert content("south") == elsewhere
    assert (restored.rows, restored.files, restored.tables) == (taken.rows, 1, taken.tables)
    assert read(path) == FILE
    assert not default_storage.exists(f"{north.pk}/pictures/later.webp")
    assert Clinic.objects.get(pk=north.pk).status == Clinic.Status.SUSPENDED
    with inside(north):
        assert check_audit(north).holds
        assert AuditEvent.objects.filter(action=Action.CLINIC_RESTORED).exists()
        assert not [checked.column for checked in check_clinic(north, sample=None) if checked.failed]
        assert len(read_anchors(north.pk)) == 1
        watch(north, at=at)
        assert not AuditEvent.objects.filter(action=Action.AUDIT_BROKEN).exists()


def gone(clinic: Clinic) -> None:
    """As after an accident: its rows, keys, tables and files are no more."""
    for place in default_storage.listdir(f"{clinic.pk}/pictures")[1]:
        default_storage.delete(f"{clinic.pk}/pictures/{place}")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{clinic.schema_name}" CASCADE')
    Clinic.objects.filter(pk=clinic.pk).delete()
    hosts.clear()


@pytest.mark.parametrize("name", ["north", "elsewhere"])
def test_a_clinic_that_is_gone_comes_back_under_any_name(
    fresh_database: Database, archive: Path, at: datetime, name: str
) -> None:
    north = fresh_database.north
    path = fill(north, at)
    with owner_rights():
        before = rows_only("north")
        back_up(north, archive, at=at)
        gone(north)
        if name != "north":
            # Its name was given to another clinic meanwhile, which lends it for a moment and keeps it.
            other = open_clinic(schema_name="north", name="Another", host="another.localhost")

        restored = restore_clinic(archive, schema_name=name, at=at)

        assert rows_only(name) == before
    clinic = restored.clinic
    assert (clinic.pk, clinic.schema_name, clinic.name) == (north.pk, name, "North")
    assert Domain.objects.get(tenant=clinic).domain == "north.localhost"
    assert read(path) == FILE
    with inside(clinic):
        assert not [checked.column for checked in check_clinic(clinic, sample=None) if checked.failed]
        record(Action.CLINIC_RESUMED, subject=clinic, by=None, at=at)
        assert check_audit(clinic).holds
    if name != "north":
        with inside(other):
            assert check_audit(other).holds


def test_a_restore_that_ends_at_any_moment_is_done_again(
    fresh_database: Database, archive: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = fresh_database.north
    path = fill(north, at)
    with owner_rights():
        archived = rows_only("north")
        back_up(north, archive, at=at)
        with inside(north):
            factories.client()
        present = rows_only("north")
        suspend(north)
        with monkeypatch.context() as full, pytest.raises(OSError, match="full"):
            full.setattr(default_storage, "save", disk_is_full)
            restore_clinic(archive, replace=True, at=at)
        assert Clinic.objects.get(pk=north.pk).status == Clinic.Status.PROVISIONING

        for statements in count(1, 17):
            try:
                with connection.execute_wrapper(gone_after(statements)):
                    restore_clinic(archive, replace=True, at=at)
                break
            except GoneError:
                assert rows_only("north") in (present, archived)

        assert statements > 50
        assert rows_only("north") == archived
    assert read(path) == FILE
    assert Clinic.objects.get(pk=north.pk).status == Clinic.Status.SUSPENDED


def disk_is_full(*_: object) -> None:
    raise OSError("the disk is full")


def test_keys_that_were_destroyed_since_come_back_and_the_present_ones_stay(
    fresh_database: Database, archive: Path, at: datetime
) -> None:
    north = fresh_database.north
    fill(north, at)
    with owner_rights():
        back_up(north, archive, at=at)
        rotate_keys(north, Purpose.CONTACT, by=None, at=at)
        ClinicKey.objects.filter(clinic=north).exclude(state=ClinicKey.State.ACTIVE).delete()
        present = set(north.keys.values_list("pk", flat=True))
        suspend(north)

        restore_clinic(archive, replace=True, at=at)

    assert set(north.keys.filter(state=ClinicKey.State.ACTIVE).values_list("pk", flat=True)) == present
    assert north.keys.get(state=ClinicKey.State.RETIRED).purpose == Purpose.CONTACT
    with inside(north):
        assert not [checked.column for checked in check_clinic(north, sample=None) if checked.failed]


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The same file with each member as `change` leaves it; without those for which it gives None."""
    with tarfile.open(archive) as tar:
        members = [(entry.name, tar.extractfile(entry).read()) for entry in tar]  # type: ignore[union-attr]
    with tarfile.open(archive, "w") as tar:
        for name, data in members:
            changed = change(name, data)
            if changed is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(changed)
                tar.addfile(entry, io.BytesIO(changed))


def without(missing: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name == missing else data


def with_a_flipped_bit(spoilt: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: bytes([data[0] ^ 1]) + data[1:] if name == spoilt else data


def claiming(**different: Any) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: json.dumps(json.loads(data) | different).encode() if name == MANIFEST else data


SPOILT = (
    (without("seal"), "has no end"),
    (without(MANIFEST), "has no end"),
    (without("pre-data.sql"), "pre-data.sql is not what was archived"),
    (with_a_flipped_bit("tables/accounts_user.gz"), "accounts_user.gz is not what was archived"),
    (with_a_flipped_bit("post-data.sql"), "post-data.sql is not what was archived"),
    (with_a_flipped_bit("seal"), "another master key"),
    (claiming(schema="public"), "not what was sealed"),
    (claiming(members={}), "not what was sealed"),
)


def test_an_archive_that_is_not_what_it_says_changes_nothing(
    fresh_database: Database, archive: Path, at: datetime
) -> None:
    north = fresh_database.north
    with owner_rights():
        back_up(north, archive, at=at)
        suspend(north)
        before, whole = content("north"), archive.read_bytes()

        for change, words in SPOILT:
            archive.write_bytes(whole)
            rewritten(archive, change)
            with pytest.raises(ArchiveError, match=words):
                restore_clinic(archive, replace=True, at=at)
        for length in (0, 700, 20_000):
            archive.write_bytes(whole[:length])
            with pytest.raises(ArchiveError):
                restore_clinic(archive, replace=True, at=at)

        assert content("north") == before


def test_an_archive_of_another_installation_is_refused(
    fresh_database: Database, archive: Path, at: datetime, settings: Settings
) -> None:
    with owner_rights():
        back_up(fresh_database.north, archive, at=at)
    settings.MASTER_KEY = bytes(32)

    with pytest.raises(ArchiveError, match="another master key"):
        restore_clinic(archive, replace=True, at=at)


def test_an_archive_of_a_newer_release_is_refused(
    fresh_database: Database, archive: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practices.archives.taking.migrations_in", lambda clinic: ["clients.9999_from_the_future"])
    with owner_rights():
        back_up(fresh_database.north, archive, at=at)

    with pytest.raises(CannotRestoreError, match=r"newer release: it has had clients\.9999"):
        restore_clinic(archive, replace=True, at=at)


def test_a_clinic_that_is_here_is_replaced_only_if_that_is_said_and_nobody_can_write(
    fresh_database: Database, archive: Path, at: datetime
) -> None:
    with owner_rights():
        back_up(fresh_database.north, archive, at=at)

        with pytest.raises(CannotRestoreError, match="is here"):
            restore_clinic(archive, at=at)
        with pytest.raises(CannotRestoreError, match="suspend it first"):
            restore_clinic(archive, replace=True, at=at)

    assert Clinic.objects.get(pk=fresh_database.north.pk).status == Clinic.Status.OPEN


def test_neither_a_name_nor_a_domain_is_taken_from_another_clinic(
    fresh_database: Database, archive: Path, at: datetime
) -> None:
    north = fresh_database.north
    fill(north, at)
    with owner_rights():
        back_up(north, archive, at=at)
        gone(north)

        with pytest.raises(CannotRestoreError, match="Another clinic is called south"):
            restore_clinic(archive, schema_name="south", at=at)
        with pytest.raises(CannotRestoreError, match="kept for the platform"):
            restore_clinic(archive, schema_name="public", at=at)
        Domain.objects.create(domain="north.localhost", tenant=fresh_database.south, is_primary=False)
        with pytest.raises(CannotRestoreError, match="leads to another clinic"):
            restore_clinic(archive, at=at)

    assert not Clinic.objects.filter(pk=north.pk).exists()


def test_a_backup_that_fails_leaves_no_file(
    fresh_database: Database, archive: Path, at: datetime, settings: Settings
) -> None:
    settings.PG_DUMP = "/bin/false"

    with owner_rights(), pytest.raises(CommandError, match="pg_dump failed"):
        call_command("backup_clinic", "north", to=archive)

    assert list(archive.parent.iterdir()) == []


def test_the_commands_say_what_they_did_and_refuse_to_write_over_a_file(
    fresh_database: Database, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner_rights():
        call_command("backup_clinic", "north", to=archive, json=True)
        taken = json.loads(capsys.readouterr().out)
        with pytest.raises(CommandError, match="is there already"):
            call_command("backup_clinic", "north", to=archive)
        with pytest.raises(CommandError, match="There is no clinic nowhere"):
            call_command("backup_clinic", "nowhere", to=archive)
        suspend(fresh_database.north)
        call_command("restore_clinic", archive, replace=True, json=True)
        restored = json.loads(capsys.readouterr().out)

    assert taken == {**restored, "file": str(archive)}
