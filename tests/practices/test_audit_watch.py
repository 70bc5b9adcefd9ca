"""The nightly look at the audit, its anchors outside the database, and `verify_audit`."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from practices.accounts.permissions import Role
from practices.audit import watching
from practices.audit.anchors import AnchorsUnreadableError, anchor_file, drop_anchor, read_anchors
from practices.audit.chain import Verdict
from practices.audit.models import ANCHORS_MISSING, Action, AuditEvent, record
from practices.audit.tasks import watch_audit
from practices.audit.watching import SPREAD, WATCH_TASK, check_audit, next_night, part_of, watch
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


def change_event(database: Database, seq: int = 2) -> None:
    with server(database.name) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("UPDATE north.audit_auditevent SET purpose = 'another' WHERE seq = %s", [seq])


def happen(events: int) -> None:
    for number in range(events):
        record(Action.SIGNED_IN, by=None, at=AT, purpose=f"more {number}")


def nights(clinic: Clinic, count: int) -> list[Verdict]:
    return [watch(clinic, at=AT + timedelta(days=night)) for night in range(count)]


def broken() -> list[str]:
    return list(AuditEvent.objects.filter(action=Action.AUDIT_BROKEN).values_list("purpose", flat=True))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten new events a run, and of what is older a quarter a night, but no fewer than three and no more than eight."""
    for name, value in {"STEP": 10, "ROUND": 4, "LEAST_PART": 3, "LARGEST_PART": 8}.items():
        monkeypatch.setattr(watching, name, value)


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
        assert set(json.loads(lines[0])) == {"clinic", "at", "seq", "hash", "again"}


