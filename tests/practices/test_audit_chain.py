"""The chain of events: one order whatever happens at once, and no change that it does not show."""

import json
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from practices.audit.chain import NOTHING, Anchor, link_of, verify_chain
from practices.audit.models import Action, AuditChain, AuditEvent, record
from practices.models import Clinic
from practices.tenancy import inside
from tests.harness.databases import Database, owner_rights, server

KNOWN = "c21020ffe65a9b32535499561e4c80248a8689563b83bca27aed38cf6accd2e3"
AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
VALUES = [UUID(int=1), AT, UUID(int=2), "owner", "client opened", "Client", UUID(int=3), UUID(int=3), "x", None, "::1"]
THREADS, EACH = 8, 25


def write(count: int) -> None:
    for number in range(count):
        record(Action.SIGNED_IN, by=None, at=AT + timedelta(seconds=number), purpose=f"number {number}")


def as_superuser(database: Database, *statements: str) -> None:
    """As somebody who can switch every trigger off."""
    with server(database.name) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("SET search_path = north")
        for statement in statements:
            session.execute(statement)


def test_a_link_is_what_it_always_was() -> None:
    """A known answer: whoever changes how links are made can't verify what is there."""
    assert link_of(NOTHING, 1, VALUES).hex() == KNOWN


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), st.datetimes(timezones=st.just(UTC))
)
def test_the_database_makes_the_link_that_we_expect(django_db_setup: str, words: str, moment: datetime) -> None:
    with server(django_db_setup) as session:
        moment = moment.replace(year=max(moment.year, 1000))
        event = {"id": str(UUID(int=1)), "at": moment.isoformat(), "purpose": words, "address": "2001:db8::1"}
        values = [UUID(int=1), moment, None, None, None, None, None, None, words, None, "2001:db8::1"]

        row = session.execute("SELECT north.audit_hash(%s, 7, %s::jsonb)", [NOTHING, json.dumps(event)]).fetchone()

    assert row == (link_of(NOTHING, 7, values),)


def test_events_are_linked_when_they_are_committed(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        with transaction.atomic():
            write(3)
            assert AuditEvent.objects.filter(seq=None).count() == 3
        write(1)

        assert list(AuditEvent.objects.order_by("seq").values_list("seq", "purpose")) == [
            *[(1, "number 0"), (2, "number 1"), (3, "number 2"), (4, "number 0")]
        ]
        verdict = verify_chain()
        assert (verdict.events, verdict.seq, verdict.fault) == (4, 4, None)
        assert verdict.hash == AuditEvent.objects.get(seq=4).hash == AuditChain.objects.get().hash


def test_what_is_rolled_back_leaves_no_gap(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        write(1)
        with pytest.raises(RuntimeError), transaction.atomic():
            write(2)
            raise RuntimeError
        write(1)

        assert verify_chain().seq == 2
        assert verify_chain().holds


def test_many_at_once_make_one_chain(fresh_database: Database) -> None:
    together = threading.Barrier(THREADS)

    def work(clinic: Clinic) -> None:
        try:
            with inside(clinic):
                together.wait()
                for _ in range(EACH):
                    with transaction.atomic():
                        write(2)
        finally:
            connections.close_all()

    clinics = [fresh_database.north if number % 4 else fresh_database.south for number in range(THREADS)]
    threads = [threading.Thread(target=work, args=[clinic]) for clinic in clinics]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for clinic in (fresh_database.north, fresh_database.south):
        with inside(clinic):
            verdict = verify_chain()
            assert verdict.fault is None
            assert verdict.events == clinics.count(clinic) * EACH * 2


def test_a_renamed_schema_goes_on_with_its_chain(fresh_database: Database) -> None:
    north = fresh_database.north
    with inside(north):
        write(2)
    with owner_rights(), connections["default"].cursor() as cursor:
        cursor.execute("ALTER SCHEMA north RENAME TO elsewhere")
    north.schema_name = "elsewhere"

    with inside(north):
        write(2)
        assert verify_chain().seq == 4
        assert verify_chain().holds


@pytest.mark.parametrize("forged", [{"seq": 2}, {"hash": bytes(32)}, {"seq": 2, "hash": bytes(32)}])
def test_an_event_does_not_choose_its_place(fresh_database: Database, forged: dict[str, object]) -> None:
    with inside(fresh_database.north):
        write(1)

        with pytest.raises(IntegrityError, match="does not choose its place"):
            AuditEvent.objects.create(action=Action.SIGNED_IN, at=AT, **forged)

        assert verify_chain().seq == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditchain SET seq = 0",
        "INSERT INTO audit_auditchain (id, seq, hash) VALUES (1, 0, '')",
        "DELETE FROM audit_auditchain",
        "TRUNCATE audit_auditchain",
        "DROP FUNCTION audit_link()",
        "SELECT audit_hash('', 1, '{}')",
        "DROP TRIGGER audit_chained ON audit_auditevent",
        "SELECT FROM audit_auditchain FOR UPDATE",
    ],
)
def test_the_app_does_not_touch_the_chain(north: Clinic, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"denied|must be owner"), connections["default"].cursor() as cursor:
        cursor.execute(statement)


