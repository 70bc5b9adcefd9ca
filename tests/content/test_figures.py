"""Pictures in texts: shown in every format, with their words, and only those that are ours."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.urls import reverse

from clients.models import Client
from content.body import figures_in, normalise
from content.figures import blocks_of
from content.models import Article, Picture
from content.services.articles import ArticleNotReadyError, publish_article, withdraw_article
from practices.accounts.models import User
from practices.identifiers import new_id
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers


def figure(picture: Picture | UUID, *, alt: str = "", caption: str = "") -> str:
    pk = picture.pk if isinstance(picture, Picture) else picture
    said = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="/pictures/{pk}/" alt="{alt}">{said}</figure>'


def shown(body: str) -> str:
    return "".join(block.html for block in blocks_of(normalise(body)))


def page_of(browser: Browser, article: Article) -> str:
    return browser.get(article.get_absolute_url()).content.decode()


def test_a_body_tells_its_pictures_wherever_they_stand(north: Clinic) -> None:
    first, second, third = new_id(), new_id(), new_id()
    body = normalise(
        figure(first, alt="A “boat” & 1 < 2", caption="Far <em>out</em>")
        + f"<blockquote><p>x</p>{figure(second)}</blockquote>"
        + f'<section data-practice=""><p>Try.</p>{figure(third)}</section>'
    )

    found = figures_in(body)

    assert [each.picture for each in found] == [first, second, third]
    assert (found[0].alt, found[0].caption) == ("A “boat” & 1 < 2", "Far <em>out</em>")


def test_a_picture_in_a_text_comes_in_every_format_and_keeps_its_place_free(visitor: Browser) -> None:
    picture = factories.picture(alt="A boat.", size=(1000, 500), credit="Picture: North")
    article = factories.article(body=f"<p>Look.</p>{figure(picture, caption='Far <em>out</em>')}")

    page = page_of(visitor, article)

    base = f"/pictures/{picture.pk}/1/"
    widths = ", ".join(f"{base}{width}.{{0}} {width}w" for width in (320, 480, 800, 1000))
    for format in ("avif", "webp"):
        assert f'<source type="image/{format}" srcset="{widths.format(format)}" sizes=' in page
    assert f'src="{base}800.jpg" width="1000" height="500" alt="A boat." loading="lazy"' in page
    assert "<figcaption>Far <em>out</em><br>Picture: North</figcaption>" in page


def test_words_of_the_place_come_before_words_of_the_picture(north: Clinic) -> None:
    picture = factories.picture(alt="A boat.")

    assert 'alt="A boat."' in shown(figure(picture))
    assert 'alt="Where we met &amp; &quot;sat&quot;."' in shown(figure(picture, alt="Where we met & &quot;sat&quot;."))


def test_a_picture_that_is_not_there_or_is_another_clinics_is_left_out(north: Clinic, south: Clinic) -> None:
    with inside(south):
        theirs = factories.picture()

    for missing in (theirs.pk, new_id()):
        assert "pictures" not in shown(f"<p>Text.</p>{figure(missing, alt='x', caption='Theirs')}")


@pytest.mark.parametrize("foreign", [True, False])
def test_a_text_with_a_picture_that_is_not_there_is_not_published(north: Clinic, south: Clinic, foreign: bool) -> None:
    with inside(south):
        theirs = factories.picture()
    article = factories.article(published=False, body=f"<p>x</p>{figure(theirs if foreign else new_id(), alt='x')}")

    with pytest.raises(ArticleNotReadyError, match="the picture in the text out, or choose another one"):
        publish_article(article, by=None, at=factories.AT)


def test_each_picture_in_a_published_text_says_what_it_shows(north: Clinic) -> None:
    told, untold = factories.picture(), factories.picture(alt="")
    article = factories.article(published=False, body=f"<p>x</p>{figure(told)}{figure(untold)}")

    with pytest.raises(ArticleNotReadyError, match="Say what picture 2 in the text shows"):
        publish_article(article, by=None, at=factories.AT)

    Article.objects.filter(pk=article.pk).update(body=f"<p>x</p>{figure(told)}{figure(untold, alt='A hill.')}")
    assert publish_article(article, by=None, at=factories.AT).number == 1


def test_a_revision_knows_which_pictures_it_shows(north: Clinic) -> None:
    cover, first, second = factories.picture(), factories.picture(), factories.picture()
    body = (
        f"<p>Those under /pictures/ and /pictures/x/.</p>{figure(first)}\n<p>x</p>"
        f'<figure><img src="/pictures/{second.pk}-1600.webp" alt="from before"></figure><p>The end.</p>'
    )

    for article, shown in (
        (factories.article(cover=cover, body=body), [cover, first, second]),
        (factories.article(body=body), [first, second]),
        (factories.article(cover=cover), [cover]),
        (factories.article(), []),
    ):
        assert article.revision.pictures == [str(picture.pk) for picture in shown]


def test_a_reader_elsewhere_gets_one_plain_picture(visitor: Browser) -> None:
    picture = factories.picture(alt="A boat.", size=(1000, 500))
    factories.article(body=f"<p>Look.</p>{figure(picture)}")

    feed = visitor.get("/feed.atom").content.decode()

    [address] = re.findall(r'img src="([^"]*)"', feed.replace("&lt;", "<").replace("&gt;", ">"))
    assert address == f"http://north.localhost:8000/pictures/{picture.pk}/1/1000.jpg"
    assert "srcset" not in feed


def test_a_feed_finds_the_pictures_of_all_its_articles_at_once(
    visitor: Browser, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    def read() -> object:
        return visitor.get("/feed.atom", {"again": "yes"})

    factories.article(body=f"<p>x</p>{figure(factories.picture())}")
    one = queries_of(read)
    for _ in range(6):
        factories.article(body=f"<p>x</p>{figure(factories.picture())}{figure(factories.picture())}")

    assert queries_of(read) == one


def test_a_client_who_was_given_the_article_sees_its_pictures(
    browser_of: Browsers, clinician: User, client_person: Client
) -> None:
    picture = factories.picture(alt="A boat.", size=(1000, 500))
    practice = f'<section data-practice="try"><p>Try.</p>{figure(picture, alt="The same.")}</section>'
    article = factories.article(body=f'<p data-prompt="why">Why?</p>{figure(picture)}{practice}')
    given = factories.assignment(client_person, by=clinician, exercise=article.exercise)
    withdraw_article(article, by=clinician, at=factories.AT)
    browser = browser_of(client_person.user)

    page = browser.get(reverse("portal:work", args=[given.occurrences.get().pk])).content.decode()
    file = browser.get(picture.fallback_url)
    file.getvalue()

    assert page.count(f'src="{picture.fallback_url}"') == 2
    assert 'alt="A boat."' in page
    assert 'alt="The same."' in page
    assert file.status_code == 200
