"""A smaller version: offered by the clinician, taken by the client, each time anew."""

from datetime import timedelta
from typing import Any

import pytest

from clients.models import Assignment, Client, Occurrence, Response
from clients.recurrence import weekly
from clients.services.answering import OccurrenceClosedError, put_off, submit_response
from clients.services.assigning import CannotAssignError, withdraw_work
from clients.services.changing import NotSmallerError, offer_smaller
from clients.services.swapping import NothingSmallerError, take_full, take_smaller
from clients.states import StateError
from content.models import Exercise
from content.services.exercises import retire_exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.identifiers import new_id
from practices.outbox.models import OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.clients.answering import autosave
from tests.clients.test_handing_over import at_once
from tests.factories import AT
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database

pytestmark = pytest.mark.usefixtures("clock")
LATER = AT + timedelta(hours=1)
SMALL: dict[str, Any] = {
    "format": 1,
    "minutes": 2,
    "introduction": "",
    "prompts": [{"id": "one", "kind": "short_text", "text": "One word for today"}],
}


@pytest.fixture
def small(clinician: User) -> Exercise:
    return factories.exercise(schema=SMALL, by=clinician, title="One word")


@pytest.fixture
def offered(assignment: Assignment, small: Exercise, clinician: User) -> Occurrence:
    """Open, with something smaller beside it."""
    offer_smaller(assignment, exercise=small, by=clinician, at=AT)
    return whole(assignment.occurrences.get())


def whole(occurrence: Occurrence) -> Occurrence:
    return Occurrence.objects.select_related(
        "assignment__client__user", "assignment__version", "assignment__smaller", "assignment__instead_of"
    ).get(pk=occurrence.pk)


def take(occurrence: Occurrence) -> Occurrence:
    return whole(take_smaller(whole(occurrence), by=occurrence.assignment.client.user, at=LATER))


def test_the_smaller_one_takes_its_place_until_the_same_moment(
    offered: Occurrence, small: Exercise, clinician: User
) -> None:
    taken = take(offered)

    assert taken.assignment.version == small.current
    assert (taken.opens_at, taken.due_at, taken.closes_at) == (offered.opens_at, offered.due_at, offered.closes_at)
    assert (taken.assignment.assigned_by, taken.assignment.instead_of) == (clinician, offered)
    assert list(Occurrence.objects.answerable(LATER)) == [taken]
    assert list(Occurrence.objects.counted()) == [taken]
    assert AuditEvent.objects.filter(action=Action.SMALLER_TAKEN, subject_id=taken.pk).count() == 1


def test_it_is_not_mailed_about(offered: Occurrence) -> None:
    before = OutboxMail.objects.count()

    take(offered)

    assert OutboxMail.objects.count() == before


def test_the_clinicians_line_goes_along(
    client_person: Client, clinician: User, exercise: Exercise, small: Exercise
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, note="Slowly.", smaller=small)

    taken = take(given.occurrences.get())

    assert (taken.assignment.note, taken.assignment.writer, taken.assignment.noted_at) == ("Slowly.", clinician, AT)


def test_pressed_twice_it_is_taken_once(offered: Occurrence) -> None:
    assert take(offered) == take(offered)
    assert Assignment.objects.count() == 2


def test_there_and_back_keeps_what_was_written_in_both(offered: Occurrence) -> None:
    user = offered.assignment.client.user
    factories.draft(offered, answers={"words": "Rain."})
    taken = take(offered)
    factories.draft(taken, answers={"one": "wet"}, at=LATER)

    back = take_full(whole(taken), by=user, at=LATER)
    assert list(Occurrence.objects.answerable(LATER)) == [back] == [offered]
    again = take(offered)

    assert again == taken
    answers = [response.answers for response in Response.objects.order_by("saved_at")]
    assert answers == [{"words": "Rain."}, {"one": "wet"}]


def test_each_time_is_chosen_anew(client_person: Client, clinician: User, exercise: Exercise, small: Exercise) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, rule=weekly(2), smaller=small)
    first, second = given.occurrences.order_by("number")

    taken = take(first)

    assert set(Occurrence.objects.answerable(second.opens_at)) == {second}
    assert not taken.is_answerable(second.opens_at)


