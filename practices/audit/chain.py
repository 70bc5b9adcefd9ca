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
    """How far a clinic's chain was followed on a day, as somebody outside the database was told.

    `again` is how far of what lies before was followed once more, in the round that was under way.
    """

    at: str
    seq: int
    hash: bytes
    again: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with a chain: from this place on it can't be believed."""

    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were looked at, the last of them, the head as it was when looking began, and what is wrong, if anything."""

    events: int
    seq: int
    hash: bytes
    head: int
    fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.fault is None

    @property
    def at_head(self) -> bool:
        """Nothing is left to look at."""
        return self.seq == self.head


@transaction.atomic
def verify_chain(
    anchors: Iterable[Anchor] = (),
    *,
    after: int = 0,
    most: int | None = None,
    seen: Callable[[int], None] | None = None,
) -> Verdict:
    """Follow the current clinic's chain to its head, past every anchor on the way. Memory stays flat.

    From its first event; or from the one `after` this place, whose hash is believed as it is stored or anchored, and then
    no more than `most` events. `seen` is told now and then how many were looked at.

    Events that are committed meanwhile come after the head that was read first, and are left for the next time.
    """
    head = AuditChain.objects.first()
    if head is None:
        return Verdict(0, after, NOTHING, 0, Fault(0, "the head of the chain is gone"))
    told = {anchor.seq: anchor for anchor in anchors}
    seq, previous, until = after, NOTHING, head.seq if most is None else min(head.seq, after + most)
    fault = _fault_with_the_head(head, told)
    if fault is None and after:
        previous, fault = _begin(after, told)
    if fault is None:
        for found, fault in _follow(after, previous, until, told):
            if fault:
                break
            seq, previous = seq + 1, found
            if seen and (seq - after) % EVERY == 0:
                seen(seq - after)
    fault = fault or _fault_at_the_end(head, seq, previous, until)
    return Verdict(seq - after, seq, previous, head.seq, fault)


def _fault_with_the_head(head: AuditChain, told: dict[int, Anchor]) -> Fault | None:
    if beyond := [anchor for anchor in told.values() if anchor.seq > head.seq]:
        return Fault(
            head.seq + 1, f"the chain ends at {head.seq}, but {beyond[-1].seq} was anchored on {beyond[-1].at}"
        )
    if AuditEvent.objects.filter(seq=None).exists():
        return Fault(head.seq, "there are events that were given no place in the chain")
    return None


def _begin(place: int, told: dict[int, Anchor]) -> tuple[bytes, Fault | None]:
    """The hash of the event at this place, which was followed before, or what is wrong with it."""
    stored = AuditEvent.objects.filter(seq=place).values_list("hash", flat=True).first()
    if stored is None:
        return NOTHING, Fault(place, f"event {place} is gone")
    return bytes(stored), _fault_with_anchor(place, bytes(stored), told)


def _follow(after: int, previous: bytes, until: int, told: dict[int, Anchor]) -> Iterator[tuple[bytes, Fault | None]]:
    """The hash of each event after this place and up to that, or what is wrong with it."""
    expected = after + 1
    rows = AuditEvent.objects.filter(seq__gt=after, seq__lte=until).order_by("seq").values_list("seq", "hash", *COLUMNS)
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
    return _fault_with_anchor(seq, stored, told)


def _fault_with_anchor(seq: int, stored: bytes, told: dict[int, Anchor]) -> Fault | None:
    if seq in told and told[seq].hash != stored:
        return Fault(seq, f"event {seq} is not the one that was anchored on {told[seq].at}")
    return None


def _fault_at_the_end(head: AuditChain, seq: int, previous: bytes, until: int) -> Fault | None:
    if seq < until:
        return Fault(seq + 1, f"events {seq + 1} to {until} are gone")
    if until == head.seq and previous != bytes(head.hash):
        return Fault(head.seq, "the head of the chain is not its last event")
    return None
