"""The chain of events: what each link must be, and whether it is.

Computed here, in Python, from the rows alone: a check that asked the database's own function would believe whoever changed it.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from practices.audit.models import AuditChain, AuditEvent

# Before the first event.
NOTHING = bytes(32)
# The columns in the order in which they are hashed; "1" and the place come first.
COLUMNS = (
    *("id", "at", "actor", "actor_role", "action", "subject_kind", "subject_id"),
    *("client_id", "purpose", "request_id", "address"),
)
CHUNK = 5000
# Progress is told after so many events.
EVERY = 100_000


def link_of(previous: bytes, seq: int, values: Iterable[object]) -> bytes:
    """The hash of an event with these values of COLUMNS, at this place, after this hash; as the migration 0003 says."""
    words = json.dumps(["1", str(seq), *map(_as_text, values)], ensure_ascii=False)
    return hashlib.sha256(previous + words.encode()).digest()


def _as_text(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the head of a clinic's chain was on a day, as somebody outside the database was told."""

    at: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with a chain: from this place on it can't be believed."""

    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were looked at, the head as it was when looking began, and what is wrong, if anything."""

    events: int
    seq: int
    hash: bytes
    fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.fault is None


@transaction.atomic
def verify_chain(anchors: Iterable[Anchor] = (), *, seen: Callable[[int], None] | None = None) -> Verdict:
    """Follow the current clinic's chain from its first event to its head, past every anchor. Memory stays flat.

    `seen` is told now and then how many events were looked at.

    Events that are committed meanwhile come after the head that was read first, and are left for the next time.
    """
    head = AuditChain.objects.first()
    if head is None:
        return Verdict(0, 0, NOTHING, Fault(0, "the head of the chain is gone"))
    told = {anchor.seq: anchor for anchor in anchors}
    events, previous = 0, NOTHING
    for found, fault in _follow(head.seq, told):
        if fault:
            return Verdict(events, head.seq, bytes(head.hash), fault)
        events, previous = events + 1, found
        if seen and events % EVERY == 0:
            seen(events)
    return Verdict(events, head.seq, bytes(head.hash), _fault_at_the_end(head, events, previous, told))


def _follow(until: int, told: dict[int, Anchor]) -> Iterator[tuple[bytes, Fault | None]]:
    """The hash of each event up to this place, or what is wrong with it."""
    previous, expected = NOTHING, 1
    rows = AuditEvent.objects.filter(seq__lte=until).order_by("seq").values_list("seq", "hash", *COLUMNS)
    for seq, stored, *values in rows.iterator(chunk_size=CHUNK):
        fault = _fault_of(seq, bytes(stored or b""), values, previous=previous, expected=expected, told=told)
        previous, expected = bytes(stored or b""), expected + 1
        yield previous, fault


def _fault_of(
    seq: int, stored: bytes, values: list[Any], *, previous: bytes, expected: int, told: dict[int, Anchor]
) -> Fault | None:
    if seq != expected:
        return Fault(expected, f"event {expected} is gone")
    if not hmac.compare_digest(stored, link_of(previous, seq, values)):
        return Fault(seq, f"event {seq} is not what was written, or does not follow event {seq - 1}")
    if seq in told and told[seq].hash != stored:
        return Fault(seq, f"event {seq} is not the one that was anchored on {told[seq].at}")
    return None


def _fault_at_the_end(head: AuditChain, seen: int, previous: bytes, told: dict[int, Anchor]) -> Fault | None:
    if seen < head.seq:
        return Fault(seen + 1, f"events {seen + 1} to {head.seq} are gone")
    if previous != bytes(head.hash):
        return Fault(head.seq, "the head of the chain is not its last event")
    if beyond := [anchor for anchor in told.values() if anchor.seq > head.seq]:
        return Fault(
            head.seq + 1, f"the chain ends at {head.seq}, but {beyond[-1].seq} was anchored on {beyond[-1].at}"
        )
    if AuditEvent.objects.filter(seq=None).exists():
        return Fault(head.seq, "there are events that were given no place in the chain")
    return None
