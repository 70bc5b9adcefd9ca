"""A clinic is taken elsewhere: exported, erased, imported, it is the same in every count, hash and page, under other keys."""

import gc
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import tempfile
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from pyrage.x25519 import Identity
from pytest_django import Settings

from clients.models import Assignment, Response, Slip
from clients.models.slips import VALID_FOR, plain_code
from content.models import Article
from practices.accounts.models import User
from practices.audit.anchors import read_anchors
from practices.audit.models import Action, AuditEvent
from practices.audit.watching import check_audit
from practices.carrying import (
    ArchiveError,
    CannotImportError,
    CannotRestoreError,
    export_clinic,
    exporting,
    import_clinic,
)
from practices.carrying.container import MANIFEST, encrypting, members_of
from practices.erasing import erase_clinic, replay_erasures
from practices.erasures import erasures
from practices.models import Clinic, ClinicKey, Domain
from practices.resting import close_clinic, resume_clinic
from practices.snapshots import dump, schema_exists
from practices.tenancy import inside
from practices.vault import Purpose, blind_mark
from practices.vault.checking import check_clinic
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database, GoneError, gone_after, owner_rights
from tests.harness.second_step import type_second_step, with_app

FILE = b"the pixels of a picture"
PASSWORD = "a boat is late in the harbour"
CANARY = "The boat was late again."
SLIP = "2345-6789-ABCD-EFGH"
# Before assignments, occurrences and clients got more columns.
OLDER = "0011_pauses"


@pytest.fixture
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "north.age"


@pytest.fixture
def platform(fresh_database: Database) -> Clinic:
    found: Clinic = Clinic.objects.get(type=Clinic.Kind.PLATFORM)
    return found


@pytest.fixture
def north(fresh_database: Database, at: datetime) -> Clinic:
    """With people, work that was sent, kept, answered and begun, an article with a comment, factors, a slip, and a file."""
    clinic = fresh_database.north
    with inside(clinic):
        clinician = factories.staff(email="clinician@example.org")
        clinician.set_password(PASSWORD)
        clinician.save()
        with_app(clinician)
        client = factories.client(clinician, email="cleo@example.org")
        work = factories.assignment(
            client, by=clinician, exercise=factories.exercise(by=clinician), note="Take your time."
        )
        factories.response(work.occurrences.get(), kept=("safe",))
        begun = factories.assignment(client, by=clinician, exercise=factories.exercise(by=clinician))
        factories.draft(begun.occurrences.get(), answers={"words": "half a sen"})
        factories.comment(factories.article(by=clinician), approved_by=clinician)
        factories.invitation(by=clinician)
        marked = {"code_hash": blind_mark(plain_code(SLIP)), "made_by": clinician, "made_at": at}
        Slip.objects.create(client=client, expires_at=at + VALID_FOR, **marked)
        default_storage.save(f"{clinic.pk}/pictures/one.webp", ContentFile(FILE))
    return clinic


def exported(clinic: Clinic, file: Path, identity: Identity, platform: Clinic, at: datetime) -> dict[str, Any]:
    """Its manifest."""
    export_clinic(clinic, file, recipients=[identity.to_public()], platform=platform, at=at)
    return manifest_of(file, identity)


def manifest_of(file: Path, identity: Identity) -> dict[str, Any]:
    return dict(json.loads(content_of(file, identity)[MANIFEST]))


def content_of(file: Path, identity: Identity) -> dict[str, bytes]:
    with closing(members_of(file, [identity])) as members:
        return {name: member.read() for name, member in members}


def gone(clinic: Clinic, platform: Clinic, at: datetime) -> None:
    with inside(platform):
        close_clinic(clinic, by=None, at=at)
    erase_clinic(clinic, platform=platform, at=at, within_grace=True)


def same(manifest: dict[str, Any]) -> dict[str, Any]:
    """Counts and hashes of everything but the audit, which knows that the clinic was carried, and what names its id."""
    members = {
        name: member
        for name, member in manifest["members"].items()
        if not name.startswith("rows/audit_") and name != "clinic.json"
    }
    tables = {name: table for name, table in manifest["tables"].items() if not name.startswith("audit_")}
    return {"members": members, "tables": tables, "files": manifest["files"], "pages": manifest["pages"]}


