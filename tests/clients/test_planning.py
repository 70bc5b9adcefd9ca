"""The client agrees: when and where, how sure, or not now. Asked once, and nothing has to be said."""

from datetime import timedelta

import pytest
import time_machine

from clients.models import Assignment, Client, Occurrence
from clients.recurrence import daily
from clients.services.assigning import withdraw_work
from clients.services.planning import ask_for_plan, plan_work
from clients.states import StateError
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.clients.test_portal_put_by import sign_in
from tests.factories import AT
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")
WORDS = "On Sunday, at the kitchen table."


@pytest.fixture
def plan(url: str) -> str:
    return f"{url}plan/"


@pytest.fixture
def not_now(url: str) -> str:
    return f"{url}not-now/"


@pytest.fixture
def desk(browser_of: Browsers, clinician: User) -> Browser:
    return browser_of(clinician)


def words_of(browser: Browser, address: str) -> str:
    return str(browser.get(address, follow=True).content.decode())


def said(assignment: Assignment) -> object:
    return Assignment.objects.get(pk=assignment.pk).plan


def test_the_first_start_leads_past_the_question_and_no_other_does(browser: Browser, url: str, plan: str) -> None:
    assert f'href="{plan}"' in words_of(browser, "/portal/")
    assert "When and where could this fit?" in words_of(browser, plan)

    today = words_of(browser, "/portal/")

    assert f'href="{plan}"' not in today
    assert f'href="{url}"' in today


def test_what_is_begun_is_not_asked_about(browser: Browser, occurrence: Occurrence, plan: str) -> None:
    factories.draft(occurrence, answers={"words": "Rain."})

    assert f'href="{plan}"' not in words_of(browser, "/portal/")


def test_of_repeated_work_it_is_asked_once_for_all(
    browser: Browser,
    client_person: Client,
    clinician: User,
    exercise: Exercise,
    browser_of: Browsers,
    clock: time_machine.Traveller,
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=exercise, days=1, rule=daily(3))
    first, second, _ = given.occurrences.order_by("number")
    browser.get(f"/portal/occurrences/{first.pk}/plan/")
    clock.move_to(second.opens_at)

    today = words_of(browser_of(client_person.user), "/portal/")

    assert f'href="/portal/occurrences/{second.pk}/"' in today


def test_it_can_be_passed_by(browser: Browser, assignment: Assignment, plan: str, url: str) -> None:
    assert f'href="{url}">Just start' in words_of(browser, plan)
    browser.post(plan, {"words": " ", "confidence": ""})

    assert said(assignment) is None
    assert Assignment.objects.get().asked_at == AT


def test_when_and_where_is_sealed_and_stands_where_one_works(
    browser: Browser, assignment: Assignment, plan: str, url: str
) -> None:
    answer = browser.post(plan, {"words": f" {WORDS} ", "confidence": "8"})

    assert answer["Location"] == url
    assert said(assignment) == {"words": WORDS, "confidence": 8}
    stored = bytes(Assignment.objects.values_list("plan", flat=True).get() or b"")
    assert stored and b"kitchen" not in stored
    for address in (url, "/portal/", plan):
        assert WORDS in words_of(browser, address)
    assert AuditEvent.objects.filter(action=Action.WORK_PLANNED, subject_id=assignment.pk).count() == 1


def test_it_can_be_changed_and_taken_back(browser: Browser, assignment: Assignment, plan: str) -> None:
    browser.post(plan, {"words": WORDS, "confidence": "0"})
    assert said(assignment) == {"words": WORDS, "confidence": 0}
    browser.post(plan, {"words": "On Monday.", "confidence": ""})
    assert said(assignment) == {"words": "On Monday.", "confidence": None}

    browser.post(plan, {"words": "", "confidence": ""})

    assert said(assignment) is None


def test_whoever_is_not_sure_is_told_that_nobody_minds(browser: Browser, plan: str) -> None:
    unsure = browser.post(plan, {"words": "", "confidence": "5"}, follow=True).content.decode()
    sure = browser.post(plan, {"words": "", "confidence": "6"}, follow=True).content.decode()

    assert "Nobody minds." in unsure
    assert "Nobody minds." not in sure


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"words": "x" * 501}, "Keep it under 500 characters."),
        ({"words": WORDS, "confidence": "11"}, "Choose a number from 0 to 10."),
        ({"words": WORDS, "confidence": "much"}, "Choose a number from 0 to 10."),
    ],
)
def test_what_can_not_be_is_said_and_kept_on_the_page(
    browser: Browser, assignment: Assignment, plan: str, posted: dict[str, str], words: str
) -> None:
    answer = browser.post(plan, posted)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert posted["words"] in answer.content.decode()
    assert said(assignment) is None


