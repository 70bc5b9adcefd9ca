"""What visitors, clients and staff read on the site."""

import io
from collections.abc import Callable

import pytest
from django.conf import settings
from PIL import Image

from clients.models import Client
from content.models import Article, Author, Picture
from content.services.articles import publish_article, withdraw_article
from content.services.pictures import store_picture
from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser


def stored_picture(alt: str = "A bench by the water.") -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (1000, 500), "teal").save(file, "PNG")
    file.seek(0)
    return store_picture(file, alt=alt, credit="Picture: North", at=factories.AT)


def page_of(browser: Browser, article: Article) -> str:
    response = browser.get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_an_article_reads_as_an_article(visitor: Browser, editor: User) -> None:
    page = page_of(
        visitor,
        factories.article(
            by=editor,
            body=factories.BODY + '<section data-practice="week"><ol><li>Look for one moment.</li></ol></section>',
            excerpt="Rest is more than sleep.",
            cover=stored_picture(),
        ),
    )

    assert "<title>Why is rest hard? – North</title>" in page
    assert '<p class="standfirst">Rest is more than sleep.</p>' in page
    assert '<meta name="description" content="Rest is more than sleep.">' in page
    assert '<p class="prompt-public">What does rest look like for you?</p>' in page
    assert "Practice for this week" in page
    assert "1 minute to read" in page
    assert 'alt="A bench by the water."' in page
    assert "480w" in page
    assert "<figcaption>Picture: North</figcaption>" in page
    assert 'href="#help"' in page
    assert "<form" not in page


def test_who_posted_it_is_named_when_somebody_else_wrote_it(visitor: Browser, editor: User) -> None:
    own = factories.article(by=editor)
    Article.objects.filter(pk=own.pk).update(byline=Author.objects.create(name="Edith Editor", credentials="MSW"))
    publish_article(own, by=editor, at=factories.AT)

    assert "Posted by Edith Editor" in page_of(visitor, factories.article(by=editor))
    assert "Posted by" not in page_of(visitor, own)


def test_readers_see_the_revision_and_never_the_draft(visitor: Browser, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(title="Not yet", body="<p>Half a thought</p>", excerpt="Secret")

    page = page_of(visitor, article)

    assert "Why is rest hard?" in page
    for draft in ("Not yet", "Half a thought", "Secret"):
        assert draft not in page
        assert draft not in visitor.get("/").content.decode()


def test_links_to_an_article_name_its_own_host(visitor: Browser, article: Article) -> None:
    page = page_of(visitor, article)

    origin = f"http://north.localhost:{settings.PORT}"
    assert f'<link rel="canonical" href="{origin}{article.get_absolute_url()}">' in page


def test_drafts_and_withdrawn_articles_for_clients_do_not_exist(visitor: Browser, editor: User) -> None:
    withdrawn = factories.article(by=editor, audience=Article.Audience.CLIENTS)
    withdraw_article(withdrawn, by=editor, at=factories.AT)

    for article in (factories.article(published=False), withdrawn):
        assert visitor.get(article.get_absolute_url()).status_code == 404


def test_what_everybody_could_read_and_was_withdrawn_is_said_to_be_gone(visitor: Browser, editor: User) -> None:
    withdrawn = factories.article(by=editor, title="Why is rest hard?")
    withdrawn.former_addresses.create(slug="the-former-address")
    withdraw_article(withdrawn, by=editor, at=factories.AT)

    for address in (withdrawn.get_absolute_url(), "/articles/the-former-address/"):
        gone = visitor.get(address)
        assert gone.status_code == 410
        assert "This article is no longer here" in gone.content.decode()
        assert "Why is rest hard?" not in gone.content.decode()
        assert not gone.cookies


def test_an_article_for_clients_is_read_by_people_of_the_clinic_only(
    visitor: Browser, browser_of: Callable[..., Browser], client_person: Client, editor: User
) -> None:
    article = factories.article(by=editor, audience=Article.Audience.CLIENTS, title="Only for you")

    assert visitor.get(article.get_absolute_url()).status_code == 404
    assert "Only for you" not in visitor.get("/").content.decode()
    for user in (client_person.user, editor):
        assert "For clients only" in page_of(browser_of(user), article)
        assert "Only for you" in browser_of(user).get("/articles/").content.decode()


def test_a_clinic_shows_its_own_articles_only(visitor: Browser, article: Article, south: Clinic) -> None:
    elsewhere = Browser(south)

    assert "Why is rest hard?" in visitor.get("/").content.decode()
    assert "Why is rest hard?" not in elsewhere.get("/").content.decode()
    assert elsewhere.get(article.get_absolute_url()).status_code == 404
    with inside(south):
        assert Article.objects.count() == 0


def test_the_list_shows_twelve_at_a_time(visitor: Browser, north: Clinic) -> None:
    for number in range(13):
        factories.article(title=f"Article number {number}.")

    first, second = (visitor.get(f"/articles/?page={number}").content.decode() for number in (1, 2))

    assert first.count("article-card-byline") == 12
    assert second.count("article-card-byline") == 1
    assert 'rel="next"' in first
    for wrong in ("0", "3", "-1", "x", "1e9", "9" * 5000):
        assert visitor.get("/articles/", {"page": wrong}).status_code == 404


def test_an_empty_site_says_so(visitor: Browser) -> None:
    for address in ("/", "/articles/"):
        assert "Nothing to read yet" in visitor.get(address).content.decode()


def test_queries_do_not_grow_with_the_articles(
    visitor: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    factories.article(cover=stored_picture())
    one = queries_of(lambda: visitor.get("/articles/?all"))
    for _ in range(10):
        factories.article(cover=stored_picture())

    assert queries_of(lambda: visitor.get("/articles/?all")) == one


@pytest.mark.parametrize("address", ["/articles/%00/", "/articles/a%ED%A0%80b/", "/articles/" + "a" * 3000 + "/"])
def test_a_strange_address_is_refused_calmly(visitor: Browser, address: str) -> None:
    assert visitor.get(address).status_code in (400, 404)