def said_of(schema_name: str) -> list[str]:
    return [line for line in dump(schema_name).splitlines() if not line.startswith(("--", "\\"))]


def pages_of(clinic: Clinic) -> dict[str, str]:
    """What a visitor reads, without what is another in each answer."""
    found = {}
    with inside(clinic):
        article = Article.objects.get()
        paths = ("/", reverse("articles"), article.get_absolute_url(), reverse("author", args=[article.byline.slug]))
    for path in paths:
        response = Browser(clinic).get(path)
        assert response.status_code == 200, path
        text = response.content.decode().replace(f"{clinic.schema_name}.localhost", "…")
        found[path] = re.sub(r"<[^>]*>", "", text)
    return found


@pytest.mark.parametrize("name", ["north", "elsewhere"])
def test_an_exported_and_erased_clinic_comes_back_the_same_under_other_keys(
    fresh_database: Database,
    north: Clinic,
    platform: Clinic,
    file: Path,
    identity: Identity,
    at: datetime,
    settings: Settings,
    name: str,
) -> None:
    keys, seen = set(north.keys.values_list("pk", flat=True)), pages_of(north)
    with owner_rights():
        before = exported(north, file, identity, platform, at)
        gone(north, platform, at)
        elsewhere = said_of("south")
        settings.MASTER_KEY = secrets.token_bytes(32)

        done = import_clinic(file, [identity], platform=platform, schema_name=name, host=f"{name}.localhost", at=at)

        assert said_of("south") == elsewhere
        clinic = done.clinic
        assert (clinic.schema_name, clinic.status, clinic.origin) == (name, Clinic.Status.SUSPENDED, north.pk)
        assert clinic.created_at == north.created_at
        assert clinic.pk != north.pk
        assert not keys & set(clinic.keys.values_list("pk", flat=True))
        after = exported(clinic, file.with_name("again.age"), identity, platform, at)
    assert same(after) == same(before)
    assert (done.sha256, done.files, done.rows) == (
        hashlib.sha256(content_of(file, identity)[MANIFEST]).hexdigest(),
        before["files"],
        sum(table["rows"] for table in before["tables"].values()),
    )
    assert Domain.objects.get(tenant=clinic).domain == f"{name}.localhost"
    with inside(clinic):
        assert not [checked.column for checked in check_clinic(clinic, sample=None) if checked.failed]
        assert check_audit(clinic).holds
        assert AuditEvent.objects.filter(action=Action.CLINIC_IMPORTED).count() == 1
        assert len(read_anchors(clinic.pk)) == 1
    with default_storage.open(f"{clinic.pk}/pictures/one.webp") as kept:
        assert kept.read() == FILE
    assert Browser(clinic).get("/").status_code == 503
    with inside(platform):
        for action in (Action.CLINIC_EXPORTED, Action.CLINIC_IMPORTED):
            assert AuditEvent.objects.filter(action=action, subject_id=clinic.pk).count() == 1
        assert resume_clinic(clinic, by=None, at=at)
    assert pages_of(clinic) == seen
    assert_people_are_let_in(clinic)
    assert replay_erasures(platform=platform, at=at) == 0
    assert erasures().keys() == {north.pk}


def test_the_index_leads_to_everything_that_people_read(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime
) -> None:
    exported(north, file, identity, platform, at)

    members = content_of(file, identity)
    index = members["readable/index.html"].decode()
    links = set(re.findall(r'href="\.\./(readable/[^"]*)"', index))
    assert links == {name for name in members if re.match("readable/(clients|articles)/", name)}
    assert len(links) == 2
    assert ("Client, Cleo" in index, "Why is rest hard?" in index) == (True, True)
    assert {name.split("/")[1] for name in members if name.startswith("fhir/")} == {"clinic.json", "clients"}


