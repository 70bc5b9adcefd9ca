"""Exercises that go with an article: on offer by the words they share, chosen by hand, and seen by clinicians alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from content.models import Article, Exercise
from content.services.exercises import retire_exercise
from practices.accounts.models import User
from tests import factories
from tests.content.test_article_admin import change, filled, words
from tests.harness.browsers import Browser


@pytest.fixture
def article(editor: User) -> Article:
    return factories.article(title="What keeps you from sleep?", body="<p>Sleep comes late. Sleep leaves early.</p>")


@pytest.fixture
def about_sleep() -> Exercise:
    return factories.exercise(title="A sleep diary")


@pytest.fixture
def about_anger() -> Exercise:
    return factories.exercise(title="What anger wants")


def chosen(article: Article, **changes: Any) -> dict[str, Any]:
    return filled(article) | {"goes_with": [], "goes_with_more": ""} | changes


def test_on_offer_is_what_says_the_same_words_and_anything_may_be_chosen(
    article: Article, about_sleep: Exercise, about_anger: Exercise, editor: User, browser_of: Callable[..., Browser]
) -> None:
    desk = browser_of(editor)
    page = words(desk.get(change(article)))
    assert f'name="goes_with" value="{about_sleep.pk}"' in page
    assert f'name="goes_with" value="{about_anger.pk}"' not in page

    desk.post(change(article), chosen(article, goes_with=[str(about_sleep.pk)], goes_with_more=str(about_anger.pk)))

    assert set(article.goes_with.all()) == {about_sleep, about_anger}
    assert words(desk.get(change(article))).count('name="goes_with"') == 2


def test_clinicians_find_them_on_the_page_and_nobody_else_does(
    article: Article, about_sleep: Exercise, clinician: User, browser_of: Callable[..., Browser], visitor: Browser
) -> None:
    article.goes_with.add(about_sleep)
    address = f"{reverse('admin:assign')}?exercise={about_sleep.pk}"

    assert address in words(browser_of(clinician).get(article.get_absolute_url()))
    for other in (visitor, browser_of(factories.staff("front desk"))):
        assert "A sleep diary" not in words(other.get(article.get_absolute_url()))


def test_one_that_is_retired_is_not_shown_and_stops_nobody_from_saving(
    article: Article,
    about_sleep: Exercise,
    clinician: User,
    browser_of: Callable[..., Browser],
    at: datetime,
) -> None:
    article.goes_with.add(about_sleep)
    retire_exercise(about_sleep, at=at)
    desk = browser_of(clinician)

    assert "A sleep diary" not in words(desk.get(article.get_absolute_url()))
    response = desk.post(change(article), chosen(article, title="Anew", goes_with=[str(about_sleep.pk)]))

    assert response.status_code == 302
    assert list(article.goes_with.all()) == [about_sleep]


def test_an_exercise_of_nowhere_is_refused(article: Article, editor: User, browser_of: Callable[..., Browser]) -> None:
    nowhere = "00000000-0000-0000-0000-000000000000"

    page = words(browser_of(editor).post(change(article), chosen(article, goes_with=[nowhere])))

    assert "not one of the available choices" in page
    assert not article.goes_with.exists()
