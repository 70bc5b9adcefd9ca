"""New keys for old: everything still opens, nothing written meanwhile is lost, and it can be killed at any moment."""

import json
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from clients.models import Client, Response
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.identifiers import new_id
from practices.keys import destroy_keys, rotate_keys
from practices.models import Clinic, ClinicKey
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from practices.vault import Purpose, VaultError
from practices.vault.columns import SealedColumn, fields_of, index_columns, sealed_places
from practices.vault.fields import Sealed, SealedTextField
from practices.vault.keyring import ACTIVE_TTL, keyring
from practices.vault.rotation import BATCH, GRACE, Rotated, begin_rotation, purposes_in, reseal, reseal_batch
from practices.vault.sealing import key_id_of
from tests import factories
from tests.harness.databases import Database, owner_rights
from tests.harness.second_step import with_app

State = ClinicKey.State


def active(clinic: Clinic, purpose: Purpose) -> ClinicKey:
    return ClinicKey.objects.get(clinic=clinic, purpose=purpose, state=State.ACTIVE)


def keys_named(model: Any, column: str) -> set[Any]:
    return {key_id_of(value) for value in model.objects.values_list(column, flat=True) if value is not None}


def column(model: Any, name: str) -> SealedColumn:
    return SealedColumn(model._meta.get_field(name))


def test_every_sealed_column_is_found_without_a_list() -> None:
    names = {str(one) for one in sealed_places("clinic")}

    assert {"clients.Response.answers", "clients.Response.kept", "accounts.User.email"} <= names
    columns = {f"{f.model._meta.label}.{f.attname}" for f in fields_of("clinic") if isinstance(f, SealedTextField)}
    assert names == columns | {"mfa.Authenticator.data.secret", "mfa.Authenticator.data.seed"}
    at_platform = {str(one) for one in sealed_places("platform")}
    assert at_platform - {"console.OpeningRequest.address"} < names
    assert [str(one) for one in index_columns("platform")] == [
        "accounts.User.email_index",
        "accounts.Invitation.address_index",
    ]


def test_what_is_written_from_now_on_is_under_the_new_key_and_old_values_open(
    north: Clinic, client_person: Client, at: datetime
) -> None:
    old = active(north, Purpose.CONTACT)
    before = Client.objects.get(pk=client_person.pk)
    assert begin_rotation(north, Purpose.CONTACT, at=at)
    keyring.forget()

    after = Client.objects.get(pk=client_person.pk)
    after.contact = {"phone": "1"}
    after.save()

    assert before.contact == {"phone": ""}
    assert keys_named(Client, "contact") == {active(north, Purpose.CONTACT).pk} != {old.pk}