def test_an_event_that_has_its_place_keeps_it(fresh_database: Database) -> None:
    with owner_rights(), inside(fresh_database.north):
        write(1)

        with pytest.raises(IntegrityError, match="never change"):
            AuditEvent.objects.update(seq=None)
        with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
            write(1)
            AuditEvent.objects.filter(seq=None).update(seq=9)


SWAP = """
UPDATE audit_auditevent SET seq = 5 - seq + 100 WHERE seq IN (2, 3);
UPDATE audit_auditevent SET seq = seq - 100 WHERE seq > 100
"""


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE audit_auditevent SET purpose = 'another' WHERE seq = 3", 3),
        ("UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE seq = 3", 3),
        ("UPDATE audit_auditevent SET actor = gen_random_uuid() WHERE seq = 3", 3),
        ("UPDATE audit_auditevent SET hash = NULL WHERE seq = 3", 3),
        ("DELETE FROM audit_auditevent WHERE seq = 1", 1),
        ("DELETE FROM audit_auditevent WHERE seq = 3", 3),
        ("DELETE FROM audit_auditevent WHERE seq >= 4", 4),
        ("DELETE FROM audit_auditevent", 1),
        (SWAP, 2),
        ("DELETE FROM audit_auditchain", 0),
        ("UPDATE audit_auditchain SET hash = decode(repeat('00', 32), 'hex')", 5),
        (f"INSERT INTO audit_auditevent VALUES ('{UUID(int=9)}', now(), NULL, '', 'x', '', NULL, NULL, '')", 5),
    ],
)
def test_what_a_superuser_changes_is_found(fresh_database: Database, statement: str, seq: int) -> None:
    with inside(fresh_database.north):
        write(5)
        assert verify_chain().holds

        as_superuser(fresh_database, statement)

        fault = verify_chain().fault
        assert fault and fault.seq == seq


def rewound(database: Database) -> None:
    """The last two events gone, and the head moved back so that nothing inside the database shows it."""
    as_superuser(
        database,
        "DELETE FROM audit_auditevent WHERE seq > 3",
        "UPDATE audit_auditchain SET seq = 3, hash = (SELECT hash FROM audit_auditevent WHERE seq = 3)",
    )


def test_a_tail_that_is_gone_with_its_head_is_found_by_the_anchor(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        write(5)
        head = AuditChain.objects.get()
        anchors = [Anchor("2026-03-02", head.seq, bytes(head.hash))]
        rewound(fresh_database)
        assert verify_chain().holds

        fault = verify_chain(anchors).fault

        assert fault and "ends at 3, but 5 was anchored on 2026-03-02" in fault.words


def test_a_chain_that_was_written_anew_is_found_by_the_anchor(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        write(5)
        head = AuditChain.objects.get()
        anchors = [Anchor("2026-03-02", head.seq, bytes(head.hash))]
        rewound(fresh_database)
        write(3)
        assert verify_chain().holds

        fault = verify_chain(anchors).fault

        assert fault and fault.words == "event 5 is not the one that was anchored on 2026-03-02"


def test_a_link_that_cannot_be_made_keeps_the_event_out(fresh_database: Database) -> None:
    as_superuser(fresh_database, "DELETE FROM audit_auditchain")

    with inside(fresh_database.north):
        with pytest.raises(DatabaseError):
            write(1)
        assert not AuditEvent.objects.exists()
