"""A pause: nothing opens, no mail is sent, and afterwards it goes on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from clients.completion import by_week
from clients.models import Assignment, Client, Occurrence
from clients.recurrence import daily, on_days, weekly
from clients.services.announcing import announce_due
from clients.services.answering import submit_response
from clients.services.assigning import withdraw_work
from clients.services.changing import move_due
from clients.services.pausing import CannotPauseError, pause_work, resume_work
from clients.services.reviewing import review_response
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.identifiers import new_id
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.clients.test_handing_over import at_once
from tests.factories import AT
from tests.harness.databases import Database

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 19), date(2026, 11, 24)  # Thursday to Tuesday
DURING = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
Give = Callable[..., Assignment]
Row = tuple[str, str, str]


@pytest.fixture
def give(client_person: Client, clinician: User, exercise: Exercise) -> Give:
    def give(**timing: Any) -> Assignment:
        person = Client.objects.get(pk=client_person.pk)
        return factories.assignment(person, by=clinician, exercise=exercise, **timing)

    return give


def pause(client: Client, by: User, *, first: date = FIRST, last: date = LAST, at: datetime = AT) -> None:
    pause_work(client, first=first, last=last, by=by, at=at)


def times(assignment: Assignment) -> list[Row]:
    """State, opening and due moment of each."""
    return [
        (one.state, f"{one.opens_at:%d %H:%M}", f"{one.due_at:%d %H:%M}")
        for one in assignment.occurrences.order_by("number")
    ]


def closings(assignment: Assignment) -> list[datetime | None]:
    return list(assignment.occurrences.order_by("number").values_list("closes_at", flat=True))


def mails() -> int:
    return OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS).count()


def test_of_repeated_work_what_would_open_is_left_out(give: Give, client_person: Client, clinician: User) -> None:
    given = give(days=1, rule=daily(12))

    pause(client_person, clinician)

    assert [state for state, _, _ in times(given)] == ["open"] * 3 + ["skipped"] * 6 + ["open"] * 3
    assert not Occurrence.objects.opened(DURING).answerable(DURING).filter(opens_at__date=DURING.date()).exists()


def test_the_time_before_stays_open_until_the_one_after(give: Give, client_person: Client, clinician: User) -> None:
    given = give(rule=weekly(3))
    first, second, third = given.occurrences.order_by("number")

    pause(client_person, clinician)

    first.refresh_from_db()
    assert first.closes_at == third.opens_at
    assert first.is_answerable(second.opens_at)


def test_work_that_is_done_once_opens_afterwards_with_as_much_time(
    give: Give, client_person: Client, clinician: User
) -> None:
    given = give(starts_on=date(2026, 11, 20), days=3)

    pause(client_person, clinician)

    assert times(given) == [("open", "25 07:00", "27 21:00")]


def test_what_is_open_and_due_then_is_due_as_much_later(give: Give, client_person: Client, clinician: User) -> None:
    given = give(days=5)

    pause(client_person, clinician)

    assert times(given) == [("open", "16 07:00", "26 21:00")]


def test_what_was_begun_is_not_taken_away(give: Give, client_person: Client, clinician: User) -> None:
    given = give(days=1, rule=daily(4))
    factories.draft(given.occurrences.select_related("assignment__client", "assignment__version").get(number=1))

    pause(client_person, clinician, first=AT.date(), at=AT + timedelta(hours=1))

    assert times(given)[0] == ("started", "16 07:00", "25 21:00")
    assert {state for state, _, _ in times(given)[1:]} == {"skipped"}


def test_days_that_follow_no_rule_are_left_out_too(give: Give, client_person: Client, clinician: User) -> None:
    given = give(rule=on_days([date(2026, 11, 23), date(2026, 11, 30)]), starts_on=date(2026, 11, 23))

    pause(client_person, clinician)

    assert [state for state, _, _ in times(given)] == ["skipped", "open"]


@pytest.mark.parametrize("starts_on", [AT.date(), date(2026, 11, 21)])
def test_what_is_given_in_a_pause_opens_after_it(
    give: Give, client_person: Client, clinician: User, starts_on: date
) -> None:
    pause(client_person, clinician, first=AT.date())

    given = give(starts_on=starts_on, days=2)

    assert times(given) == [("open", "25 07:00", "26 21:00")]
    assert mails() == 0


def test_no_mail_about_work_is_sent_in_a_pause(
    give: Give, client_person: Client, clinician: User, north: Clinic
) -> None:
    sent = factories.response(
        give().occurrences.select_related("assignment__client__user", "assignment__version").get()
    )
    give(days=1, rule=daily(30), starts_on=date(2026, 11, 17))
    pause(client_person, clinician)
    before = mails()

    announce_due(north, at=DURING)
    assert mails() == before
    review_response(sent, reply="Well done.", by=clinician, at=DURING)
    assert mails() == before
    announce_due(north, at=AFTER)
    assert mails() == before + 1


def test_left_out_is_neither_done_nor_missed(give: Give, client_person: Client, clinician: User) -> None:
    give(days=1, rule=daily(9), starts_on=FIRST)

    pause(client_person, clinician)

    weeks = by_week(Occurrence.objects.all(), weeks=4, zone=ZoneInfo("UTC"), at=datetime(2026, 12, 20, tzinfo=UTC))
    assert sum(week.tally.all for week in weeks) == 3


def test_a_pause_that_never_begins_changes_nothing(give: Give, client_person: Client, clinician: User) -> None:
    given = [give(days=1, rule=daily(12)), give(rule=weekly(3)), give(days=5), give(starts_on=FIRST, days=3)]
    before = [(times(one), closings(one)) for one in given]

    pause(client_person, clinician)
    assert [(times(one), closings(one)) for one in given] != before
    resume_work(client_person, by=clinician, at=AT + DAY)

    assert [(times(one), closings(one)) for one in given] == before
    assert Client.objects.get(pk=client_person.pk).pause_from is None


def test_a_pause_that_ends_early_gives_back_what_is_left_of_it(
    give: Give, client_person: Client, clinician: User
) -> None:
    diary, once, open_now = give(days=1, rule=daily(12)), give(starts_on=FIRST, days=3), give(days=5)
    pause(client_person, clinician)

    assert resume_work(client_person, by=clinician, at=DURING)

    assert [state for state, _, _ in times(diary)] == ["open"] * 3 + ["skipped"] + ["open"] * 8
    assert times(once) == [("open", "20 12:00", "22 21:00")]
    assert times(open_now) == [("open", "16 07:00", "21 21:00")]
    assert Client.objects.get(pk=client_person.pk).pause_until == date(2026, 11, 19)
    assert not resume_work(client_person, by=clinician, at=DURING)


def test_a_day_that_was_moved_by_hand_in_a_pause_stays(give: Give, client_person: Client, clinician: User) -> None:
    given = give(days=5)
    pause(client_person, clinician)
    only = given.occurrences.select_related("assignment__client").get()
    move_due(only, to=date(2026, 12, 3), by=clinician, at=AT)

    resume_work(client_person, by=clinician, at=DURING)

    assert times(given) == [("open", "16 07:00", "03 21:00")]


def test_what_an_earlier_pause_moved_stays_when_a_later_one_ends_early(
    give: Give, client_person: Client, clinician: User
) -> None:
    given = give(days=5)
    pause(client_person, clinician)
    moved = times(given)

    pause(client_person, clinician, first=date(2026, 12, 1), last=date(2026, 12, 8), at=AFTER)
    resume_work(client_person, by=clinician, at=AFTER + DAY)

    assert times(given) == moved


def test_what_was_taken_back_does_not_come_back(give: Give, client_person: Client, clinician: User) -> None:
    given = give(days=1, rule=daily(12))
    pause(client_person, clinician)
    withdraw_work(given, by=clinician, at=AT)

    resume_work(client_person, by=clinician, at=AT + DAY)

    assert {state for state, _, _ in times(given)} == {"withdrawn", "skipped"}


def test_across_a_change_of_the_clock_hours_stay(give: Give, client_person: Client, clinician: User) -> None:
    Client.objects.filter(pk=client_person.pk).update(timezone="America/New_York")
    client_person.refresh_from_db()
    at = datetime(2026, 10, 26, 14, 0, tzinfo=UTC)
    given = give(at=at, starts_on=date(2026, 10, 30), days=1)

    pause(client_person, clinician, first=date(2026, 10, 29), last=date(2026, 11, 2), at=at)

    only = given.occurrences.get()
    local = [moment.astimezone(ZoneInfo("America/New_York")) for moment in (only.opens_at, only.due_at)]
    assert [f"{moment:%d %b %H:%M}" for moment in local] == ["03 Nov 07:00", "03 Nov 21:00"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (AT.date() - DAY, LAST, "today or later"),
        (LAST, FIRST, "on the day it begins or later"),
        (FIRST, FIRST + 92 * DAY, "at most 92 days"),
        (AT.date() + 400 * DAY, AT.date() + 401 * DAY, "within a year"),
    ],
)
def test_days_that_can_not_be_are_refused(
    client_person: Client, clinician: User, first: date, last: date, words: str
) -> None:
    with pytest.raises(CannotPauseError, match=words):
        pause(client_person, clinician, first=first, last=last)


def test_there_is_one_pause_at_a_time(client_person: Client, clinician: User) -> None:
    pause(client_person, clinician)

    with pytest.raises(CannotPauseError, match="a pause already"):
        pause(client_person, clinician, first=date(2026, 12, 20), last=date(2027, 1, 3))


def test_pausing_and_going_on_are_written_down(client_person: Client, clinician: User) -> None:
    pause(client_person, clinician)
    resume_work(client_person, by=clinician, at=AT)

    events = AuditEvent.objects.filter(client_id=client_person.pk, actor=clinician.pk)
    assert list(events.order_by("pk").values_list("action", flat=True)) == [Action.WORK_PAUSED, Action.WORK_RESUMED]


@pytest.mark.parametrize(
    "ends", [{"pause_from": FIRST}, {"pause_until": LAST}, {"pause_from": LAST, "pause_until": FIRST}]
)
def test_a_pause_has_two_ends_in_order(client_person: Client, ends: dict[str, date]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=client_person.pk).update(**ends)


def test_a_pause_and_a_sending_at_once_both_happen(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        clara = factories.staff()
        cleo = factories.client(clara)
        given = factories.assignment(cleo, by=clara, exercise=factories.exercise(), days=5)
        written = factories.draft(whole(given))

    errors = at_once(
        fresh_database.north,
        lambda: pause(cleo, clara),
        lambda: submit_response(written, request_id=new_id(), by=cleo.user, at=AT + timedelta(minutes=6)),
    )

    assert errors == []
    with inside(fresh_database.north):
        assert Occurrence.objects.get().state == "submitted"
        assert Client.objects.get(pk=cleo.pk).pause_from == FIRST


def test_of_two_pauses_at_once_there_is_one(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        clara = factories.staff()
        cleo = factories.client(clara)
        factories.assignment(cleo, by=clara, exercise=factories.exercise(), days=1, rule=daily(12))

    errors = at_once(
        fresh_database.north,
        lambda: pause(cleo, clara),
        lambda: pause(cleo, clara, first=FIRST + DAY),
    )

    assert [type(error) for error in errors] == [CannotPauseError]


def whole(given: Assignment) -> Occurrence:
    return given.occurrences.select_related("assignment__client__user", "assignment__version").get(number=1)