def test_a_process_learns_of_another_key_within_seconds(
    north: Clinic, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("practices.vault.keyring.time.monotonic", lambda: now)
    old, _ = keyring.active(north.pk, Purpose.NOTES)
    begin_rotation(north, Purpose.NOTES, at=at)  # as if in another process: the commit would have been noticed here

    assert keyring.active(north.pk, Purpose.NOTES)[0] == old
    now += ACTIVE_TTL
    assert keyring.active(north.pk, Purpose.NOTES)[0] == active(north, Purpose.NOTES).pk != old
    assert keyring.by_id(north.pk, old)


def test_rotating_seals_everything_anew_and_it_opens_as_before(fresh_database: Database, at: datetime) -> None:
    """What was sent as well, which the web's role can't touch."""
    north = fresh_database.north
    old = {purpose: active(north, purpose).pk for purpose in Purpose}
    with inside(north):
        clinician = with_app(factories.staff())
        work = factories.assignment(factories.client(clinician), by=clinician, exercise=factories.exercise())
        factories.response(work.occurrences.get(), kept=("words",))
        before = Response.objects.values("version", "state", "submitted_at", "saved_at", "request_id").get()
        written = Response.objects.get()
        answers, kept = written.answers, written.kept

    with owner_rights():
        for purpose in purposes_in(north.type):
            assert rotate_keys(north, purpose, by=None, at=at).began
    keyring.forget()

    with inside(north):
        for place in sealed_places(north.type):
            key = active(north, place.purpose).pk
            assert place.under(key).count() == place.rows().count()
            assert key != old[place.purpose] and not place.under(old[place.purpose]).exists()
            for row, value in place.values(place.rows()):
                place.open(row, value)
        found = Response.objects.get()
        assert (found.answers, found.kept) == (answers, kept) and kept
        assert Response.objects.values(*before).get() == before
        assert AuditEvent.objects.filter(action=Action.KEYS_ROTATED).count() == len(purposes_in(north.type))


def test_a_key_that_nothing_is_sealed_with_is_left_alone(north: Clinic) -> None:
    assert Purpose.FILES not in purposes_in(north.type)


def test_an_old_key_goes_when_nobody_can_be_using_it(north: Clinic, client_person: Client, at: datetime) -> None:
    first = rotate_keys(north, Purpose.CONTACT, by=None, at=at)
    early = rotate_keys(north, Purpose.CONTACT, by=None, at=at + GRACE, begin=False)
    late = rotate_keys(north, Purpose.CONTACT, by=None, at=at + GRACE + timedelta(seconds=1), begin=False)

    assert (first.destroyed, first.waiting) == (early.destroyed, early.waiting) == (0, 1)
    assert (late.destroyed, late.waiting) == (1, 0)
    assert north.keys.filter(purpose=Purpose.CONTACT).count() == 1


def test_a_key_that_a_value_names_is_never_destroyed(north: Clinic, client_person: Client, at: datetime) -> None:
    value = bytearray(Client.objects.values_list("contact", flat=True).get())
    value[-1] ^= 1
    Client.objects.update(contact=Sealed(value))
    named = key_id_of(bytes(value))

    rotate_keys(north, Purpose.CONTACT, by=None, at=at)
    later = rotate_keys(north, Purpose.CONTACT, by=None, at=at + 2 * GRACE, begin=False)

    assert later.failed == {"clients.Client.contact": [client_person.pk]}
    assert (later.destroyed, later.waiting) == (0, 1)
    assert north.keys.filter(pk=named, state=State.SPENT).exists()
    assert Client.objects.values_list("contact", flat=True).get() == value


def test_what_a_slow_process_sealed_with_the_old_key_is_found_later(
    north: Clinic, client_person: Client, at: datetime
) -> None:
    slow = Client.objects.values_list("contact", flat=True).get()
    rotate_keys(north, Purpose.CONTACT, by=None, at=at)
    Client.objects.update(contact=slow)

    later = rotate_keys(north, Purpose.CONTACT, by=None, at=at + 2 * GRACE, begin=False)

    assert (later.resealed, later.destroyed) == (1, 1)


def test_an_edit_during_the_rotation_survives(north: Clinic, client_person: Client, at: datetime) -> None:
    begin_rotation(north, Purpose.CONTACT, at=at)
    keyring.forget()
    contact = column(Client, "contact")
    batch = contact.values(contact.rows())
    edited = Client.objects.get(pk=client_person.pk)
    edited.contact = {"phone": "in between"}
    edited.save()

    done = reseal_batch(contact, batch, Rotated(Purpose.CONTACT))

    assert done == 0
    assert Client.objects.get(pk=client_person.pk).contact == {"phone": "in between"}


def test_a_rotation_under_way_is_brought_to_its_end_before_another_begins(
    north: Clinic, client_person: Client, at: datetime
) -> None:
    assert begin_rotation(north, Purpose.CONTACT, at=at)
    assert not begin_rotation(north, Purpose.CONTACT, at=at)

    reseal(north, Purpose.CONTACT, Rotated(Purpose.CONTACT))

    assert begin_rotation(north, Purpose.CONTACT, at=at)


def test_people_are_found_by_address_after_their_index_is_under_another_key(
    north: Clinic, clinician: User, client_person: Client, at: datetime
) -> None:
    old = active(north, Purpose.LOOKUP)

    result = rotate_keys(north, Purpose.LOOKUP, by=None, at=at)

    assert result.began and result.resealed == User.objects.count()
    assert active(north, Purpose.LOOKUP).pk != old.pk
    assert User.objects.by_email("Clinician@example.org").get() == clinician
    assert rotate_keys(north, Purpose.LOOKUP, by=None, at=at + 2 * GRACE, begin=False).destroyed == 1


def test_indexes_stay_as_they_are_if_an_address_does_not_open(
    north: Clinic, clinician: User, client_person: Client, at: datetime
) -> None:
    before = set(User.objects.values_list("email_index", flat=True))
    stolen = User.objects.values_list("email", flat=True).get(pk=clinician.pk)
    User.objects.filter(pk=client_person.user.pk).update(email=stolen)

    with pytest.raises(VaultError):
        rotate_keys(north, Purpose.LOOKUP, by=None, at=at)

    assert set(User.objects.values_list("email_index", flat=True)) == before
    assert User.objects.by_email("clinician@example.org").exists()
    assert not north.keys.exclude(state=State.ACTIVE).exists()


def test_destroyed_keys_open_nothing(
    north: Clinic, clinics: dict[str, Clinic], client_person: Client, at: datetime
) -> None:
    with inside(clinics["platform"]):
        assert destroy_keys(north, by=None, at=at) == len(Purpose)
        assert AuditEvent.objects.get(action=Action.KEYS_DESTROYED).subject_id == north.pk
    keyring.forget()  # which the commit would do

    with pytest.raises(VaultError):
        _ = Client.objects.get(pk=client_person.pk).contact


# ── The command, on a database of its own ──


def rotate_command(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rotate_keys", "--json", *options, stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_command_rotates_every_clinic(fresh_database: Database) -> None:
    found = rotate_command()

    assert {(one["clinic"], one["purpose"]) for one in found["results"]} == {
        (clinic.schema_name, purpose) for clinic in Clinic.objects.all() for purpose in purposes_in(clinic.type)
    }
    assert all(one["began"] for one in found["results"])
    call_command("vault_check", "--all", stdout=StringIO())


def test_the_command_keeps_to_one_clinic_and_purpose(fresh_database: Database) -> None:
    found = rotate_command("--clinic", "north", "--purpose", "notes")

    assert [(one["clinic"], one["purpose"]) for one in found["results"]] == [("north", "notes")]
    assert set(ClinicKey.objects.exclude(state=State.ACTIVE).values_list("clinic__schema_name", "purpose")) == {
        ("north", "notes")
    }


def test_the_command_refuses_a_clinic_that_is_none(fresh_database: Database) -> None:
    with pytest.raises(CommandError, match="no clinic west"):
        rotate_command("--clinic", "west")


def test_a_rotation_that_is_killed_goes_on_where_it_was(fresh_database: Database) -> None:
    """The process is held at a row of its last batch, and killed there; then the command is run again."""
    north, batches = fresh_database.north, 4
    with inside(north):
        OutboxMail.objects.bulk_create(mail(number) for number in range(batches * BATCH))
        last = OutboxMail.objects.order_by("-pk")[0]
    old = active(north, Purpose.CONTACT)
    command = [sys.executable, "manage.py", "rotate_keys", "--clinic", "north", "--purpose", "contact"]
    environment = fresh_database.environment | {"PYTHONUNBUFFERED": "1"}
    with inside(north), transaction.atomic():
        OutboxMail.objects.select_for_update().get(pk=last.pk)
        with subprocess.Popen(
            command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            for line in process.stdout:
                if f"{(batches - 1) * BATCH} sealed anew" in line:
                    process.send_signal(signal.SIGKILL)
                    break
    assert process.returncode == -signal.SIGKILL
    mails = column(OutboxMail, "details")
    with inside(north):
        assert mails.under(old.pk).count() == BATCH
        assert mails.under(active(north, Purpose.CONTACT).pk).count() == (batches - 1) * BATCH
        keyring.forget()  # ten seconds later
        edited = OutboxMail.objects.get(pk=last.pk)
        edited.details = {"edited": "before it went on"}
        edited.save()

    (result,) = rotate_command("--clinic", "north", "--purpose", "contact")["results"]

    assert (result["began"], result["resealed"]) == (False, BATCH - 1)
    with inside(north):
        assert not mails.under(old.pk).exists()
        assert OutboxMail.objects.get(pk=last.pk).details == {"edited": "before it went on"}
        assert {mails.open(*one)["number"] for one in mails.values(mails.rows().exclude(pk=last.pk))} == set(
            range(batches * BATCH - 1)
        )


def mail(number: int) -> OutboxMail:
    return OutboxMail(
        id=new_id(),
        kind=MailKind.STAFF_INVITATION,
        details={"number": number},
        created_at=factories.AT,
        due_at=factories.AT,
    )


# ── Another master key ──


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    file = tmp_path / "new.key"
    file.write_bytes(bytes(range(32)))
    return file


def test_another_master_key_wraps_every_key(
    fresh_database: Database, settings: Settings, other_key: Path, tmp_path: Path
) -> None:
    old_key = tmp_path / "old.key"
    old_key.write_bytes(settings.MASTER_KEY)
    with inside(fresh_database.north):
        factories.staff(email="somebody@example.org")
    files = ["--master", "--old-key", str(old_key), "--new-key", str(other_key)]

    first, second = rotate_command(*files), rotate_command(*files)

    assert {one["rewrapped"] for one in first["results"]} == {len(Purpose)}
    assert {one["rewrapped"] for one in second["results"]} == {0}
    keyring.forget()
    with inside(fresh_database.north), pytest.raises(VaultError, match="master key"):
        User.objects.by_email("somebody@example.org").get()
    settings.MASTER_KEY = other_key.read_bytes()
    with inside(fresh_database.north):
        assert User.objects.by_email("somebody@example.org").get().email == "somebody@example.org"


def test_while_the_master_key_changes_both_are_understood(
    fresh_database: Database, settings: Settings, other_key: Path
) -> None:
    settings.MASTER_KEY, settings.MASTER_KEY_PREVIOUS = other_key.read_bytes(), settings.MASTER_KEY
    with inside(fresh_database.north):
        factories.staff(email="before@example.org")

    found = rotate_command("--master")
    settings.MASTER_KEY_PREVIOUS = b""
    keyring.forget()

    assert {one["rewrapped"] for one in found["results"]} == {len(Purpose)}
    with inside(fresh_database.north):
        assert User.objects.by_email("before@example.org").get().email == "before@example.org"


def test_a_wrong_old_master_key_changes_nothing(fresh_database: Database, other_key: Path) -> None:
    before = set(ClinicKey.objects.values_list("wrapped", flat=True))

    with pytest.raises(CommandError, match="north: The master key does not open"):
        rotate_command("--master", "--old-key", str(other_key), "--new-key", str(other_key))

    assert set(ClinicKey.objects.values_list("wrapped", flat=True)) == before


def test_the_command_asks_for_the_old_master_key(fresh_database: Database, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the old master key"):
        rotate_command("--master")
    with pytest.raises(CommandError, match="can't be read"):
        rotate_command("--master", "--old-key", str(tmp_path / "none"))
