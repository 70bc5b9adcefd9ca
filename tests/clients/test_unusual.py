"""The rules of the weekly look, each at its threshold."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from clients.unusual import (
    MANY_CLIENTS,
    MANY_COPIES,
    MANY_REFUSALS,
    QUICKLY,
    SOON,
    Care,
    CareTimes,
    Event,
    Finding,
    Rule,
    unusual,
)
from practices.audit.models import Action
from practices.identifiers import new_id

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
ANN, BEN = UUID(int=1), UUID(int=2)
CLEO = UUID(int=3)


def event(
    action: Action, at: datetime, *, by: UUID | None = ANN, client: UUID | None = CLEO, purpose: str = ""
) -> Event:
    return Event(new_id(), at, by, "clinician", action, client, purpose)


def found(events: Sequence[Event], *, zone: ZoneInfo = LONDON, care: CareTimes | None = None) -> list[Finding]:
    return unusual(events, zone=zone, care=care or {})


def rules(events: Sequence[Event], **more: object) -> list[Rule]:
    return [finding.rule for finding in found(events, **more)]


def readings(count: int, *, apart: timedelta, begin: datetime = NOON, by: UUID = ANN) -> list[Event]:
    """Of as many different clients."""
    return [
        event(Action.RESPONSE_OPENED, begin + number * apart, by=by, client=UUID(int=100 + number))
        for number in range(count)
    ]


def test_an_ordinary_week_has_nothing_unusual() -> None:
    week = [event(Action.CLIENT_OPENED, NOON + timedelta(days=day, minutes=day)) for day in range(5)]

    assert found(week) == found([]) == []


@pytest.mark.parametrize(
    ("clock", "unusual_then"),
    [
        ("21:59:59", False),
        ("22:00:00", True),
        ("23:59:59", True),
        ("00:00:00", True),
        ("05:59:59", True),
        ("06:00:00", False),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Chatham"])
def test_night_is_from_ten_to_six_by_the_clinics_clock(clock: str, unusual_then: bool, zone: str) -> None:
    local = datetime.fromisoformat(f"2026-11-18T{clock}").replace(tzinfo=ZoneInfo(zone))
    night = [event(Action.RESPONSE_OPENED, local.astimezone(UTC))]

    assert rules(night, zone=ZoneInfo(zone)) == [Rule.AT_NIGHT] * unusual_then


def test_one_night_is_one_finding_for_each_person() -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    events = [
        *readings(2, apart=timedelta(hours=2), begin=late),
        *readings(1, apart=SOON, begin=late, by=BEN),
        *readings(1, apart=SOON, begin=late + timedelta(days=1)),
    ]

    assert [(one.actor, one.first, one.last, one.times) for one in found(events)] == [
        (ANN, late, late + timedelta(hours=2), 2),
        (BEN, late, late, 1),
        (ANN, late + timedelta(days=1), late + timedelta(days=1), 1),
    ]


def test_only_readings_are_counted_at_night() -> None:
    assert rules([event(Action.DENIED, datetime(2026, 11, 17, 23, 0, tzinfo=UTC))]) == []


def test_more_than_fifteen_clients_within_an_hour_are_many() -> None:
    apart = SOON / MANY_CLIENTS

    assert rules(readings(MANY_CLIENTS, apart=timedelta(seconds=1))) == []
    assert rules(readings(MANY_CLIENTS + 1, apart=apart)) == [Rule.MANY_CLIENTS]
    assert rules(readings(MANY_CLIENTS + 1, apart=apart + timedelta(seconds=1))) == []


def test_one_client_many_times_or_many_people_are_not_many_clients() -> None:
    same = [event(Action.RESPONSE_OPENED, NOON + timedelta(seconds=number)) for number in range(MANY_CLIENTS + 9)]
    half = MANY_CLIENTS // 2 + 1

    assert rules(same) == []
    assert rules([*readings(half, apart=timedelta(0)), *readings(half, apart=timedelta(0), by=BEN)]) == []


def test_a_run_that_goes_on_is_one_finding_and_two_runs_are_two() -> None:
    first = readings(40, apart=timedelta(minutes=2))
    second = readings(MANY_CLIENTS + 1, apart=timedelta(0), begin=NOON + timedelta(hours=6))

    assert [(one.times, len(one.clients)) for one in found([*second, *first])] == [
        (40, 40),
        (MANY_CLIENTS + 1, MANY_CLIENTS + 1),
    ]


def test_every_broken_glass_is_shown() -> None:
    glass = [event(Action.GLASS_BROKEN, NOON + timedelta(hours=hour)) for hour in (0, 1)]

    assert [(one.rule, one.clients) for one in found(glass)] == [(Rule.GLASS, (CLEO,))] * 2


def test_five_refusals_within_ten_minutes_are_many() -> None:
    def refusals(count: int, apart: timedelta) -> list[Event]:
        return [event(Action.DENIED, NOON + number * apart, client=None) for number in range(count)]

    apart = QUICKLY / (MANY_REFUSALS - 1)
    assert rules(refusals(MANY_REFUSALS - 1, timedelta(0))) == []
    assert rules(refusals(MANY_REFUSALS, apart)) == [Rule.REFUSALS]
    assert rules(refusals(MANY_REFUSALS, apart + timedelta(seconds=1))) == []


def test_three_copies_in_the_week_are_many_of_whatever_kind() -> None:
    copies = [
        event(Action.AUDIT_EXPORTED, NOON, client=None),
        event(Action.CLIENT_OPENED, NOON + timedelta(days=2), purpose="export"),
        event(Action.RESPONSE_OPENED, NOON + timedelta(days=4), purpose="export"),
    ]

    assert len(copies) == MANY_COPIES
    assert rules(copies) == [Rule.COPIES]
    assert rules(copies[1:]) == []


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("times", "unusual_then"),
    [
        ([], False),
        ([Care(NOON - DAY, None)], False),
        ([Care(NOON - 2 * DAY, NOON - DAY)], True),
        ([Care(NOON - 2 * DAY, NOON)], True),
        ([Care(NOON - 2 * DAY, NOON + DAY)], False),
        ([Care(NOON + DAY, None)], False),
        ([Care(NOON - 3 * DAY, NOON - 2 * DAY), Care(NOON - DAY, None)], False),
        ([Care(NOON - 3 * DAY, NOON - 2 * DAY), Care(NOON + DAY, None)], True),
    ],
)
def test_reading_after_care_ended_is_unusual_until_it_begins_again(times: list[Care], unusual_then: bool) -> None:
    reading = [event(Action.CLIENT_OPENED, NOON)]

    assert rules(reading, care={(ANN, CLEO): times}) == [Rule.AFTER_CARE] * unusual_then
    assert rules(reading, care={(BEN, CLEO): times}) == []


def test_what_the_system_does_is_nobodys() -> None:
    assert rules([event(Action.GLASS_BROKEN, NOON, by=None)]) == []


def test_findings_stand_rule_by_rule_and_then_by_time() -> None:
    late = datetime(2026, 11, 16, 23, 0, tzinfo=UTC)
    events = [
        event(Action.RESPONSE_OPENED, late),
        event(Action.GLASS_BROKEN, NOON + DAY, by=BEN),
        event(Action.GLASS_BROKEN, NOON),
    ]

    assert [(one.rule, one.actor) for one in found(events)] == [
        (Rule.GLASS, ANN),
        (Rule.GLASS, BEN),
        (Rule.AT_NIGHT, ANN),
    ]
