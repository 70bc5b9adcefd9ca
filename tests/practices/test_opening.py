"""Opening, suspending and migrating clinics: by command, and in the operator's console."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from pytest_django import Settings

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.models import (
    RESERVED_NAMES,
    Clinic,
    ClinicKey,
    ClinicMigration,
    Domain,
    SchemaSnapshot,
    validate_accent,
    validate_crisis_contacts,
    validate_leave_url,
    validate_schema_name,
    validate_timezone,
)
from practices.opening import CannotOpenError, open_clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import hosts, inside
from practices.vault import Purpose
from tests.harness.browsers import Browser
from tests.harness.databases import Database, owner_rights

OPEN: dict[str, Any] = {"name": "West", "host": "West.localhost", "owner_email": "wilma@example.org"}


def open_west(**different: Any) -> None:
    with owner_rights():
        call_command("open_clinic", "west", **(OPEN | different))


def test_the_command_opens_a_clinic_with_keys_a_host_and_an_owner(fresh_database: Database) -> None:
    open_west()

    west = Clinic.objects.get(schema_name="west")
    assert west.status == Clinic.Status.OPEN
    assert set(west.keys.values_list("purpose", flat=True)) == set(Purpose)
    assert Browser(west).get("/").status_code == 200
    with inside(west):
        assert not User.objects.exists()
        assert Invitation.objects.get().roles == [Role.OWNER]
        assert OutboxMail.objects.get().kind == MailKind.STAFF_INVITATION


@pytest.mark.parametrize(
    ("different", "words"),
    [
        ({"host": "north.localhost"}, "already leads to another clinic"),
        ({"timezone": "Europe/Atlantis"}, "no time zone"),
    ],
)
def test_a_clinic_that_cannot_be_opened_leaves_nothing(
    fresh_database: Database, different: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        open_west(**different)

    assert not Clinic.objects.filter(schema_name="west").exists()


def test_the_same_owner_is_not_invited_twice(fresh_database: Database) -> None:
    open_west()

    with pytest.raises(CommandError, match="was invited already"):
        open_west()


def test_a_schema_that_is_half_made_by_migrations_is_finished_later(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.PG_DUMP = ""
    with owner_rights():
        SchemaSnapshot.objects.all().delete()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    with owner_rights(), monkeypatch.context() as broken, pytest.raises(CannotOpenError, match="the disk is full"):
        broken.setattr("practices.migrating.call_command", fail)
        open_clinic(schema_name="west", name="West", host="west.localhost")
    assert Clinic.objects.get(schema_name="west").status == Clinic.Status.PROVISIONING

    with owner_rights():
        opened = open_clinic(schema_name="west", name="West", host="west.localhost")

    assert opened.status == Clinic.Status.OPEN
    assert ClinicMigration.objects.get(clinic=opened).state == ClinicMigration.State.DONE


def test_migrating_says_which_clinics_it_could_not(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail_in_north(*_: object, schema_name: str, **__: object) -> None:
        if schema_name == "north":
            raise RuntimeError("a bad row")

    monkeypatch.setattr("practices.migrating.call_command", fail_in_north)
    ClinicMigration.objects.update(head="older")

    with pytest.raises(CommandError, match="1 not migrated: north"):
        call_command("migrate_clinics")

    assert capsys.readouterr().out.count("migrated") == 2


def test_a_clinic_of_an_older_release_gets_keys_for_new_purposes(fresh_database: Database) -> None:
    ClinicKey.objects.filter(purpose=Purpose.TOTP).delete()
    kept = set(ClinicKey.objects.values_list("pk", flat=True))

    call_command("migrate_clinics")

    for clinic in Clinic.objects.all():
        assert set(clinic.keys.values_list("purpose", flat=True)) == set(Purpose)
    assert kept < set(ClinicKey.objects.values_list("pk", flat=True))


def test_keys_are_not_made_under_another_master_key(fresh_database: Database, settings: Settings) -> None:
    ClinicKey.objects.filter(purpose=Purpose.TOTP).delete()
    settings.MASTER_KEY = bytes(32)

    with pytest.raises(CommandError, match="not migrated"):
        call_command("migrate_clinics")

    assert not ClinicKey.objects.filter(purpose=Purpose.TOTP).exists()
    assert not ClinicMigration.objects.exclude(state=ClinicMigration.State.DONE).exists()


@pytest.mark.parametrize("name", ["ab", "North", "1st", "a-b", "a" * 42, "pg_temp", "north\n", *sorted(RESERVED_NAMES)])
def test_names_that_would_be_trouble_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_schema_name(name)


@pytest.mark.parametrize(
    ("validate", "good", "bad"),
    [
        (validate_schema_name, "willow_2", "willow 2"),
        (validate_timezone, "Asia/Kolkata", "Asia"),
        (validate_accent, "#2f5d46", "#2F5D46;}"),
        (validate_leave_url, "https://www.example.org/", "javascript:alert(1)"),
        (validate_crisis_contacts, [{"label": "Emergency", "number": "+44 999"}], "999"),
        (validate_crisis_contacts, [], [{"label": "Emergency"}]),
        (validate_crisis_contacts, [], [{"label": "Emergency", "number": "call"}]),
    ],
)
def test_settings_of_a_clinic_are_checked(validate: Any, good: object, bad: object) -> None:
    validate(good)

    with pytest.raises(ValidationError):
        validate(bad)


def test_rows_are_named_without_a_word_about_anybody(clinics: dict[str, Clinic]) -> None:
    for model in (Clinic, Domain, ClinicKey, ClinicMigration):
        row = model.objects.all()[0]
        assert str(row) == f"{model.__name__} {row.pk}"


@pytest.fixture
def console(clinics: dict[str, Clinic]) -> Browser:
    """The operator's browser, at the platform's host."""
    platform = clinics["platform"]
    with inside(platform):
        operator = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
    return Browser(platform).sign_in(operator)


def change(console: Browser, action: str, clinic: Clinic) -> None:
    form = {"action": action, "_selected_action": [str(clinic.pk)]}
    assert console.post("/admin/practices/clinic/", form).status_code == 302
    hosts.clear()  # which the commit would do


def test_the_operator_sees_clinics_and_suspends_and_resumes_them(
    console: Browser, clinics: dict[str, Clinic], at: datetime
) -> None:
    north = clinics["north"]
    page = console.get("/admin/practices/clinic/").content.decode()
    assert "North" in page and "South" in page
    assert console.get(f"/admin/practices/clinic/{north.pk}/change/")["Location"] == f"/admin/clinics/{north.pk}/"

    change(console, "suspend", north)
    assert Browser(north).get("/").status_code == 503

    change(console, "resume", north)
    assert Browser(north).get("/").status_code == 200


def test_the_console_is_for_operators_only(console: Browser, clinics: dict[str, Clinic]) -> None:
    with inside(clinics["platform"]):
        staff = make_user(email="s@example.org", display_name="S", kind=Kind.STAFF, roles=[Role.OWNER])
    other = Browser(clinics["platform"]).sign_in(staff)

    assert other.get("/admin/practices/clinic/").status_code == 302
    assert Browser(clinics["platform"]).get("/admin/").status_code == 302
    assert console.get("/").status_code == 302


def test_the_commands_suspend_and_resume_and_say_what_changed(
    fresh_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner_rights():
        for command, words, status in (
            ("suspend_clinic", "north is suspended.", 503),
            ("suspend_clinic", "north was not open.", 503),
            ("resume_clinic", "north is open.", 200),
            ("resume_clinic", "north was not suspended.", 200),
        ):
            call_command(command, "north")
            assert words in capsys.readouterr().out
            hosts.clear()
            assert Browser(fresh_database.north).get("/").status_code == status
        call_command("suspend_clinic", "north", json=True)
        assert '"status": "suspended"' in capsys.readouterr().out
        with pytest.raises(CommandError, match="There is no clinic nowhere"):
            call_command("resume_clinic", "nowhere")
