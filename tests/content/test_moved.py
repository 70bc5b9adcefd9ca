"""Addresses of the site that was here before."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from config.bench import exports
from content.models import Article, FormerPath
from content.services.articles import withdraw_article
from practices.accounts.models import User
from tests import factories
from tests.content.test_wordpress_importing import taken
from tests.harness.browsers import Browser

AT = factories.AT


@pytest.fixture
def moved(north: object) -> Article:
    """It came from /blog/2019/05/rest/, where it was number 12."""
    link = "https://old.example/blog/2019/05/rest/"
    taken(exports.export(exports.post(12, slug="rest", link=link, at=datetime(2019, 5, 1))))
    return Article.objects.get()


@pytest.mark.parametrize(
    "path", ["/blog/2019/05/rest/", "/blog/2019/05/rest", "/2019/05/rest/", "/rest/", "/rest", "/?p=12", "/?page_id=12"]
)
def test_an_old_address_leads_on_for_good(moved: Article, visitor: Browser, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, answer["Location"]) == (301, moved.get_absolute_url())


@pytest.mark.parametrize(
    "path", ["/2019/05/other/", "/nothing/", "/articles/nothing/", "/%C3%BC" + "x" * 2000, "//rest/x"]
)
def test_what_was_nowhere_is_404(moved: Article, visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("query", ["p=13", "p=", "p=-1", "p=12a", "p=٣", "p=" + "9" * 400, "q=12"])
def test_home_is_home_for_any_other_number(moved: Article, visitor: Browser, query: str) -> None:
    assert visitor.get(f"/?{query}").status_code == 200


def test_an_address_with_letters_of_any_language_is_found(north: object, visitor: Browser) -> None:
    taken(exports.export(exports.post(1, slug="%c3%bcber-uns", link="https://old.example/%c3%bcber-uns/")))

    assert visitor.get("/%C3%BCber-uns/")["Location"] == "/articles/uber-uns/"


def test_it_leads_to_where_the_article_is_by_now(moved: Article, visitor: Browser) -> None:
    Article.objects.update(slug="elsewhere")

    assert visitor.get("/rest/")["Location"] == "/articles/elsewhere/"


def test_what_a_reader_may_not_see_they_are_not_led_to(
    moved: Article, visitor: Browser, editor: User, browser_of: Callable[..., Browser]
) -> None:
    Article.objects.update(audience="clients")

    assert visitor.get("/rest/").status_code == 404
    assert browser_of(editor).get("/rest/").status_code == 301


def test_what_was_withdrawn_says_so_and_a_draft_is_not_there(moved: Article, visitor: Browser) -> None:
    withdraw_article(moved, by=None, at=AT)
    withdrawn = visitor.get("/rest/", follow=True)
    Article.objects.update(status="draft", first_published_at=None)

    assert withdrawn.status_code == 410
    assert visitor.get("/rest/").status_code == 404


def test_of_two_posts_that_claim_one_address_the_first_has_it(north: object) -> None:
    taken(exports.export(*(exports.post(n, slug="rest", at=datetime(2019 + n, 5, 1)) for n in (1, 2))))

    first = Article.objects.get(slug="rest")
    assert FormerPath.objects.get(path="/rest").article == first
    assert {path.path for path in FormerPath.objects.exclude(article=first)} == {"/2021/05/rest", "?p=2"}


def test_a_permanent_link_counts_before_a_name_that_another_post_had_once(north: object, visitor: Browser) -> None:
    before = exports.post(1, slug="old", meta={"_wp_old_slug": "rest"}, at=datetime(2019, 5, 1))
    taken(exports.export(before, exports.post(2, slug="rest", at=datetime(2019, 5, 9))))

    assert visitor.get("/2019/05/rest/")["Location"] == "/articles/rest/"
    assert visitor.get("/2019/05/old/")["Location"] == "/articles/old/"


@pytest.mark.parametrize(
    ("path", "name", "arguments"),
    [
        ("/feed/", "rss", []),
        ("/comments/feed/", "rss", []),
        ("/2019/05/rest/feed", "rss", []),
        ("/category/sleep/", "topic", ["sleep"]),
        ("/category/body/sleep/", "topic", ["sleep"]),
        ("/tag/sleep/", "topic", ["sleep"]),
    ],
)
def test_feeds_and_categories_lead_to_ours(
    north: object, visitor: Browser, path: str, name: str, arguments: list[str]
) -> None:
    factories.topic(name="Sleep")

    assert visitor.get(path)["Location"] == reverse(name, args=arguments)
    assert visitor.get("/category/nothing/").status_code == 404


def test_only_who_asks_is_led_on(
    moved: Article, visitor: Browser, queries_of: Callable[[Callable[[], Any]], int]
) -> None:
    assert visitor.post("/rest/").status_code == 404
    assert queries_of(lambda: visitor.get("/nothing/")) <= 2
