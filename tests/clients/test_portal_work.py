"""Answering on the page: saving by button, looking over, two windows, and whose the page is."""

import json

import pytest

from clients.models import Client, Occurrence
from content.models import Article
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.clients.answering import stored
from tests.harness.browsers import Browser, Browsers

pytestmark = pytest.mark.usefixtures("clock")


def test_the_work_page_asks_everything_and_says_that_it_is_a_draft(browser: Browser, url: str) -> None:
    page = browser.get(url).content.decode()

    assert "What happened?" in page
    assert "Only you can see it until you press send" in page
    assert "Look it over and send" in page


def test_an_article_is_answered_where_its_questions_stand(
    browser: Browser, client_person: Client, clinician: User, article: Article
) -> None:
    given = factories.assignment(client_person, by=clinician, exercise=article.exercise).occurrences.get()

    page = browser.get(f"/portal/occurrences/{given.pk}/").content.decode()

    assert page.index("Some weeks feel like one long list.") < page.index('name="a-rest"')
    assert "Question 1 of 1" in page
    assert "Author" in page


def test_saving_by_button_comes_back_to_the_same_spot(browser: Browser, url: str, occurrence: Occurrence) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain all day.", "keep-words": "yes", "next": "save"})

    assert answer["Location"] == f"{url}#q-mood"
    assert stored(occurrence).kept == {"words": "Rain all day."}


def test_looking_over_saves_first(browser: Browser, url: str, occurrence: Occurrence) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain.", "next": "look"})

    assert answer["Location"] == f"{url}send/"
    assert stored(occurrence).answers == {"words": "Rain."}


def test_what_cannot_be_taken_stays_on_the_page_and_the_rest_is_saved(
    browser: Browser, url: str, occurrence: Occurrence
) -> None:
    answer = browser.post(url, {"version": 0, "a-words": "Rain.", "a-mood": "eleven", "next": "look"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please look at this again" in page
    assert "Pick a whole number from 0 to 10." in page
    assert 'name="version" value="1"' in page
    assert stored(occurrence).answers == {"words": "Rain."}


def test_of_two_windows_the_second_is_told_and_both_texts_are_kept(browser: Browser, url: str) -> None:
    browser.post(url, {"version": 0, "a-words": "First window.", "next": "save"})

    answer = browser.post(url, {"version": 0, "a-words": "Second window.", "next": "save"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This was also changed in another window" in page
    assert "First window." in page
    assert "Second window." in page
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize("version", ["", "-1", "one", "²", "1e309", "9" * 5000])
def test_a_version_that_is_none_fits_no_draft_and_loses_nothing(browser: Browser, url: str, version: str) -> None:
    answer = browser.post(url, {"version": version, "a-words": "Rain all day.", "next": "save"})

    assert answer.status_code == 409
    assert "Rain all day." in answer.content.decode()


@pytest.mark.parametrize("page", ["", "draft/", "send/", "not-now/"])
def test_others_and_staff_cannot_reach_the_work(
    browser_of: Browsers, other_client: Client, clinician: User, south: Clinic, url: str, page: str
) -> None:
    foreign = browser_of(other_client.user)
    body = json.dumps({"version": 0, "fields": {}})

    answers = [
        foreign.post(url + page, body, content_type="application/json"),
        browser_of(clinician).post(url + page, body, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404, 403]


def test_the_same_address_at_another_clinic_asks_to_sign_in(browser: Browser, south: Clinic, url: str) -> None:
    stranger = type(browser)(south)
    stranger.cookies = browser.cookies

    assert stranger.get(url).status_code == 302
