"""Every address of the public site, and how it answers somebody who only reads. A new address needs a new line.

keeping: `kept` from the shared cache, with ETag, Last-Modified and 304 · `asked` as much, but made for each request ·
`good` for a year, under an address that never means anything else · `never` stored ·
`-` it leads on to another address
kind: `website`, `article`, `profile` are pages with that OpenGraph type · `unlisted` pages that no search engine should list
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from content.models import Article, Author, Topic
from content.services.articles import publish_article
from content.services.shelves import keep_author
from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import current_clinic
from practices.theming import theme_of
from tests import factories

TABLE = """
# address        query    status  keeping  kind
home             -        200     kept     website
articles         -        200     kept     website
articles         page=2   200     asked    website
article          -        200     kept     article
topic            -        200     kept     website
topic            page=2   200     asked    website
series           -        200     kept     website
author           -        200     kept     profile
archive          -        200     kept     website
archive_year     -        200     kept     website
archive_month    -        200     kept     website
team             -        200     kept     website
contact          -        200     kept     website
search           -        200     never    unlisted
search           q=rest   200     never    unlisted
search           q=resst  200     never    unlisted
comment          -        200     never    unlisted
erase_comment    -        200     never    unlisted
atom             -        200     kept     feed
rss              -        200     kept     feed
topic_atom       -        200     kept     feed
sitemap          -        200     kept     map
robots           -        200     kept     text
theme            -        200     good     style
logo             -        200     good     picture
picture          -        302     -        -
former_picture   -        302     -        -
picture_file     -        200     good     picture
"""
PAGES = ("website", "article", "profile", "unlisted")
# A form that acts by a code from the visitor's own hand; whoever opens it is about to do more than read.
GIVES_A_COOKIE = "erase_comment"
LISTED = 13


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    query: str
    status: int
    keeping: str
    kind: str

    @property
    def is_page(self) -> bool:
        return self.kind in PAGES

    def address(self, arguments: dict[str, dict[str, Any]]) -> str:
        return reverse(self.name, kwargs=arguments.get(self.name)) + (f"?{self.query}" if self.query else "")

    def __str__(self) -> str:
        return f"{self.name}?{self.query}" if self.query else self.name


def lines() -> Iterator[Line]:
    for row in TABLE.strip().splitlines()[1:]:
        name, query, status, keeping, kind = row.split()
        yield Line(name, query.strip("-"), int(status), keeping, kind)


PUBLIC = tuple(lines())


def public_site(*, by: User) -> dict[str, dict[str, Any]]:
    """A clinic with something on each page; what the addresses are made with. Call inside a clinic."""
    cover = factories.picture(alt="A bench by the water.", credit="Picture: North", size=(1700, 900))
    inside = factories.picture(alt="A path between two fields.", size=(900, 600))
    photo = factories.picture(alt="Edith, smiling.", size=(400, 400))
    author = Author(
        name="Edith Editor", credentials="MSW", bio="Listens for a living.", photo=photo, user=by, is_on_team_page=True
    )
    keep_author(author)
    factories.look(logo_alt="A bird over water.")
    clinic = Clinic.objects.get(pk=current_clinic().pk)
    article = factories.article(
        title="Why is rest hard?",
        excerpt="Rest is more than sleep.",
        body=body_with(f"/pictures/{inside.pk}/"),
        byline=author,
        cover=cover,
        published=False,
    )
    topic = factories.topic(article, name="Rest & sleep")
    series = factories.series(article, factories.article(title="Rest, the second part", byline=author))
    publish_article(article, by=by, at=factories.LONG_AGO)
    article.refresh_from_db()
    factories.comment(article, approved_by=by, at=factories.LONG_AGO)
    more(LISTED, topic=topic)
    return {
        "article": {"slug": article.slug},
        "comment": {"slug": article.slug},
        "topic": {"slug": topic.slug},
        "topic_atom": {"slug": topic.slug},
        "series": {"slug": series.slug},
        "author": {"slug": author.slug},
        "archive_year": {"year": factories.LONG_AGO.year},
        "archive_month": {"year": factories.LONG_AGO.year, "month": factories.LONG_AGO.month},
        "theme": {"version": theme_of(clinic).version},
        "logo": {"pk": clinic.logo},
        "picture": {"pk": cover.pk},
        "former_picture": {"pk": cover.pk, "width": 480},
        "picture_file": {"pk": cover.pk, "edition": 1, "width": 320, "format": "webp"},
    }


def more(count: int, *, topic: Topic) -> None:
    """So many more articles on this topic, each by an author of its own."""
    for number in range(count):
        topic.articles.add(factories.article(title=f"Rest number {number}"))


def body_with(picture: str) -> str:
    return (
        "<h2>A long list</h2>"
        "<p>Some weeks feel like one long list. <strong>Rest</strong> is on it, at the very end.</p>"
        f'<figure><img src="{picture}" alt=""><figcaption>Where I walk.</figcaption></figure>'
        "<blockquote><p>I rest best on the train.</p></blockquote>"
        "<ul><li>One</li><li>Two</li></ul>"
        '<p data-prompt="rest">What does rest look like for you?</p>'
        '<section data-practice="week"><ol><li>Look for one moment.</li></ol></section>'
    )


def published(arguments: dict[str, dict[str, Any]]) -> Article:
    return Article.objects.with_revision().get(slug=arguments["article"]["slug"])