def test_a_chain_that_does_not_hold_is_told_to_the_owner_and_not_anchored(
    fresh_database: Database, north: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    change_event(fresh_database)

    with inside(north):
        assert not watch(north, at=AT).holds

        assert AuditEvent.objects.get(action=Action.AUDIT_BROKEN).purpose == "from event 2"
        mail = OutboxMail.objects.get()
        assert (mail.kind, mail.details["path"]) == (MailKind.DESK_NOTE, "/admin/audit/?what=audit+broken")
    assert f"audit of clinic {north.pk} does not hold: from event 2" in caplog.text
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


@pytest.mark.usefixtures("small_parts")
def test_a_long_chain_is_followed_in_steps_that_are_gone_on_with(north: Clinic) -> None:
    with inside(north):
        happen(22)

        verdicts = nights(north, 3)

        assert [(verdict.events, verdict.seq, verdict.at_head) for verdict in verdicts] == [
            (10, 10, False),
            (10, 20, False),
            (5, 25, True),
        ]
        assert AuditEvent.objects.filter(action=Action.AUDIT_VERIFIED).count() == 1


@pytest.mark.usefixtures("small_parts")
def test_the_task_goes_on_at_once_with_what_one_run_leaves(north: Clinic) -> None:
    with inside(north):
        happen(10)

    watch_audit(clinic=str(north.pk))
    assert ClinicWakeup.objects.get(clinic=north, kind=WATCH_TASK).due_at <= datetime.now(UTC)

    watch_audit(clinic=str(north.pk))
    assert ClinicWakeup.objects.get(clinic=north, kind=WATCH_TASK).due_at > datetime.now(UTC)


@pytest.mark.usefixtures("small_parts")
def test_what_is_older_is_followed_again_part_by_part_and_round_by_round(north: Clinic) -> None:
    with inside(north):
        happen(6)

        nights(north, 8)

    # Of 9, 10, 11 … older events: nothing the first night, then three each, until the round is over and the next begins.
    assert [(anchor.seq, anchor.again) for anchor in read_anchors(north.pk)] == [
        (9, 0),
        (10, 3),
        (11, 6),
        (12, 9),
        (13, 0),
        (14, 4),
        (15, 8),
        (16, 12),
    ]


@pytest.mark.parametrize(("older", "begun", "part"), [(5, 0, 3), (5, 3, 2), (20, 0, 5), (20, 18, 2), (99, 0, 8)])
@pytest.mark.usefixtures("small_parts")
def test_a_part_is_a_share_of_what_is_older_within_bounds(older: int, begun: int, part: int) -> None:
    assert part_of(older, begun) == part


@pytest.mark.parametrize("events", [1_000, 100_000, 1_000_000, 5_000_000])
def test_all_of_a_clinic_is_followed_within_four_weeks(events: int) -> None:
    begun = nights_taken = 0
    while begun < events:
        begun += part_of(events, begun)
        nights_taken += 1

    assert nights_taken <= 28


@pytest.mark.usefixtures("small_parts")
def test_a_change_in_an_old_part_is_found_when_its_turn_comes(fresh_database: Database, north: Clinic) -> None:
    with inside(north):
        happen(6)
        assert all(verdict.holds for verdict in nights(north, 2))
        change_event(fresh_database, 5)
        assert not check_audit(north).holds

        found = [watch(north, at=AT + timedelta(days=night)) for night in (2, 3)]

        assert [verdict.holds for verdict in found] == [False, False]
        assert broken() == ["from event 5"] * 2
        # What is new was followed and anchored all the same; the part is tried again.
        assert [(anchor.seq, anchor.again) for anchor in read_anchors(north.pk)][2:] == [(11, 3), (12, 3)]


@pytest.mark.usefixtures("small_parts")
def test_a_change_before_the_part_of_the_night_waits_for_the_next_round(
    fresh_database: Database, north: Clinic
) -> None:
    with inside(north):
        happen(6)
        nights(north, 2)
        change_event(fresh_database, 2)

        held = [watch(north, at=AT + timedelta(days=night)).holds for night in range(2, 7)]

        assert held == [True, True, True, False, False]


@pytest.mark.usefixtures("small_parts")
def test_a_chain_written_anew_before_the_last_anchor_is_found_the_same_night(
    fresh_database: Database, north: Clinic
) -> None:
    """Far from the part of that night: it is where the chain goes on that shows it."""
    with inside(north):
        happen(6)
        nights(north, 2)
        with server(fresh_database.name) as session:
            session.execute("SET session_replication_role = replica")
            session.execute("SET search_path = north")
            session.execute("DELETE FROM audit_auditevent WHERE seq > 8")
            session.execute(
                "UPDATE audit_auditchain SET seq = 8, hash = (SELECT hash FROM audit_auditevent WHERE seq = 8)"
            )
        for number in range(5):
            record(Action.SIGNED_IN, by=None, at=AT, purpose=f"other {number}")

        assert not watch(north, at=AT + timedelta(days=2)).holds
        assert broken() == ["from event 10"]


@pytest.mark.parametrize("kept", [0, 1], ids=["all of them", "the last one"])
def test_anchors_that_are_gone_are_told_once_and_the_chain_is_followed_from_what_is_left(
    north: Clinic, kept: int, caplog: pytest.LogCaptureFixture
) -> None:
    with inside(north):
        nights(north, 2)
        lines = anchor_file(north.pk).read_text().splitlines(keepends=True)
        if kept:
            anchor_file(north.pk).write_text("".join(lines[:kept]))
        else:
            anchor_file(north.pk).unlink()

        after = [watch(north, at=AT + timedelta(days=night)) for night in (2, 3)]

        assert broken() == [ANCHORS_MISSING]
        assert OutboxMail.objects.filter(kind=MailKind.DESK_NOTE).count() == 1
        assert f"audit of clinic {north.pk} does not hold: {ANCHORS_MISSING}" in caplog.text
        assert [verdict.seq - verdict.events for verdict in after] == [3 if kept else 0, after[0].seq]
        assert all(verdict.holds for verdict in after)


def test_an_anchor_without_its_event_is_no_loss(north: Clinic) -> None:
    """As a run leaves it that is killed in between."""
    with inside(north):
        nights(north, 2)
        told = AuditEvent.objects.get(seq=4)
        drop_anchor(north.pk, seq=4, hash=told.hash, at=AT)

        assert watch(north, at=AT + timedelta(days=2)).holds
        assert broken() == []


def test_anchors_of_the_first_release_are_read(north: Clinic) -> None:
    with inside(north):
        watch(north, at=AT)
        line = json.loads(anchor_file(north.pk).read_text())
        del line["again"]
        anchor_file(north.pk).write_text(json.dumps(line) + "\n")

        assert watch(north, at=AT + timedelta(days=1)).holds


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
