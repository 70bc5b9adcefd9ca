"""The nightly look at the audit, its anchors outside the database, and `verify_audit`."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from practices.accounts.permissions import Role
from practices.audit.anchors import AnchorsUnreadableError, anchor_file, drop_anchor, read_anchors
from practices.audit.models import Action, AuditEvent, record
from practices.audit.tasks import watch_audit
from practices.audit.watching import SPREAD, WATCH_TASK, check_audit, next_night, watch
from practices.models import Clinic, ClinicWakeup
from practices.opening import open_clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.databases import Database, owner_rights, server

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def north(fresh_database: Database) -> Clinic:
    """With an owner and three events, committed."""
    with inside(fresh_database.north) as clinic:
        factories.staff(Role.OWNER)
        for number in range(3):
            record(Action.SIGNED_IN, by=None, at=AT, purpose=f"number {number}")
    return clinic


def change_event(database: Database) -> None:
    with server(database.name) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("UPDATE north.audit_auditevent SET purpose = 'another' WHERE seq = 2")


def test_a_night_verifies_says_so_and_drops_an_anchor(north: Clinic) -> None:
    with inside(north):
        assert watch(north, at=AT).holds
        assert watch(north, at=AT + timedelta(days=1)).holds

        assert AuditEvent.objects.filter(action=Action.AUDIT_VERIFIED).count() == 2
        told = {event.seq: event.hash for event in AuditEvent.objects.all()}
        assert [(anchor.at, anchor.seq, anchor.hash) for anchor in read_anchors(north.pk)] == [
            ("2026-03-02", 3, told[3]),
            ("2026-03-03", 4, told[4]),
        ]
        lines = anchor_file(north.pk).read_text().splitlines()
        assert set(json.loads(lines[0])) == {"clinic", "at", "seq", "hash"}


def test_a_chain_that_does_not_hold_is_told_to_the_owner_and_not_anchored(
    fresh_database: Database, north: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    change_event(fresh_database)

    with inside(north):
        assert not watch(north, at=AT).holds

        assert AuditEvent.objects.get(action=Action.AUDIT_BROKEN).purpose == "from event 2"
        assert OutboxMail.objects.get().kind == MailKind.DESK_NOTE
    assert f"audit of clinic {north.pk} does not hold from event 2" in caplog.text
    assert read_anchors(north.pk) == []


def test_anchors_are_held_against_the_chain(north: Clinic) -> None:
    drop_anchor(north.pk, seq=2, hash=bytes(32), at=AT)

    with inside(north):
        fault = check_audit(north).fault

    assert fault and "is not the one that was anchored" in fault.words


def test_anchors_that_say_something_else_are_a_fault(north: Clinic) -> None:
    drop_anchor(north.pk, seq=2, hash=bytes(32), at=AT)
    anchor_file(north.pk).write_text('{"seq": "?"}\n')

    with pytest.raises(AnchorsUnreadableError):
        read_anchors(north.pk)
    with inside(north):
        assert not check_audit(north).holds


def test_the_task_comes_again_the_next_night(north: Clinic) -> None:
    watch_audit(clinic=str(north.pk))

    due = ClinicWakeup.objects.get(clinic=north, kind=WATCH_TASK).due_at
    assert timedelta(0) < due - datetime.now(UTC) <= timedelta(days=1, hours=1)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Chatham"])
def test_nights_are_the_clinics_own_and_spread(north: Clinic, zone: str) -> None:
    north.timezone = zone

    first = next_night(north, at=AT)
    second = next_night(north, at=first)

    assert 2 <= first.astimezone(north.zone).hour < 2 + SPREAD // 3600
    assert second - first == timedelta(days=1)


def test_a_clinic_is_watched_from_the_day_it_opens(fresh_database: Database) -> None:
    with owner_rights():
        west = open_clinic(schema_name="west", name="West", host="west.localhost")

    assert ClinicWakeup.objects.filter(clinic=west, kind=WATCH_TASK).exists()


def test_the_command_says_that_every_clinic_holds(north: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")

    assert capsys.readouterr().out.splitlines() == [
        "north: 3 events hold",
        "platform: 0 events hold",
        "south: 0 events hold",
    ]


def test_the_command_names_clinic_and_event_and_fails(
    fresh_database: Database, north: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    change_event(fresh_database)

    with pytest.raises(CommandError, match="does not hold at: north"):
        call_command("verify_audit", "--json")

    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said[0] | {"fault": ""} == {"clinic": "north", "events": 1, "holds": False, "seq": 2, "fault": ""}
    assert said[1]["holds"]


def test_one_clinic_is_verified_alone(north: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit", clinic="south")
    assert capsys.readouterr().out == "south: 0 events hold\n"

    with pytest.raises(CommandError, match="no clinic east"):
        call_command("verify_audit", clinic="east")
