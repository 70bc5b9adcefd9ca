"""The way from an article to a client, for clinicians only."""

from collections.abc import Callable

from django.urls import reverse

from clients.models import Client
from content.models import Article
from practices.accounts.models import User
from tests import factories
from tests.content.test_public import page_of
from tests.harness.browsers import Browser


def test_only_a_clinician_finds_the_way_to_assign_an_article(
    visitor: Browser, browser_of: Callable[..., Browser], client_person: Client, clinician: User, editor: User
) -> None:
    article = factories.article(by=editor)
    without_questions = factories.article(body="<p>Only words.</p>")

    assert f"{reverse('admin:assign')}?article={article.pk}" in page_of(browser_of(clinician), article)
    assert "Assign" not in page_of(browser_of(clinician), without_questions)
    for browser in (visitor, browser_of(editor), browser_of(client_person.user)):
        assert "Assign" not in page_of(browser, article)


def test_a_page_for_somebody_is_neither_kept_nor_taken_from_there(
    visitor: Browser, browser_of: Callable[..., Browser], clinician: User, article: Article
) -> None:
    own, path = browser_of(clinician), article.get_absolute_url()

    assert "Assign" in own.get(path).content.decode()
    assert "Assign" not in visitor.get(path).content.decode()
    response = own.get(path)
    assert "Assign" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]
