"""Ways through the site: topics, series, authors, months, the team, and how to reach us."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from content.models import Article, Author, FormerAddress
from content.services.articles import keep_draft, publish_article
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser

CLIENTS = Article.Audience.CLIENTS


def read(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_topic_shows_what_is_on_it_and_nothing_else(visitor: Browser) -> None:
    topic = factories.topic(factories.article(title="On rest"), name="Rest & sleep")
    factories.article(title="On anger")

    page = read(visitor, topic.get_absolute_url())

    assert topic.slug == "rest-sleep"
    assert "<h1>Rest &amp; sleep</h1>" in page
    assert "On rest" in page
    assert "On anger" not in page


def test_a_series_is_read_in_order_and_each_part_names_the_others(visitor: Browser) -> None:
    first, second = factories.article(title="The first"), factories.article(title="The second")
    series = factories.series(second, first, title="Two steps")

    whole, part = read(visitor, series.get_absolute_url()), read(visitor, first.get_absolute_url())

    assert whole.index("The second") < whole.index("The first")
    assert f'<a href="{series.get_absolute_url()}">Two steps</a>' in part
    assert '<b aria-current="page">The first</b>' in part
    assert f'href="{second.get_absolute_url()}"' in part


def test_an_article_is_a_part_only_of_a_series(article: Article) -> None:
    series = factories.series()

    for wrong in ({"part": 1}, {"series": series}, {"series": series, "part": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**wrong)


def test_what_was_chosen_comes_before_what_is_on_the_same_topic(visitor: Browser) -> None:
    article, chosen, same, other = (factories.article(title=f"Number {n}.") for n in range(4))
    factories.topic(article, same)
    article.related.add(chosen)

    page = read(visitor, article.get_absolute_url())
    after = page[page.index("To read next") :]

    assert after.index("Number 1.") < after.index("Number 2.")
    assert "Number 3." not in after
    assert other.pk not in Article.objects.to_read_after(article).values_list("pk", flat=True)


def test_an_author_has_a_page_once_there_is_something_to_read(visitor: Browser) -> None:
    author = factories.author(name="Maya Ellison", credentials="MSW", bio="Listens for a living.")
    address = author.get_absolute_url()

    assert address == "/authors/maya-ellison/"
    assert visitor.get(address).status_code == 404

    article = factories.article(byline=author, title="On rest")
    page = read(visitor, address)

    assert "<h1>Maya Ellison</h1>" in page
    assert "Listens for a living." in page
    assert "On rest" in page
    assert f'<a href="{address}" rel="author">' in read(visitor, article.get_absolute_url())


def test_two_of_one_name_have_two_addresses(north: Clinic) -> None:
    slugs = [factories.author(name="Maya").slug for _ in range(3)]

    assert slugs == ["maya", "maya-2", "maya-3"]
    with pytest.raises(IntegrityError):
        Author.objects.create(name="Maya", slug="maya")


def test_a_new_byline_does_not_lead_to_the_author_of_the_old_one(visitor: Browser, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(byline=factories.author(name="Somebody Else"))

    assert "somebody-else" not in read(visitor, article.get_absolute_url())


def test_the_team_page_shows_who_works_here_and_chose_to(visitor: Browser, editor: User) -> None:
    assert "Nobody is shown here yet" in read(visitor, "/team/")
    factories.author(name="Edith Editor", user=editor, is_on_team_page=True)
    factories.author(name="Shy Person", user=factories.staff())
    factories.author(name="Guest Person", is_on_team_page=True)
    gone = factories.staff()
    factories.author(name="Gone Person", is_on_team_page=True, user=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    page = read(visitor, "/team/?now")

    assert 'href="/authors/edith-editor/"' in page
    assert "No articles yet" in read(visitor, "/authors/edith-editor/")
    for name in ("Shy", "Guest", "Gone"):
        assert f"{name} Person" not in page


def test_the_contact_page_says_whom_to_call_now(visitor: Browser, north: Clinic) -> None:
    page = read(visitor, "/contact/")

    assert "not for emergencies" in page
    assert 'href="tel:999"' in page
    assert north.response_time in page
    assert page.count('href="tel:999"') == 1


def test_the_archive_goes_by_the_clinics_own_calendar(visitor: Browser, north: Clinic) -> None:
    article = factories.article(published=False, title="Late in summer")
    publish_article(article, by=None, at=datetime(2024, 6, 30, 23, 30, tzinfo=UTC))

    page = read(visitor, "/archive/")

    assert 'href="/archive/2024/7/"' in page
    assert "July" in page
    for address in ("/archive/2024/7/", "/archive/2024/"):
        assert "Late in summer" in read(visitor, address)
    for nothing in ("/archive/2024/6/", "/archive/2024/13/", "/archive/2024/0/", "/archive/0/", "/archive/99999/1/"):
        assert visitor.get(nothing).status_code == 404


def test_what_is_for_clients_is_nowhere_for_a_visitor(
    visitor: Browser, browser_of: Callable[..., Browser], client_person: object, editor: User
) -> None:
    hidden = factories.article(title="Only for you", audience=CLIENTS)
    shown = factories.article(title="For all")
    topic, series = factories.topic(hidden, shown, name="Rest"), factories.series(hidden, shown)
    only = factories.topic(hidden, name="Hidden topic")
    shown.related.add(hidden)
    addresses = [
        *("/", "/articles/", "/archive/2024/", "/search/?q=only+for+you", "/search/?q=onlly", "/search/", "/feed.atom"),
        *("/feed.rss", "/sitemap.xml", topic.get_absolute_url(), f"{topic.get_absolute_url()}feed.atom"),
        *(series.get_absolute_url(), shown.get_absolute_url(), only.get_absolute_url()),
    ]

    for address in addresses:
        page = read(visitor, address).replace("<h1>Hidden topic</h1>", "")
        assert "Only for you" not in page.replace("“only for you”", "")
        assert hidden.slug not in page
        assert ">Hidden topic</a>" not in page
    assert visitor.get(hidden.byline.get_absolute_url()).status_code == 404
    assert "Only for you" in read(browser_of(editor), topic.get_absolute_url())
    assert "Only for you" not in read(browser_of(editor), "/feed.atom")


def test_an_old_address_leads_on_for_ever(visitor: Browser, article: Article, editor: User) -> None:
    addresses = [article.get_absolute_url()]
    for slug in ("second", "third"):
        article.slug = slug
        keep_draft(article, by=editor, at=factories.AT)
        addresses.append(article.get_absolute_url())

    for old in addresses[:-1]:
        response = visitor.get(old)
        assert (response.status_code, response["Location"]) == (301, "/articles/third/")
    assert visitor.get("/articles/third/").status_code == 200


def test_an_address_that_is_given_anew_leads_to_who_has_it(visitor: Browser, article: Article, editor: User) -> None:
    old = article.slug
    article.slug = "moved"
    keep_draft(article, by=editor, at=factories.AT)
    other = factories.article(title="The new one")
    other.slug = old
    keep_draft(other, by=editor, at=factories.AT)

    assert "The new one" in read(visitor, f"/articles/{old}/")
    article.slug = old + "-again"
    keep_draft(article, by=editor, at=factories.AT)
    assert sorted(FormerAddress.objects.filter(article=article).values_list("slug", flat=True)) == ["moved"]


def test_an_old_address_of_a_hidden_article_tells_nothing(visitor: Browser, article: Article, editor: User) -> None:
    old, article.slug, article.audience = article.get_absolute_url(), "a-secret-name", CLIENTS
    keep_draft(article, by=editor, at=factories.AT)

    response = visitor.get(old)

    assert response.status_code == 404
    assert "a-secret-name" not in response.content.decode()


def test_a_draft_that_moves_leaves_nothing_behind(editor: User, north: Clinic) -> None:
    draft = factories.article(published=False)
    draft.slug = "elsewhere"
    keep_draft(draft, by=editor, at=factories.AT)

    assert not FormerAddress.objects.exists()


def test_another_clinic_has_its_own_topics_and_people(article: Article, south: Clinic) -> None:
    elsewhere = Browser(south)
    topic, series = factories.topic(article), factories.series(article)

    for address in (
        topic.get_absolute_url(),
        series.get_absolute_url(),
        article.byline.get_absolute_url(),
        "/archive/2024/",
    ):
        assert elsewhere.get(address).status_code == 404
    assert "rest" not in read(elsewhere, "/search/?q=rest").split("Nothing found")[1].split("</p>")[1]


def test_pages_say_when_they_were_first_published(visitor: Browser, article: Article) -> None:
    later = factories.AT + timedelta(days=1)
    publish_article(article, by=None, at=later)

    assert later.isoformat() in read(visitor, "/sitemap.xml")
