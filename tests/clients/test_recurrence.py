"""When repeated work is to be done, over years in zones whose clocks are changed, or not."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from clients.recurrence import (
    LEAST,
    Timing,
    daily,
    days_of,
    kind_of,
    moment_on,
    noun_of,
    on_days,
    times_of,
    weekly,
)

DAY = timedelta(days=1)
# By the clock of summer and of winter; two hours after the others, 45 minutes beside the hour; never changed.
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Chatham", "Asia/Kolkata")]
BERLIN = ZoneInfo("Europe/Berlin")
TWO_YEARS = 731
MONDAY, THURSDAY = 0, 3

zones = st.sampled_from(ZONES)
first_days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
rules = st.one_of(
    st.just(""),
    st.builds(daily, st.integers(1, TWO_YEARS)),
    st.builds(weekly, st.integers(1, 104), on=st.sets(st.integers(0, 6)), every=st.integers(1, 8)),
    st.builds(on_days, st.sets(first_days, min_size=1, max_size=26)),
)
timings = st.builds(
    Timing,
    first_days,
    days=st.integers(1, 28),
    rule=rules,
    opens=clocks,
    due=clocks,
    before=st.booleans(),
).filter(lambda timing: not timing.is_too_short)


@given(first_days, zones, clocks)
def test_over_two_years_every_day_comes_once(starts_on: date, zone: ZoneInfo, opens: time) -> None:
    timing = Timing(starts_on, days=2, rule=daily(TWO_YEARS), opens=opens, due=opens)

    days = [opened.astimezone(zone).date() for opened, _ in timing.windows(zone)]

    assert days == [starts_on + number * DAY for number in range(TWO_YEARS)]


@given(first_days, zones, st.sets(st.integers(0, 6), min_size=1), st.integers(1, 4))
def test_over_two_years_its_weekdays_come_once_in_each_of_its_weeks(
    starts_on: date, zone: ZoneInfo, on: set[int], every: int
) -> None:
    timing = Timing(starts_on, days=1, rule=weekly(len(on) * 104 // every, on=on, every=every))

    days = [opened.astimezone(zone).date() for opened, _ in timing.windows(zone)]

    monday = days[0] - days[0].weekday() * DAY
    last = (days[-1] - monday).days + 1
    expected = [monday + number * DAY for number in range(last) if number // 7 % every == 0 and number % 7 in on]
    assert days == [day for day in expected if day >= days[0]]
    assert days[0] - starts_on < 7 * DAY


@given(timings, zones)
def test_moments_only_go_forward_and_there_are_as_many_as_were_asked_for(timing: Timing, zone: ZoneInfo) -> None:
    windows = timing.windows(zone)

    assert len(windows) == timing.times == times_of(timing.rule)
    assert all(opened < due for opened, due in windows)
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(windows))
    assert all(first <= last for first, last in timing.spans())
    assert all(last < first for (_, last), (first, _) in pairwise(timing.spans()))


@given(first_days, rules)
def test_a_rule_is_read_as_dateutil_reads_it_from_its_first_day(starts_on: date, rule: str) -> None:
    days = days_of(rule, starts_on=starts_on)

    if kind_of(rule) in ("daily", "weekly"):
        assert days == [moment.date() for moment in rrulestr(rule, dtstart=datetime.combine(days[0], time()))]
    assert days == sorted(set(days))


def test_no_zone_puts_its_clock_forward_by_as_much_as_must_lie_between_opening_and_due() -> None:
    weeks = [datetime(2026, 1, 1, tzinfo=UTC) + number * 7 * DAY for number in range(53)]

    for zone in map(ZoneInfo, available_timezones()):
        offsets = [week.astimezone(zone).utcoffset() or timedelta() for week in weeks]
        assert max(later - earlier for earlier, later in pairwise(offsets)) < LEAST, zone


def test_an_hour_that_is_skipped_is_told_from_before() -> None:
    moment = moment_on(date(2027, 3, 28), time(2, 30), BERLIN)

    assert moment.isoformat() == "2027-03-28T03:30:00+02:00"


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    moment = moment_on(date(2026, 10, 25), time(2, 30), BERLIN)

    assert moment.isoformat() == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    ("rule", "kind", "noun"),
    [
        ("", "once", "time"),
        (daily(14), "daily", "day"),
        (weekly(4), "weekly", "week"),
        (weekly(4, on=[MONDAY]), "weekly", "week"),
        (weekly(4, on=[MONDAY, THURSDAY]), "weekly", "time"),
        (weekly(4, every=2), "weekly", "time"),
        (on_days([date(2026, 11, 30)]), "dates", "time"),
    ],
)
def test_a_rule_says_what_it_is(rule: str, kind: str, noun: str) -> None:
    assert (kind_of(rule), noun_of(rule)) == (kind, noun)


def test_every_second_week_counts_from_the_first_day_that_fits() -> None:
    wednesday = date(2026, 11, 18)

    days = days_of(weekly(4, on=[MONDAY, THURSDAY], every=2), starts_on=wednesday)

    assert days == [date(2026, 11, 19), date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 14)]


def test_a_time_is_over_before_the_next_begins() -> None:
    starts_on = date(2026, 11, 16)

    assert list(Timing(starts_on, days=7, rule=daily(2)).spans()) == [
        (starts_on, starts_on),
        (starts_on + DAY, starts_on + 7 * DAY),
    ]


def test_what_leads_up_to_a_session_is_due_the_evening_before() -> None:
    sessions = on_days([date(2026, 11, 30), date(2026, 12, 3)])

    spans = list(Timing(date(2026, 11, 16), days=7, rule=sessions, before=True).spans())

    assert spans == [(date(2026, 11, 23), date(2026, 11, 29)), (date(2026, 11, 30), date(2026, 12, 2))]
