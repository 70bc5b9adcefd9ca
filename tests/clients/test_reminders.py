"""Clients are told what waits, when they may be written to, once a day at most; and not once nothing waits any more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.hours import first_moment
from clients.models import Client, Occurrence
from clients.recurrence import daily, weekly
from clients.services.announcing import (
    OPEN_TASK,
    CannotNudgeError,
    announce_due,
    next_reminder,
    nudge,
    wake_for_reminders,
)
from clients.services.answering import put_off
from clients.services.changing import move_due
from clients.services.consenting import choose_channel
from clients.services.digest import DIGEST_TASK, next_week_told, tell_clinicians_of_week
from clients.services.reviewing import review_response
from clients.tasks import clinicians_week
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import send_due, waiting_since
from tests import factories
from tests.factories import AT
from tests.harness.browsers import Browser

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Chatham", "Asia/Kolkata"]
NIGHT = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)


def due_mails() -> list[datetime]:
    """When each mail that has not gone is to go."""
    queued = OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS, state=OutboxMail.State.QUEUED)
    return list(queued.order_by("due_at").values_list("due_at", flat=True))


@pytest.fixture
def occurrence(client_person: Client, clinician: User, exercise: Exercise) -> Occurrence:
    """Open now, due in a week."""
    given_work = factories.assignment(client_person, by=clinician, exercise=exercise, days=7)
    return Occurrence.objects.select_related("assignment__client__user", "assignment__version").get(
        assignment=given_work
    )


# ── The hour ──


@settings(deadline=None, max_examples=300)
@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    hour=st.none() | st.integers(0, 23),
)
def test_nobody_is_written_to_at_night_or_before_their_hour(at: datetime, zone: str, hour: int | None) -> None:
    own = ZoneInfo(zone)

    moment = first_moment(at, own, hour=hour, quiet_until=8, quiet_from=21)

    local = moment.astimezone(own)
    begins = hour if hour is not None and 8 <= hour < 21 else 8
    assert at <= moment < at + timedelta(hours=26)
    assert begins <= local.hour < 21
    assert moment == at or (local.hour, local.minute) == (begins, 0)


def test_what_is_given_at_night_is_mailed_in_the_morning_and_counts_for_that_day(
    client_person: Client, clinician: User, exercise: Exercise, north: Clinic
) -> None:
    factories.assignment(client_person, by=clinician, exercise=exercise, at=NIGHT, starts_on=NIGHT.date(), days=3)

    assert due_mails() == [datetime(2026, 11, 17, 8, 0, tzinfo=UTC)]
    client_person.refresh_from_db()
    assert client_person.mailed_on == date(2026, 11, 17)
    assert send_due(north, at=NIGHT + HOUR) == 0
    assert waiting_since() == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


def test_a_client_chooses_an_hour_and_days_without_a_mail(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    choose_channel(client_person, channel="mail", mail_hour=18, by=client_person.user, at=AT)
    factories.assignment(client_person, by=clinician, exercise=exercise)
    assert due_mails() == [datetime(2026, 11, 16, 18, 0, tzinfo=UTC)]
    OutboxMail.objects.all().delete()

    choose_channel(client_person, channel="mail", no_mail_until=AT.date() + 3 * DAY, by=client_person.user, at=AT)
    for days, expected in ((1, 0), (3, 0), (4, 1)):
        response = factories.response(
            factories.assignment(client_person, by=clinician, exercise=exercise)
            .occurrences.select_related("assignment__client__user", "assignment__version")
            .get()
        )
        review_response(response, reply="Well done.", by=clinician, at=AT + days * DAY)
        assert len(due_mails()) == expected


def test_the_night_is_before_the_evening(north: Clinic) -> None:
    with pytest.raises(IntegrityError, match="clinic_quiet_at_night"), transaction.atomic():
        Clinic.objects.update(quiet_until=21, quiet_from=8)


# ── Before it is due, and after ──


def test_a_client_is_reminded_once_before_work_is_due_and_once_after(occurrence: Occurrence, north: Clinic) -> None:
    soon, late = occurrence.due_at - DAY, occurrence.due_at
    announced = len(due_mails())

    assert next_reminder(AT) == soon
    assert announce_due(north, at=soon - SECOND) == 0
    assert announce_due(north, at=soon) == 1
    assert announce_due(north, at=soon + HOUR) == 0
    assert next_reminder(soon) == late
    assert announce_due(north, at=late) == 1
    assert announce_due(north, at=late + HOUR) == 0

    assert len(due_mails()) == announced + 2
    assert next_reminder(late) is None
    assert {mail.astimezone(UTC).date() for mail in due_mails()} == {
        # Due at nine in the evening, which is night: told on the morning of that day, and on the next.
        *(AT.date(), late.date(), late.date() + DAY),
    }


def test_nobody_is_told_of_what_has_long_been_late(occurrence: Occurrence, north: Clinic) -> None:
    assert announce_due(north, at=occurrence.due_at + 3 * DAY) == 0


def test_with_more_time_it_is_due_anew(occurrence: Occurrence, clinician: User, north: Clinic) -> None:
    announce_due(north, at=occurrence.due_at - DAY)
    later = occurrence.due_at.date() + 5 * DAY

    move_due(occurrence, to=later, by=clinician, at=occurrence.due_at - HOUR)

    occurrence.refresh_from_db()
    assert ClinicWakeup.objects.get(kind=OPEN_TASK).due_at <= occurrence.due_at - DAY
    assert announce_due(north, at=occurrence.due_at - DAY) == 1


def test_who_put_it_off_is_left_in_peace(occurrence: Occurrence, north: Clinic) -> None:
    put_off(occurrence, reason=Occurrence.NotNow.SMALLER, at=AT)

    assert announce_due(north, at=occurrence.due_at - DAY) == 0
    assert announce_due(north, at=occurrence.due_at) == 0
    assert next_reminder(AT) is None


def test_what_is_done_every_day_is_announced_and_that_is_enough(
    client_person: Client, clinician: User, exercise: Exercise, north: Clinic
) -> None:
    factories.assignment(client_person, by=clinician, exercise=exercise, rule=daily(14), days=1)

    mails = [announce_due(north, at=AT + HOUR * hour) for hour in range(1, 15 * 24)]

    assert sum(mails) == 13


def test_however_much_is_given_there_is_one_mail_a_day(
    client_person: Client, clinician: User, exercise: Exercise, north: Clinic
) -> None:
    for days in (3, 5, 7):
        factories.assignment(client_person, by=clinician, exercise=exercise, rule=weekly(4), days=days)
    for turn in range(4 * 24):
        announce_due(north, at=AT + 6 * HOUR * turn)

    mailed = [mail.date() for mail in due_mails()]
    assert len(mailed) == len(set(mailed))
    assert len(mailed) > 6


def test_two_workers_send_one_mail(occurrence: Occurrence, north: Clinic) -> None:
    """The claim is a conditional UPDATE; a task that runs twice, or late, finds nothing left to do."""
    soon = occurrence.due_at - DAY

    assert [announce_due(north, at=soon), announce_due(north, at=soon), announce_due(north, at=soon)] == [1, 0, 0]


# ── Nothing once it is sent ──


def test_a_mail_that_has_not_gone_is_called_off_when_the_work_is_sent(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    choose_channel(client_person, channel="mail", mail_hour=18, by=client_person.user, at=AT)
    work = factories.assignment(client_person, by=clinician, exercise=exercise)
    assert len(due_mails()) == 1

    factories.response(work.occurrences.select_related("assignment__client__user", "assignment__version").get())

    assert due_mails() == []


def test_it_goes_all_the_same_if_something_else_waits(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    choose_channel(client_person, channel="mail", mail_hour=18, by=client_person.user, at=AT)
    factories.assignment(client_person, by=clinician, exercise=exercise)
    work = factories.assignment(client_person, by=clinician, exercise=exercise)

    factories.response(work.occurrences.select_related("assignment__client__user", "assignment__version").get())

    assert len(due_mails()) == 1


# ── A person's attention ──


@pytest.fixture
def desk(browser_of: Callable[..., Browser], clinician: User) -> Browser:
    return browser_of(clinician)


def test_a_clinician_reminds_with_the_days_one_mail(occurrence: Occurrence, clinician: User) -> None:
    person = occurrence.assignment.client

    with pytest.raises(CannotNudgeError, match="one mail already"):
        nudge(person, by=clinician, at=AT + HOUR)
    moment = nudge(person, by=clinician, at=AT + DAY)

    assert moment == AT + DAY
    assert len(due_mails()) == 2
    assert (
        AuditEvent.objects.filter(action=Action.CLIENT_REMINDED, client_id=person.pk, actor=clinician.pk).count() == 1
    )


def test_who_has_nothing_to_do_or_wants_no_mail_is_not_reminded(occurrence: Occurrence, clinician: User) -> None:
    person = occurrence.assignment.client
    choose_channel(person, channel="none", by=person.user, at=AT)
    with pytest.raises(CannotNudgeError, match="gets no mail from us"):
        nudge(person, by=clinician, at=AT + DAY)
    choose_channel(person, channel="mail", by=person.user, at=AT)
    factories.response(occurrence)

    with pytest.raises(CannotNudgeError, match="Nothing waits"):
        nudge(person, by=clinician, at=AT + DAY)


def test_the_button_says_when_it_goes_or_why_not(desk: Browser, occurrence: Occurrence) -> None:
    person = occurrence.assignment.client
    Client.objects.filter(pk=person.pk).update(mailed_on=None)
    OutboxMail.objects.all().delete()
    Occurrence.objects.update(opens_at=datetime.now(UTC) - HOUR, due_at=datetime.now(UTC) + 5 * DAY)
    address = reverse("admin:client", args=[person.pk])
    assert reverse("admin:nudge", args=[person.pk]) in desk.get(address).content.decode()

    desk.post(reverse("admin:nudge", args=[person.pk]))
    first = desk.get(address).content.decode()
    desk.post(reverse("admin:nudge", args=[person.pk]))

    assert "gets a mail that something waits" in first
    assert "has had the day’s one mail already" in desk.get(address).content.decode()
    assert len(due_mails()) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "sent", "sent_at": AT}, "Last mail"),
        ({"state": "failed", "attempts": 8}, "it could not be delivered"),
        ({"attempts": 2}, "not delivered yet, we keep trying"),
    ],
)
def test_staff_see_how_the_last_mail_fared(
    desk: Browser, occurrence: Occurrence, changes: dict[str, object], said: str
) -> None:
    OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS).update(**changes)

    assert said in desk.get(reverse("admin:client", args=[occurrence.assignment.client_id])).content.decode()


# ── The client's own settings ──


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"mail_hour": "18", "no_mail_until": ""}, 302, ""),
        ({"mail_hour": "3", "no_mail_until": ""}, 422, "Choose an hour from the list."),
        ({"mail_hour": "", "no_mail_until": "2020-01-01"}, 422, "from today on, within a year"),
        ({"mail_hour": "", "no_mail_until": "someday"}, 422, "Choose a day, or leave it empty."),
    ],
)
def test_a_client_says_when_they_may_be_written_to(
    client_person: Client, browser_of: Callable[..., Browser], sent: dict[str, str], status: int, said: str
) -> None:
    browser = browser_of(client_person.user)

    response = browser.post(reverse("portal:settings"), {"channel": "mail"} | sent)

    assert response.status_code == status
    assert said in response.content.decode()
    client_person.refresh_from_db()
    assert client_person.mail_hour == (18 if status == 302 else None)
    assert "Not before" in browser.get(reverse("portal:settings")).content.decode()


# ── The clinicians' week ──


def test_on_monday_morning_each_clinician_for_whom_something_waits_gets_one_neutral_mail(
    occurrence: Occurrence, clinician: User, other_clinician: User, north: Clinic
) -> None:
    factories.response(occurrence)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    assert next_week_told(north, at=monday - SECOND) == monday
    assert tell_clinicians_of_week(north, at=monday) == 1
    assert tell_clinicians_of_week(north, at=monday + DAY) == 0
    assert next_week_told(north, at=monday) == monday + 7 * DAY

    [mail] = OutboxMail.objects.filter(kind=MailKind.WEEK_AHEAD)
    assert mail.details == {"to": clinician.email, "path": reverse("admin:queue"), "code": ""}


def test_the_task_wakes_itself_for_the_next_monday(north: Clinic, clinician: User) -> None:
    clinicians_week(clinic=str(north.pk))

    due = ClinicWakeup.objects.get(clinic=north, kind=DIGEST_TASK).due_at.astimezone(north.zone)
    assert (due.weekday(), due.hour) == (0, 8)


def test_the_next_reminder_wakes_the_clinic(occurrence: Occurrence, north: Clinic) -> None:
    ClinicWakeup.objects.filter(kind=OPEN_TASK).delete()

    wake_for_reminders(north, at=AT)

    assert ClinicWakeup.objects.get(kind=OPEN_TASK).due_at == occurrence.due_at - DAY