def test_what_is_sent_stays_with_the_version_that_was_answered(offered: Occurrence, small: Exercise) -> None:
    taken = take(offered)

    sent = factories.response(taken, answers={"one": "wet"}, at=LATER)

    assert sent.occurrence.assignment.version == small.current
    with pytest.raises(OccurrenceClosedError, match="It was sent already"):
        take_full(taken, by=offered.assignment.client.user, at=LATER)


def test_what_was_taken_back_is_not_taken(offered: Occurrence, clinician: User) -> None:
    withdraw_work(offered.assignment, by=clinician, at=AT)

    with pytest.raises(OccurrenceClosedError, match="It was taken back"):
        take(offered)


def test_taking_the_work_back_takes_the_smaller_one_back(offered: Occurrence, clinician: User) -> None:
    take(offered)

    withdraw_work(offered.assignment, by=clinician, at=LATER)

    assert not Occurrence.objects.unfinished().exists()
    assert not Assignment.objects.active().exists()


def test_nothing_smaller_is_offered_of_what_is_smaller_already(occurrence: Occurrence, offered: Occurrence) -> None:
    taken = take(offered)

    with pytest.raises(NothingSmallerError):
        take(taken)
    with pytest.raises(NothingSmallerError):
        take_full(offered, by=offered.assignment.client.user, at=LATER)


def test_an_offer_heeds_what_was_put_off(assignment: Assignment, small: Exercise, clinician: User) -> None:
    occurrence = assignment.occurrences.get()
    put_off(occurrence, reason=Occurrence.NotNow.SMALLER, at=AT)

    offer_smaller(assignment, exercise=small, by=clinician, at=LATER)

    assert not Occurrence.objects.needing_attention(LATER + timedelta(hours=1)).exists()


def test_what_can_not_be_offered_is_refused(
    assignment: Assignment, exercise: Exercise, small: Exercise, clinician: User
) -> None:
    with pytest.raises(NotSmallerError, match="the same exercise"):
        offer_smaller(assignment, exercise=exercise, by=clinician, at=AT)
    retire_exercise(small, at=AT)
    small.refresh_from_db()
    with pytest.raises(NotSmallerError, match="not published"):
        offer_smaller(assignment, exercise=small, by=clinician, at=AT)
    with pytest.raises(CannotAssignError, match="Choose another exercise"):
        factories.assignment(assignment.client, by=clinician, exercise=exercise, smaller=small)
    withdraw_work(assignment, by=clinician, at=AT)
    with pytest.raises(StateError, match="It was taken back"):
        offer_smaller(assignment, exercise=None, by=clinician, at=AT)


def page_of(browser: Browser, occurrence: Occurrence) -> str:
    return str(browser.get(f"/portal/occurrences/{occurrence.pk}/").content.decode())


def test_today_offers_it_and_leads_there(browser: Browser, offered: Occurrence) -> None:
    assert "Or something smaller: “One word”, about two minutes" in browser.get("/portal/").content.decode()

    page = browser.post(f"/portal/occurrences/{offered.pk}/smaller/", follow=True).content.decode()

    assert "One word for today" in page
    assert "This is the smaller version of “A small step”." in page
    assert "Or something smaller" not in browser.get("/portal/").content.decode()


def test_on_the_page_nothing_that_was_typed_is_lost(browser: Browser, offered: Occurrence) -> None:
    url = f"/portal/occurrences/{offered.pk}/"
    assert "Do the smaller one" in page_of(browser, offered)

    there = browser.post(url, {"version": "0", "a-words": "Rain.", "next": "smaller"}, follow=True)
    taken = Occurrence.objects.get(assignment__instead_of=offered)
    back = browser.post(
        f"/portal/occurrences/{taken.pk}/", {"version": "0", "a-one": "wet", "next": "full"}, follow=True
    )

    assert "One word for today" in there.content.decode()
    assert "Rain." in back.content.decode()
    assert Response.objects.get(occurrence=taken).answers == {"one": "wet"}


def test_the_address_of_the_one_leads_to_the_other(browser: Browser, offered: Occurrence) -> None:
    taken = take(offered)

    assert browser.get(f"/portal/occurrences/{offered.pk}/")["Location"] == f"/portal/occurrences/{taken.pk}/"
    take_full(taken, by=offered.assignment.client.user, at=LATER)
    assert browser.get(f"/portal/occurrences/{taken.pk}/")["Location"] == f"/portal/occurrences/{offered.pk}/"


