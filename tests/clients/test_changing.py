"""Work that was given is changed for one person: more time, another note."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clients.models import Assignment, Client, Occurrence
from clients.recurrence import daily
from clients.services.answering import put_off
from clients.services.assigning import withdraw_work
from clients.services.changing import DayError, move_due, write_note
from clients.states import StateError
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.factories import AT

FRIDAY_AFTER = date(2026, 11, 27)


def fresh(occurrence: Occurrence) -> Occurrence:
    occurrence.refresh_from_db()
    return occurrence


def test_more_time_keeps_the_hour_by_the_clients_own_clock(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    client_person.timezone = "America/New_York"
    client_person.save()
    before = date(2026, 10, 26)
    given = factories.assignment(
        client_person, by=clinician, exercise=exercise, at=datetime(2026, 10, 26, 14, tzinfo=UTC), days=2
    )
    work = given.occurrences.select_related("assignment__client").get()
    assert work.due_at == datetime(2026, 10, 28, 1, tzinfo=UTC)

    move_due(work, to=before + timedelta(days=10), by=clinician, at=work.opens_at)

    # Nine in the evening in New York, an hour later in UTC after the clock was put back.
    assert fresh(work).due_at == datetime(2026, 11, 6, 2, tzinfo=UTC)
    assert AuditEvent.objects.filter(action=Action.WORK_MOVED, subject_id=work.pk, actor=clinician.pk).count() == 1


def test_more_time_holds_the_next_one_off(client_person: Client, clinician: User, exercise: Exercise) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, days=1, rule=daily(3))
    first, second, _ = given.occurrences.order_by("number")

    move_due(first, to=AT.date() + timedelta(days=2), by=clinician, at=AT)

    assert fresh(first).is_answerable(second.opens_at)
    assert not fresh(first).is_answerable(first.due_at)
    assert set(Occurrence.objects.answerable(second.opens_at)) == {first, second}


def test_what_the_next_one_had_closed_is_opened_again(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, days=1, rule=daily(3))
    first, second, _ = given.occurrences.order_by("number")
    later = second.opens_at + timedelta(hours=1)
    assert not first.is_answerable(later)

    move_due(first, to=later.date(), by=clinician, at=later)

    assert fresh(first).is_answerable(later)


@pytest.mark.parametrize(
    ("to", "words"), [(AT.date() - timedelta(days=1), "over"), (AT.date() + timedelta(days=367), "within a year")]
)
def test_a_day_that_is_over_or_far_away_is_refused(
    occurrence: Occurrence, clinician: User, to: date, words: str
) -> None:
    due_at = occurrence.due_at

    with pytest.raises(DayError, match=words):
        move_due(occurrence, to=to, by=clinician, at=AT)

    assert fresh(occurrence).due_at == due_at


def test_what_was_taken_back_meanwhile_is_not_moved(occurrence: Occurrence, clinician: User) -> None:
    withdraw_work(occurrence.assignment, by=clinician, at=AT)

    with pytest.raises(StateError, match="It was taken back"):
        move_due(occurrence, to=FRIDAY_AFTER, by=clinician, at=AT)


def test_after_more_time_what_was_put_off_is_not_stuck_any_more(occurrence: Occurrence, clinician: User) -> None:
    put_off(occurrence, reason=Occurrence.NotNow.LATER, at=AT)
    assert occurrence in Occurrence.objects.needing_attention(AT)

    move_due(occurrence, to=FRIDAY_AFTER, by=clinician, at=AT + timedelta(hours=1))

    assert not fresh(occurrence).is_put_off
    assert not Occurrence.objects.needing_attention(AT + timedelta(hours=2)).exists()
    put_off(occurrence, reason=Occurrence.NotNow.WHY, at=AT + timedelta(hours=3))
    assert occurrence in Occurrence.objects.needing_attention(AT + timedelta(hours=4))


def mails() -> int:
    return OutboxMail.objects.filter(kind=MailKind.SOMETHING_WAITS).count()


def test_a_note_is_sealed_signed_and_shares_the_days_one_mail(
    assignment: Assignment, clinician: User, other_clinician: User
) -> None:
    tomorrow = AT + timedelta(days=1)
    assert mails() == 1

    write_note(assignment, note=" Take the small chair. ", by=other_clinician, at=AT)
    assert mails() == 1
    write_note(assignment, note="Take the big chair.", by=other_clinician, at=tomorrow)

    stored = Assignment.objects.get(pk=assignment.pk)
    assert (stored.note, stored.writer, stored.noted_at) == ("Take the big chair.", other_clinician, tomorrow)
    assert b"chair" not in bytes(Assignment.objects.values_list("note", flat=True).get(pk=assignment.pk) or b"")
    assert mails() == 2
    assert AuditEvent.objects.filter(action=Action.NOTE_WRITTEN).count() == 2


def test_a_note_with_work_that_is_not_open_yet_mails_nobody(
    client_person: Client, clinician: User, exercise: Exercise
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, starts_on=FRIDAY_AFTER)

    write_note(given, note="On Friday.", by=clinician, at=AT)

    assert mails() == 0


def test_an_empty_note_takes_the_old_one_away(assignment: Assignment, clinician: User) -> None:
    write_note(assignment, note="Take your time.", by=clinician, at=AT)

    write_note(assignment, note="  ", by=clinician, at=AT)

    assert Assignment.objects.get(pk=assignment.pk).note is None


def test_with_what_was_taken_back_no_note_is_written(assignment: Assignment, clinician: User) -> None:
    withdraw_work(assignment, by=clinician, at=AT)

    with pytest.raises(StateError, match="It was taken back"):
        write_note(assignment, note="Too late.", by=clinician, at=AT)
