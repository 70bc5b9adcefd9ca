"""Giving work: when it opens, what is refused, and that the client is told once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clients.models import Client, Occurrence
from clients.recurrence import Timing, daily, on_days, weekly
from clients.services.announcing import OPEN_TASK, announce_due
from clients.services.assigning import CannotAssignError, assign_work, withdraw_work
from clients.services.caseload import NotAClinicianError, end_care, give_care
from clients.tasks import announce_opened
from content.services.exercises import retire_exercise
from practices.models import ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.factories import AT

TOMORROW = AT.date() + timedelta(days=1)


def mails() -> int:
    return OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS).count()


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        (Timing(AT.date(), rule=daily(93)), "1 to 92 times"),
        (Timing(AT.date(), rule=weekly(0)), "1 to 92 times"),
        (Timing(AT.date(), days=29), "1 to 28 days"),
        (Timing(AT.date(), rule=weekly(20, every=4)), "more than a year"),
        (Timing(AT.date(), days=1, opens=time(18, 0), due=time(20, 0)), "three hours"),
        (Timing(AT.date() - timedelta(days=9), days=7), "That day is over"),
        (Timing(AT.date(), rule=on_days([AT.date(), TOMORROW]), before=True), "That day is over"),
    ],
)
def test_dates_that_cannot_be_are_refused(client_person, clinician, exercise, timing, words):
    with pytest.raises(CannotAssignError, match=words):
        assign_work(exercise, client=client_person, timing=timing, by=clinician, at=AT)

    assert not Occurrence.objects.exists()


def test_a_retired_exercise_is_not_given(client_person, clinician, exercise):
    retire_exercise(exercise, at=AT)
    exercise.refresh_from_db()

    with pytest.raises(CannotAssignError, match="not published"):
        assign_work(exercise, client=client_person, timing=Timing(AT.date()), by=clinician, at=AT)


def test_a_client_who_has_left_is_given_nothing(client_person, clinician, exercise):
    client_person.status = Client.Status.DISCHARGED

    with pytest.raises(CannotAssignError, match="has left"):
        assign_work(exercise, client=client_person, timing=Timing(AT.date()), by=clinician, at=AT)


def test_each_day_opens_at_seven_by_the_clients_own_clock_also_across_a_change_of_it(
    client_person, clinician, exercise
):
    client_person.timezone = "America/New_York"
    before = date(2027, 3, 10)

    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=before, rule=daily(14))

    opened = [one.opens_at.astimezone(ZoneInfo("America/New_York")) for one in Occurrence.objects.order_by("number")]
    assert [moment.date() for moment in opened] == [before + timedelta(days=number) for number in range(14)]
    assert {(moment.hour, moment.minute) for moment in opened} == {(7, 0)}
    assert len({moment.utcoffset() for moment in opened}) == 2


@pytest.mark.parametrize(
    ("timing", "opens"),
    [
        (Timing(AT.date()), datetime(2026, 11, 16, 7, 0, tzinfo=UTC)),
        (Timing(AT.date(), opens=time(18, 0), days=2), datetime(2026, 11, 16, 18, 0, tzinfo=UTC)),
        (Timing(AT.date(), rule=on_days([date(2026, 11, 20)]), before=True), AT),
    ],
)
def test_what_begins_today_opens_at_once_unless_another_hour_was_chosen(
    client_person, clinician, exercise, timing, opens
):
    assign_work(exercise, client=client_person, timing=timing, by=clinician, at=AT)

    assert Occurrence.objects.get().opens_at == opens


def test_what_is_open_now_is_announced_by_one_mail_a_day(client_person, clinician, exercise):
    factories.assignment(client_person, by=clinician, exercise=exercise)
    factories.assignment(client_person, by=clinician, exercise=factories.exercise())

    assert mails() == 1
    assert not Occurrence.objects.filter(announced_at=None).exists()


def test_what_opens_later_is_announced_when_it_opens(client_person, clinician, exercise, north):
    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=TOMORROW)
    opens = Occurrence.objects.get().opens_at

    assert mails() == 0
    assert ClinicWakeup.objects.get(clinic=north, kind=OPEN_TASK).due_at == opens
    assert announce_due(north, at=opens - timedelta(seconds=1)) == 0
    assert announce_due(north, at=opens) == 1
    assert announce_due(north, at=opens) == 0


def test_nothing_is_announced_to_a_client_who_pauses(client_person, clinician, exercise, north):
    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=TOMORROW)
    Client.objects.update(status=Client.Status.PAUSED)

    assert announce_due(north, at=AT + timedelta(days=2)) == 0
    assert mails() == 0


def test_the_task_announces_what_has_opened_and_sleeps_until_it_is_due_soon(
    client_person, clinician, exercise, north, clock
):
    factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=TOMORROW, rule=weekly(2))
    first, second = Occurrence.objects.order_by("number")
    clock.move_to(first.opens_at)

    announce_opened(clinic=str(north.pk))

    assert mails() == 1
    assert first.due_at - timedelta(days=1) < second.opens_at
    assert ClinicWakeup.objects.get(clinic=north, kind=OPEN_TASK).due_at == first.due_at - timedelta(days=1)


def test_work_that_was_taken_back_is_not_announced(client_person, clinician, exercise, north):
    assignment = factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=TOMORROW)

    withdraw_work(assignment, by=clinician, at=AT)
    withdraw_work(assignment, by=clinician, at=AT)

    assert announce_due(north, at=AT + timedelta(days=2)) == 0


def test_only_a_clinician_whose_account_is_open_can_care(client_person, editor):
    with pytest.raises(NotAClinicianError):
        give_care(client_person, clinician=editor, by=None, at=AT)


def test_care_that_has_ended_can_be_given_again(client_person, clinician, owner):
    relation = client_person.care.get()
    end_care(relation, by=owner, at=datetime(2026, 11, 17, tzinfo=UTC))

    again = give_care(client_person, clinician=clinician, by=owner, at=datetime(2026, 11, 18, tzinfo=UTC))

    assert again.pk != relation.pk
    assert client_person.care.count() == 2