def test_autosave_into_what_was_replaced_is_told_so(browser: Browser, offered: Occurrence) -> None:
    take(offered)

    answer = autosave(browser, f"/portal/occurrences/{offered.pk}/", {"a-words": ["Late."]})

    assert answer.status_code == 409


def test_nobody_else_takes_it_and_without_an_offer_there_is_none(
    browser: Browser,
    browser_of: Browsers,
    other_client: Client,
    occurrence: Occurrence,
    small: Exercise,
    clinician: User,
) -> None:
    address = f"/portal/occurrences/{occurrence.pk}/smaller/"
    assert browser.post(address).status_code == 404

    offer_smaller(occurrence.assignment, exercise=small, by=clinician, at=AT)

    assert browser_of(other_client.user).post(address).status_code == 404
    assert browser_of(clinician).post(address).status_code == 403


@pytest.fixture
def desk(browser_of: Browsers, clinician: User) -> Browser:
    return browser_of(clinician)


def test_the_clinician_offers_it_and_takes_the_offer_back(
    desk: Browser, assignment: Assignment, small: Exercise
) -> None:
    address = f"/admin/assignments/{assignment.pk}/"

    desk.post(f"{address}smaller/", {"exercise": str(small.pk)})
    assignment.refresh_from_db()
    assert assignment.smaller == small.current
    assert f'value="{small.pk}" selected' in desk.get(address).content.decode()
    desk.post(f"{address}smaller/", {"exercise": ""})

    assignment.refresh_from_db()
    assert assignment.smaller is None


def test_the_same_exercise_is_no_smaller_one(desk: Browser, assignment: Assignment, exercise: Exercise) -> None:
    answer = desk.post(f"/admin/assignments/{assignment.pk}/smaller/", {"exercise": str(exercise.pk)})

    assert answer.status_code == 422
    assert "This can’t be offered any more" in answer.content.decode()


def test_work_is_given_with_something_smaller(
    desk: Browser, client_person: Client, exercise: Exercise, small: Exercise
) -> None:
    chosen = {"client": str(client_person.pk), "exercise": str(exercise.pk), "often": "once", "do": "assign"}
    same = desk.post("/admin/assign/", chosen | {"starts_on": "2026-11-16", "smaller": str(exercise.pk)})

    desk.post("/admin/assign/", chosen | {"starts_on": "2026-11-16", "smaller": str(small.pk)})

    assert "That is the same exercise" in same.content.decode()
    assert Assignment.objects.get().smaller == small.current


def test_the_clinician_sees_what_was_chosen(desk: Browser, offered: Occurrence) -> None:
    taken = take(offered)

    client = desk.get(f"/admin/clients/client/{offered.assignment.client_id}/page/").content.decode()
    full = desk.get(f"/admin/assignments/{offered.assignment_id}/").content.decode()
    small = desk.get(f"/admin/assignments/{taken.assignment_id}/").content.decode()

    assert "Cleo chose “One word”, smaller than “A small step”" in client
    assert "The smaller version of “A small step”. Due Sunday" in client
    assert "Smaller version" in full
    assert "Cleo chose it today, instead of “A small step”." in small


def test_the_smaller_one_taken_in_two_windows_at_once_is_one(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        offered = with_offer()

    errors = at_once(fresh_database.north, *(lambda: take(offered) for _ in range(2)))

    assert errors == []
    with inside(fresh_database.north):
        assert Assignment.objects.filter(instead_of=offered).count() == 1


def test_of_sending_and_taking_the_smaller_one_at_once_one_happens(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        offered = with_offer()
        written = factories.draft(offered)
        user = offered.assignment.client.user

    errors = at_once(
        fresh_database.north,
        lambda: take(offered),
        lambda: submit_response(written, request_id=new_id(), by=user, at=LATER),
    )

    assert [type(error) for error in errors] == [OccurrenceClosedError]
    with inside(fresh_database.north):
        assert Occurrence.objects.counted().count() == 1


def with_offer() -> Occurrence:
    clara = factories.staff()
    small = factories.exercise(schema=SMALL, by=clara, title="One word")
    exercise = factories.exercise(by=clara)
    given = factories.assignment(factories.client(clara), by=clara, exercise=exercise, smaller=small)
    return whole(given.occurrences.get())