def test_no_word_is_lost_with_the_session(
    browser: Browser,
    client_person: Client,
    assignment: Assignment,
    plan: str,
    not_now: str,
    clock: time_machine.Traveller,
) -> None:
    for address, posted in ((plan, {"words": WORDS}), (not_now, {"reason": "later", "words": "My mother is ill."})):
        clock.shift(timedelta(minutes=61))
        browser.post(address, posted)
        assert sign_in(browser, client_person, address) == address
        browser.get(address)

    assert said(assignment) == {"words": WORDS, "confidence": None}
    assert Occurrence.objects.get().not_now_words == "My mother is ill."


def test_what_was_taken_back_is_not_planned(
    browser: Browser, occurrence: Occurrence, clinician: User, plan: str
) -> None:
    withdraw_work(occurrence.assignment, by=clinician, at=AT)

    assert browser.get(plan).status_code == 404
    with pytest.raises(StateError, match="It was taken back"):
        plan_work(occurrence.assignment, words=WORDS, confidence=None, by=clinician, at=AT)
    assert not ask_for_plan(occurrence.assignment, at=AT)


def test_what_was_sent_is_not_planned(browser: Browser, occurrence: Occurrence, plan: str) -> None:
    factories.response(occurrence)

    answer = browser.post(plan, {"words": WORDS})

    assert answer.status_code == 409
    assert "It was sent already." in answer.content.decode()


def test_it_is_the_clients_own(
    browser_of: Browsers, other_client: Client, clinician: User, south: Clinic, plan: str, assignment: Assignment
) -> None:
    with inside(south):
        stranger = factories.client(factories.staff()).user

    assert browser_of(other_client.user).post(plan, {"words": WORDS}).status_code == 404
    assert browser_of(stranger, south).post(plan, {"words": WORDS}).status_code == 404
    assert browser_of(clinician).post(plan, {"words": WORDS}).status_code == 403
    assert said(assignment) is None


def test_the_clinician_in_care_sees_it_and_nobody_else(
    browser: Browser,
    desk: Browser,
    browser_of: Browsers,
    supervisor: User,
    owner: User,
    assignment: Assignment,
    plan: str,
) -> None:
    browser.post(plan, {"words": WORDS, "confidence": "8"})
    client = f"/admin/clients/client/{assignment.client_id}/page/"

    for address in (client, f"/admin/assignments/{assignment.pk}/"):
        page = words_of(desk, address)
        assert WORDS in page
        assert "8 of 10" in page
    for reader in (supervisor, owner):
        assert WORDS not in words_of(browser_of(reader), client)


def test_why_not_now_is_said_in_ones_own_words(
    browser: Browser, desk: Browser, browser_of: Browsers, supervisor: User, occurrence: Occurrence, not_now: str
) -> None:
    browser.post(not_now, {"reason": "later", "words": "My mother is ill."})

    occurrence.refresh_from_db()
    assert (occurrence.not_now, occurrence.not_now_words) == ("later", "My mother is ill.")
    stored = bytes(Occurrence.objects.values_list("not_now_words", flat=True).get() or b"")
    assert b"mother" not in stored
    for address in (
        f"/admin/clients/client/{occurrence.assignment.client_id}/page/",
        f"/admin/assignments/{occurrence.assignment_id}/",
    ):
        assert "My mother is ill." in words_of(desk, address)
    assert "My mother is ill." not in words_of(desk, "/admin/queue/")
    supervised = words_of(browser_of(supervisor), f"/admin/clients/client/{occurrence.assignment.client_id}/page/")
    assert "Cleo put off “A small step”" in supervised
    assert "My mother is ill." not in supervised


def test_words_without_a_reason_are_kept_on_a_page_of_their_own(
    browser: Browser, occurrence: Occurrence, not_now: str
) -> None:
    answer = browser.post(not_now, {"words": "My mother is ill."})

    assert answer.status_code == 422
    assert "Pick what would help" in answer.content.decode()
    assert "My mother is ill." in answer.content.decode()


def test_what_was_put_off_is_said_to_be_so_and_not_to_be_missed(
    browser: Browser,
    browser_of: Browsers,
    clinician: User,
    occurrence: Occurrence,
    not_now: str,
    clock: time_machine.Traveller,
) -> None:
    browser.post(not_now, {"reason": "later"})
    clock.shift(timedelta(days=8))

    page = words_of(browser_of(clinician), f"/admin/clients/client/{occurrence.assignment.client_id}/page/")

    assert "Week of 16 November: 1 put off" in page
    assert "1 not done" not in page
