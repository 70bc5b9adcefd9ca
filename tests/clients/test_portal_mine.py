"""Mine: everything that was sent, what came back, who opened it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clients.models import Client, Response
from clients.services.alerts import acknowledge_alert
from clients.services.reviewing import open_response, review_response
from content.models import Exercise
from practices.accounts.models import User
from tests import factories
from tests.harness.browsers import Browser, Browsers

Queries = Callable[[Callable[[], object]], int]
pytestmark = pytest.mark.usefixtures("clock")


def mine(browser: Browser, **query: str) -> str:
    return str(browser.get("/portal/mine/", query).content.decode())


def send_another(client_person: Client, clinician: User, exercise: Exercise, **written: Any) -> Response:
    return factories.response(
        factories.assignment(client_person, by=clinician, exercise=exercise).occurrences.get(), **written
    )


def test_everything_sent_is_listed_by_month(browser: Browser, submitted: Response) -> None:
    page = mine(browser)

    assert "November" in page
    assert "A small step" in page
    assert "Sent Monday 16, 10:10" in page
    assert "Not read yet" in page


def test_a_draft_is_not_listed(browser: Browser, draft: Response) -> None:
    assert "Nothing sent yet" in mine(browser)


def test_the_list_can_be_narrowed(
    browser: Browser, client_person: Client, clinician: User, exercise: Exercise, submitted: Response, at: datetime
) -> None:
    send_another(client_person, clinician, factories.exercise(title="Kept back"), kept=("words",))
    review_response(submitted, reply="Thank you.", by=clinician, at=at)

    kept, replies = mine(browser, show="kept"), mine(browser, show="replies")

    assert "Kept back" in kept
    assert "A small step" not in kept
    assert "A small step" in replies
    assert "Thank you." in replies
    assert "Kept back" not in replies


@pytest.mark.parametrize("query", [{"show": "nonsense"}, {"page": "x"}, {"page": "99"}, {"page": "-1"}])
def test_odd_addresses_show_the_list(browser: Browser, submitted: Response, query: dict[str, str]) -> None:
    assert "A small step" in mine(browser, **query)


def test_who_opened_what_is_told_by_name(browser: Browser, submitted: Response, clinician: User, at: datetime) -> None:
    open_response(submitted, by=clinician, at=at + timedelta(hours=3))

    assert "Clara Clinician" in mine(browser)
    assert "Clara Clinician" in browser.get(f"/portal/mine/{submitted.pk}/").content.decode()


def test_scores_over_time_are_a_chart_with_its_numbers(
    browser: Browser, client_person: Client, clinician: User, exercise: Exercise, submitted: Response
) -> None:
    assert "over time" not in mine(browser)

    send_another(client_person, clinician, exercise, answers=factories.ANSWERS | {"mood": 8})

    page = mine(browser)
    assert "A small step over time" in page
    assert "From 6 on 16 November to 8 on 16 November, of 10." in page


def test_what_was_sent_is_shown_as_it_was_with_what_was_kept(
    browser: Browser, client_person: Client, clinician: User, exercise: Exercise
) -> None:
    response = send_another(client_person, clinician, exercise, kept=("words",))

    page = browser.get(f"/portal/mine/{response.pk}/").content.decode()

    assert "The boat was late again." in page
    assert "Only for me" in page
    assert "6 of 10" in page


def test_an_alert_says_whom_to_call_and_later_who_has_seen_it(
    browser: Browser, client_person: Client, clinician: User, exercise: Exercise, at: datetime
) -> None:
    response = send_another(client_person, clinician, exercise, answers=factories.ANSWERS | {"safe": "no"})
    url = f"/portal/mine/{response.pk}/"
    before = browser.get(url).content.decode()

    acknowledge_alert(response.alert, by=clinician, at=at)

    assert "Clara will be told" in before
    assert "Clara has seen this answer" in browser.get(url).content.decode()


def test_a_draft_and_others_responses_are_not_there(
    browser: Browser, browser_of: Browsers, client_person: Client, other_client: Client, draft: Response
) -> None:
    assert browser.get(f"/portal/mine/{draft.pk}/").status_code == 404
    assert browser_of(other_client.user).get(f"/portal/mine/{draft.pk}/").status_code == 404


def test_others_cannot_open_what_was_sent(
    browser_of: Browsers, other_client: Client, clinician: User, submitted: Response
) -> None:
    url = f"/portal/mine/{submitted.pk}/"

    assert browser_of(other_client.user).get(url).status_code == 404
    assert browser_of(clinician).get(url).status_code == 403
    assert browser_of(clinician).get("/portal/mine/").status_code == 403
    assert "A small step" not in mine(browser_of(other_client.user))


def test_fifty_responses_cost_as_many_queries_as_two(
    browser: Browser,
    queries_of: Queries,
    client_person: Client,
    clinician: User,
    exercise: Exercise,
    submitted: Response,
    at: datetime,
) -> None:
    open_response(submitted, by=clinician, at=at)
    send_another(client_person, clinician, exercise)
    with_two = queries_of(lambda: mine(browser))
    for _ in range(48):
        response = send_another(client_person, clinician, exercise)
        open_response(response, by=clinician, at=at)
        review_response(response, reply="Read.", by=clinician, at=at)

    assert queries_of(lambda: mine(browser)) == with_two
