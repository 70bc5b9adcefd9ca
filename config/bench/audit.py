"""What a recorded reading costs, and how long it takes to find who read what among a million events."""

import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from config.bench.rounds import UnexpectedAnswerError
from practices.audit.anchors import drop_anchor
from practices.audit.models import Action, AuditChain, AuditEvent, AuditEventQuerySet, record
from practices.audit.watching import part_of, watch
from practices.identifiers import new_id
from practices.models import Clinic
from practices.opening import open_clinic
from practices.tenancy import inside

WRITES, ASKED = 500, 20
EVENTS, PEOPLE, CLIENTS, MINUTES, PART = 1_000_000, 30, 3000, 525_600, 50_000
WRITE_TARGET, FIND_TARGET = 1.5, 1000.0  # milliseconds
# As if a busy clinic had worked for a year. Without triggers: the million is what is looked through, not what is measured.
# Its chain is a real one, made in order.
FILL = """
DO $$
DECLARE
  head record;
  event audit_auditevent%%ROWTYPE;
BEGIN
  SELECT seq, hash INTO head FROM audit_auditchain;
  FOR n IN %(first)s..%(last)s LOOP
    event.id := gen_random_uuid();
    event.at := %(at)s::timestamptz - make_interval(mins => n %% %(minutes)s);
    event.actor := md5((n %% %(people)s)::text)::uuid;
    event.actor_role := 'clinician';
    event.action := (ARRAY['response opened', 'client opened', 'signed in'])[1 + n %% 3];
    event.subject_kind := 'Client';
    event.subject_id := md5((n %% %(clients)s)::text)::uuid;
    event.client_id := event.subject_id;
    event.purpose := 'review';
    event.seq := head.seq + 1;
    event.hash := NULL;
    event.hash := audit_hash(head.hash, event.seq, to_jsonb(event));
    head.seq := event.seq;
    head.hash := event.hash;
    INSERT INTO audit_auditevent SELECT event.*;
  END LOOP;
  UPDATE audit_auditchain SET seq = head.seq, hash = head.hash;
END $$
"""
# What a clinic of a million events writes in a busy day.
A_DAY = 3_000


def audit_lines(*, at: datetime) -> Iterator[str]:
    """Each number with its target."""
    clinic = open_clinic(schema_name="audited", name="Audited", host="audited.localhost")
    with inside(clinic):
        write, commit = median_write(at), median_commit()
        yield f"  {'audit write per reading, median':<44} {write:8.2f} ms"
        yield f"  {'a commit of nothing else: the disk':<44} {commit:8.2f} ms"
        yield said("what the audit adds to that", write - commit, WRITE_TARGET)
        fill(clinic, at)
        yield from verifying(clinic, at)
        week = {"at__gte": at - timedelta(days=30), "at__lt": at - timedelta(days=23)}
        read = AuditEvent.objects.filter(action__in=[Action.RESPONSE_OPENED, Action.CLIENT_OPENED], **week)
        one = read.order_by("-at").values_list("actor", flat=True)[0]
        yield said("who read what in one week, of a million", median_find(read), FIND_TARGET)
        yield said("the same, one person", median_find(read.filter(actor=one)), FIND_TARGET)
        client = read.values_list("client_id", flat=True)[0]
        yield said(
            "who opened one client, in a year", median_find(AuditEvent.objects.filter(client_id=client)), FIND_TARGET
        )


def verifying(clinic: Clinic, at: datetime) -> Iterator[str]:
    """A night as every night, when yesterday's anchor is there: a day's events, and a part of the rest."""
    head = AuditChain.objects.get()
    place = AuditEvent.objects.get(seq=head.seq - A_DAY)
    drop_anchor(clinic.pk, seq=head.seq - A_DAY, hash=bytes(place.hash or b""), at=at)
    begun = time.perf_counter()
    verdict = watch(clinic, at=at)
    taken = time.perf_counter() - begun
    looked_at = A_DAY + part_of(head.seq - A_DAY, 0)
    if verdict.fault:
        raise UnexpectedAnswerError(verdict.fault.words)
    limit = settings.CELERY_TASK_SOFT_TIME_LIMIT
    verdict_in_time = "PASS" if taken <= limit else "FAIL"
    yield f"  {'a night of a million, verified':<44} {taken:8.2f} s   ≤ {limit} s  {verdict_in_time}"
    yield f"  {'verifying an event':<44} {taken / looked_at * 1e6:8.1f} µs"


def said(name: str, found: float, target: float) -> str:
    return f"  {name:<44} {found:8.2f} ms  ≤ {target:.1f} ms  {'PASS' if found <= target else 'FAIL'}"


def median_write(at: datetime) -> float:
    """One event, committed and linked, in milliseconds."""
    times = []
    for _ in range(WRITES):
        begun = time.perf_counter()
        with transaction.atomic(durable=True):
            record(Action.RESPONSE_OPENED, by=None, client=new_id(), at=at, purpose="review")
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def median_commit() -> float:
    """A row changed and committed: what the disk takes, whatever is written."""
    times = []
    for _ in range(WRITES):
        begun = time.perf_counter()
        with transaction.atomic(durable=True):
            Clinic.objects.filter(schema_name="audited").update(phone="")
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def median_find(events: AuditEventQuerySet) -> float:
    """The newest of these, all columns, as many as anybody reads: five thousand."""
    times = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        list(events.order_by("-at", "-pk")[:5000])
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def fill(clinic: Clinic, at: datetime) -> None:
    """A million events in this clinic."""
    numbers: dict[str, datetime | int] = {"at": at, "minutes": MINUTES, "people": PEOPLE, "clients": CLIENTS}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        # In parts: a connection gives up on a statement that takes too long.
        for first in range(1, EVENTS, PART):
            cursor.execute(FILL, numbers | {"first": first, "last": first + PART - 1})
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
        cursor.execute("ANALYZE audit_auditevent")