def assert_people_are_let_in(clinic: Clinic) -> None:
    """By their password and their authenticator app, and by the slip that was printed before."""
    browser = Browser(clinic)
    browser.post(reverse("account_login"), {"login": "clinician@example.org", "password": PASSWORD})
    type_second_step(browser)
    assert browser.get(reverse("admin:queue")).status_code == 200
    with inside(clinic):
        assert User.objects.by_email("cleo@example.org").exists()
        assert Slip.objects.by_code(SLIP).exists()
        assert Response.objects.submitted().get().answers["words"] == CANARY


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cursors of connections that are gone
def test_an_import_that_ends_at_any_moment_is_done_again(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []
    with owner_rights():
        before = exported(north, file, identity, platform, at)
        gone(north, platform, at)
        for statements in count(1, 29):
            try:
                with connection.execute_wrapper(gone_after(statements)):
                    import_clinic(file, [identity], platform=platform, at=at)
                break
            except GoneError:
                states.append(state_of(north))
        assert {*states} == {"nothing", Clinic.Status.PROVISIONING}
        Clinic.objects.filter(origin=north.pk).update(status=Clinic.Status.PROVISIONING)
        with monkeypatch.context() as full, pytest.raises(OSError, match="full"):
            full.setattr(default_storage, "save", disk_is_full)
            import_clinic(file, [identity], platform=platform, at=at)
        assert state_of(north) == Clinic.Status.PROVISIONING

        done = import_clinic(file, [identity], platform=platform, at=at)

        assert same(exported(done.clinic, file.with_name("again.age"), identity, platform, at)) == same(before)
    assert done.clinic.status == Clinic.Status.SUSPENDED


def state_of(north: Clinic) -> str:
    found = Clinic.objects.filter(origin=north.pk).first()
    if found is None:
        assert not schema_exists("north")
        assert not ClinicKey.objects.exclude(clinic__schema_name__in=["south", "platform"]).exists()
        return "nothing"
    assert schema_exists("north")
    assert found.keys.count() == len(Purpose)
    assert Browser(found).get("/").status_code == 503
    return str(found.status)


def disk_is_full(*_: object) -> None:
    raise OSError("the disk is full")


def test_nothing_in_clear_ever_lies_on_the_disk(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = file.with_name("aside")
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    looked, before = [], unnamed_files()

    def look(line: str) -> None:
        looked.append(line)
        assert not list(aside.iterdir())
        assert unnamed_files() == before
        for path in file.parent.glob("*.age*"):
            assert b"boat" not in path.read_bytes()
            assert b"cleo" not in path.read_bytes()

    with owner_rights():
        export_clinic(north, file, recipients=[identity.to_public()], platform=platform, at=at, tell=look)
        assert CANARY.encode() in b"".join(content_of(file, identity).values())
        gone(north, platform, at)
        import_clinic(file, [identity], platform=platform, at=at, tell=look)

    assert len(looked) > 40
    assert list(file.parent.glob("*.unfinished")) == []


def unnamed_files() -> set[str]:
    """Files that this process has open and that stand in no directory any more, as temporary ones do."""
    paths = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
    return {name for name in (os.readlink(path) for path in paths if os.path.lexists(path)) if "(deleted)" in name}


def test_no_table_is_ever_in_memory_as_a_whole(
    fresh_database: Database, platform: Clinic, file: Path, identity: Identity, at: datetime
) -> None:
    north = fresh_database.north
    with inside(north), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO content_topic (id, name, slug, description) SELECT gen_random_uuid(), 'Topic ' || number,"
            " 'topic-' || number, repeat(md5(number::text), 9) FROM generate_series(1, 50000) number"
        )
    with owner_rights():
        written = {"recipients": [identity.to_public()], "platform": platform, "at": at}
        exporting = most_memory(lambda: export_clinic(north, file, **written))
        gone(north, platform, at)
        importing = most_memory(lambda: import_clinic(file, [identity], platform=platform, at=at))

    assert file.stat().st_size > 16 << 20
    assert max(exporting, importing) < 8 << 20, (exporting, importing)


def most_memory(work: Callable[[], object]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


Change = Callable[[dict[str, bytes]], None]


def rewritten(file: Path, identity: Identity, change: Change, *, honest: bool = False) -> None:
    """The same file with its members as `change` leaves them; honest: with a manifest that says so."""
    members = content_of(file, identity)
    change(members)
    if honest:
        manifest = json.loads(members.pop(MANIFEST))
        manifest["members"] = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()
        }
        members[MANIFEST] = json.dumps(manifest).encode()
    packed = io.BytesIO()
    with encrypting(packed, [identity.to_public()]) as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    file.write_bytes(packed.getvalue())


def without(name: str) -> Change:
    def change(members: dict[str, bytes]) -> None:
        del members[name]

    return change


def replacing(name: str, old: bytes, new: bytes) -> Change:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[name], members[name][:500]
        members[name] = members[name].replace(old, new)

    return change


USERS = "rows/accounts_user/000001.jsonl"
SPOILT: tuple[tuple[Change, str], ...] = (
    (without(MANIFEST), "has no end"),
    (without(USERS), "accounts_user.* is not what was exported"),
    (replacing(USERS, b"cleo", b"leon"), "accounts_user.* is not what was exported"),
    (lambda members: members.update({"more": b"than was said"}), "comes after the end"),
    (replacing(MANIFEST, b"clinic export 1", b"clinic export 9"), "reads a “clinic export 1”"),
    (replacing(MANIFEST, b"members", b"remembers"), "manifest can't be read"),
)
HOSTILE: tuple[tuple[Change, str], ...] = (
    (replacing(USERS, b'"display_name":', b'"another":'), "A row of accounts_user can't be read"),
    (replacing(USERS, b"\n", b"\nnonsense\n"), "A row of accounts_user can't be read"),
    (without(USERS), "accounts_user has other rows than the manifest says"),
    (replacing(MANIFEST, b'"accounts_user": {', b'"public.accounts_user": {'), "The table accounts_user is not what"),
    (replacing(MANIFEST, b'"display_name"', b'"display_name, password"'), "The table accounts_user is not what"),
    (replacing(MANIFEST, b"accounts.User.email", b"accounts.User.gone"), "accounts.User.gone was sealed there"),
    (replacing(USERS, b'"staff"', b'"nobody"'), "rows can't be stored: IntegrityError"),
    (
        replacing("rows/clients_client/000001.jsonl", b'"user_id":"0', b'"user_id":"1'),
        "can't be stored: IntegrityError",
    ),
    (replacing("rows/audit_auditevent/000001.jsonl", b"client added", b"client aided"), "audit does not hold"),
    (replacing("clinic.json", b'"marks"', b'"remarks"'), "of the clinic can't be read"),
    (replacing("clinic.json", b"Europe/London", b"Europe/Nowhere"), "of the clinic can't be read"),
    (replacing("clinic.json", b'"north"', b'"public"'), "kept for the platform"),
    (replacing("clinic.json", b"north.localhost", b"south.localhost"), "leads to another clinic"),
    (replacing(MANIFEST, b'"audit.0001_initial"', b'"audit.9999_later"'), "newer release: it has had audit.9999_later"),
)


@pytest.mark.parametrize(("changes", "honest"), [(SPOILT, False), (HOSTILE, True)], ids=["spoilt", "hostile"])
def test_an_export_that_is_not_what_it_says_changes_nothing(
    fresh_database: Database,
    north: Clinic,
    platform: Clinic,
    file: Path,
    identity: Identity,
    at: datetime,
    changes: tuple[tuple[Change, str], ...],
    honest: bool,
) -> None:
    with owner_rights():
        exported(north, file, identity, platform, at)
        gone(north, platform, at)
        whole = file.read_bytes()

        for change, words in changes:
            file.write_bytes(whole)
            rewritten(file, identity, change, honest=honest)
            with pytest.raises((ArchiveError, CannotRestoreError), match=words):
                import_clinic(file, [identity], platform=platform, at=at)

            assert not Clinic.objects.filter(origin=north.pk).exists()
            assert not schema_exists("north")
    assert Clinic.objects.count() == 2


def test_a_file_that_was_cut_off_or_changed_or_is_for_somebody_else_does_not_open(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime
) -> None:
    with owner_rights():
        exported(north, file, identity, platform, at)
        whole = file.read_bytes()
        cases = (
            (whole[: len(whole) // 2], identity, "can't be read"),
            (whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], identity, "can't be read"),
            (whole, Identity.generate(), "does not open with this identity"),
            (b"something else altogether", identity, "no file of age's"),
        )

        for data, key, words in cases:
            file.write_bytes(data)
            with pytest.raises(ArchiveError, match=words):
                import_clinic(file, [key], platform=platform, at=at)


def test_a_clinic_that_is_here_is_not_imported(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime
) -> None:
    with owner_rights():
        exported(north, file, identity, platform, at)
        with pytest.raises(CannotImportError, match="north is this clinic, and is here"):
            import_clinic(file, [identity], platform=platform, schema_name="another", at=at)
        gone(north, platform, at)
        with pytest.raises(CannotRestoreError, match="Another clinic is called south"):
            import_clinic(file, [identity], platform=platform, schema_name="south", at=at)
        with pytest.raises(CannotRestoreError, match="leads to another clinic"):
            import_clinic(file, [identity], platform=platform, host="south.localhost", at=at)
        again = import_clinic(file, [identity], platform=platform, at=at).clinic

        with pytest.raises(CannotImportError, match="north is this clinic, and is here"):
            import_clinic(file, [identity], platform=platform, schema_name="another", at=at)

        # It is known for the same wherever it goes, however often.
        later = exported(again, file.with_name("later.age"), identity, platform, at)
    assert (later["clinic"], later["origin"]) == (str(again.pk), str(north.pk))


def test_an_export_of_an_older_release_is_brought_to_this_one(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime
) -> None:
    targets = [node for node in MigrationLoader(None).graph.leaf_nodes() if node[0] != "clients"]
    former = MigrationLoader(None).project_state([*targets, ("clients", OLDER)]).apps
    columns = {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields]
        for model in former.get_models(include_auto_created=True)
    }

    def as_of_then(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["migrations"] = [name for name in manifest["migrations"] if not f"clients.{OLDER}" < name < "content"]
        for name in [name for name in manifest["tables"] if name.startswith("clients_")]:
            table = manifest["tables"][name]
            table["columns"] = [column for column in table["columns"] if column in columns[name]]
            for part in [part for part in members if part.startswith(f"rows/{name}/")]:
                rows = [json.loads(line) for line in members[part].splitlines()]
                kept = [{column: row[column] for column in table["columns"]} for row in rows]
                members[part] = b"".join(json.dumps(row).encode() + b"\n" for row in kept)
        members[MANIFEST] = json.dumps(manifest).encode()

    with owner_rights():
        exported(north, file, identity, platform, at)
        gone(north, platform, at)
        rewritten(file, identity, as_of_then, honest=True)

        clinic = import_clinic(file, [identity], platform=platform, at=at).clinic

    with inside(clinic):
        assert Assignment.objects.count() == 2
        assert not [checked.column for checked in check_clinic(clinic, sample=None) if checked.failed]
        assert check_audit(clinic).holds


def test_an_export_that_fails_leaves_no_file_and_one_that_is_not_on_record_is_none(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_rights():
        with monkeypatch.context() as broken, pytest.raises(RuntimeError):
            broken.setattr(exporting, "record", cant_record)
            exported(north, file, identity, platform, at)
        with inside(north), connection.cursor() as cursor:
            cursor.execute("UPDATE clients_assignment SET note = set_byte(note, 40, 1 # get_byte(note, 40))")
        with pytest.raises(CommandError, match=r"run vault_check.*clients\.Assignment\.note, row"):
            call_command("export_clinic", "north", to=file, recipient=[str(identity.to_public())])

    assert list(file.parent.glob("*.age*")) == []


def cant_record(*_: object, **__: object) -> None:
    raise RuntimeError


def test_the_commands_say_what_they_did(
    north: Clinic, platform: Clinic, file: Path, identity: Identity, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = file.with_name("identity.txt")
    keys.write_text(f"# made by age-keygen\n{identity}\n")
    recipient = [str(identity.to_public())]
    with owner_rights():
        with pytest.raises(CommandError, match="begin with age1"):
            call_command("export_clinic", "north", to=file, recipient=["age1nonsense"])
        with pytest.raises(CommandError, match="The platform itself"):
            call_command("export_clinic", "platform", to=file, recipient=recipient)
        call_command("export_clinic", "north", to=file, recipient=recipient, json=True)
        written = json.loads(capsys.readouterr().out)
        with pytest.raises(CommandError, match="is there already"):
            call_command("export_clinic", "north", to=file, recipient=recipient)
        gone(north, platform, at)
        with pytest.raises(CommandError, match=r"north\.age holds no identity"):
            call_command("import_clinic", file, identity=file)
        call_command("import_clinic", file, identity=keys, schema_name="elsewhere", json=True)
        read = json.loads(capsys.readouterr().out)

    assert {name: written[name] for name in ("tables", "rows", "files", "manifest")} == {
        name: value for name, value in read.items() if name != "clinic"
    }
    assert (read["clinic"], file.stat().st_mode & 0o777) == ("elsewhere", 0o600)
