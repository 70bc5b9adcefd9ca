"""What somebody types to run a script in another person's page: it stays words, wherever it is shown."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlencode

import pytest
from lxml import etree

from content import feeds
from content.admin import moderation
from practices.accounts.permissions import Role
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser
from tests.payloads import KINDS, NEVER_TAKEN, PAYLOADS
from tests.written_site import Written, write_site

HARMLESS = tuple(f"It is good to read this, number {number}." for number in range(13))
# What leads elsewhere or loads something, and with what it may begin.
ADDRESSES = frozenset({"href", "src", "srcset", "action", "formaction", "poster", "data", "cite", "ping", "xlink:href"})
MAY_LEAD_TO = re.compile(r"/(?!/)|[#?]|\Z|tel:|https?://(north|south)\.localhost", re.IGNORECASE)
IN_A_TEXT = frozenset(
    {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "br", "hr", "a"}
    | {"figure", "figcaption", "section", "picture", "source", "img"}
)
ATTRIBUTES_IN_A_TEXT = frozenset(
    {"href", "rel", "class", "id", "aria-labelledby", "src", "srcset", "sizes", "type", "alt", "width", "height"}
    | {"loading", "decoding", "data-callout"}
)
TEXT_BEGINS, TEXT_ENDS = '<div class="prose">', '<p class="print-only">'
Kinds = set[tuple[str, tuple[str, ...]]]


class Elements(HTMLParser):
    """Each kind of element with its attributes, and all that is said between and in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.kinds: Kinds = set()
        self.addresses: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.kinds.add((tag, tuple(sorted(name for name, _ in attributes))))
        self.addresses += [value or "" for name, value in attributes if name in ADDRESSES]
        self.words += "".join(f" {value} " for _, value in attributes)

    def handle_data(self, data: str) -> None:
        self.words += data


def read(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def elements_of(page: str) -> Elements:
    """Of a page; of an article's without its text, which brings elements of its own and is looked at by itself."""
    before, _, rest = page.partition(TEXT_BEGINS)
    text, ends, after = rest.rpartition(TEXT_ENDS)
    check_text(text)
    found = Elements(before + ends + after)
    assert [address for address in found.addresses if not MAY_LEAD_TO.match(address)] == []
    return found


def check_text(text: str) -> None:
    """Nothing in it runs, looks like something else, loads from elsewhere or leads to a script."""
    found = Elements(text)
    assert {tag for tag, _ in found.kinds} <= IN_A_TEXT | {"div"}
    assert {name for _, names in found.kinds for name in names} <= ATTRIBUTES_IN_A_TEXT
    assert [each for each in found.addresses if re.match(r"(?!https?:|mailto:)[^/?#]*:", each)] == []


def kinds_of(pages: Iterable[str]) -> Kinds:
    return set.union(*(elements_of(page).kinds for page in pages))


def pages_of(browser: Browser, address: str, **query: str) -> Iterable[str]:
    """A list from its first page to its last."""
    for number in count(1):
        page = read(browser, f"{address}?{urlencode(query | {'page': number})}")
        yield page
        if 'rel="next"' not in page:
            return


@dataclass(frozen=True, slots=True)
class Side:
    """One clinic, and who looks at it."""

    visitor: Browser
    desk: Browser
    site: Written


def side(clinic: Clinic, sayings: tuple[str, ...]) -> Side:
    with inside(clinic):
        editor = factories.staff(Role.EDITOR, name="Edith Editor")
        return Side(Browser(clinic), Browser(clinic).sign_in(editor), write_site(sayings, by=editor))


@pytest.mark.parametrize("sayings", [PAYLOADS[::2], PAYLOADS[1::2]], ids=["one half", "the other half"])
def test_it_stays_words_wherever_it_is_shown(
    north: Clinic,
    south: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    subtests: pytest.Subtests,
    sayings: tuple[str, ...],
) -> None:
    """North says it, south says harmless things; to write it all down takes long, so everybody looks at once."""
    hostile, plain = side(north, sayings), side(south, HARMLESS)
    monkeypatch.setattr(feeds, "IN_A_FEED", len(sayings) + 1)
    monkeypatch.setattr(moderation, "ON_A_PAGE", len(HARMLESS) - 1)
    for place, check in PLACES.items():
        with subtests.test(place=place):
            check(hostile, plain)


def on_the_site(hostile: Side, plain: Side) -> None:
    """No page has an element that no page has with harmless words, and all is said as it was typed."""
    known = kinds_of(page for page, _ in site_pages(plain))
    said = ""
    for page, words in site_pages(hostile):
        found = elements_of(page)
        assert found.kinds <= known, words or found.kinds - known
        assert words in found.words
        said += found.words
        for data in re.findall(r"<script type=.application/ld\+json.>(.*?)</script", page, re.DOTALL):
            assert json.loads(data)["@graph"][0]["headline"] in (words, "The hub")
    for words in hostile.site.sayings:
        assert said.count(words) > 12, words
        assert f"{words} {words}" in said  # its comment


def site_pages(side: Side) -> Iterable[tuple[str, str]]:
    """Each page of the site, with what it must say; nothing for the lists, which say it together."""
    for article, words in zip(side.site.articles, side.site.sayings, strict=True):
        yield read(side.visitor, article.get_absolute_url()), words
        yield read(side.visitor, article.byline.get_absolute_url()), words
    for address in ("/articles/", side.site.series.get_absolute_url()):
        yield from ((page, "") for page in pages_of(side.visitor, address))
    for address in ("/", "/team/", "/archive/", side.site.hub.get_absolute_url()):
        yield read(side.visitor, address), ""


def in_feeds(hostile: Side, plain: Side) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed, short = (etree.fromstring(read(hostile.visitor, f"/feed.{kind}").encode()) for kind in ("atom", "rss"))
    entries = feed.findall(f"{atom}entry")

    sayable = {feeds.as_xml(words) for words in hostile.site.sayings}
    assert {entry.findtext(f"{atom}title") for entry in entries} == sayable | {"The hub"}
    assert {item.findtext("title") for item in short.iter("item")} == sayable | {"The hub"}
    for entry in entries:
        check_text(str(entry.findtext(f"{atom}content")))


def when_it_is_looked_for(hostile: Side, plain: Side) -> None:
    asked = ("", "good", "goood", "nothing of the kind")
    known = kinds_of(read(plain.visitor, f"/search/?q={words}") for words in asked)
    for words in hostile.site.sayings:
        found = elements_of(hostile.visitor.get("/search/", {"q": words}).content.decode())
        assert found.kinds <= known, words
        assert found.words.count(" ".join(words.split())[:120]) >= 2, words  # in the title and in the field


def at_the_desk(hostile: Side, plain: Side) -> None:
    known = kinds_of(desk_pages(plain))
    said = ""
    for page in desk_pages(hostile):
        found = elements_of(page)
        assert found.kinds <= known, found.kinds - known
        said += found.words
    for words in hostile.site.sayings:
        assert said.count(words) > 3, words


def desk_pages(side: Side) -> Iterable[str]:
    for shown in ("held", "approved"):
        yield from pages_of(side.desk, "/admin/comments/", show=shown)
    for model in ("article", "author", "topic", "picture"):
        yield read(side.desk, f"/admin/content/{model}/?all=")
    for comment in side.site.held[::20]:
        yield read(side.desk, f"/admin/comments/{comment.pk}/erase/")


PLACES = {
    "site": on_the_site,
    "feeds": in_feeds,
    "search": when_it_is_looked_for,
    "desk": at_the_desk,
}


@pytest.mark.parametrize("words", [words for words in NEVER_TAKEN if "\0" in words])
def test_what_no_field_takes_is_refused_at_the_door(visitor: Browser, words: str) -> None:
    article = factories.article()
    factories.take_comments()

    for sent in ({"pseudonym": words, "body": "x"}, {"pseudonym": "x", "body": words}):
        assert visitor.post(f"{article.get_absolute_url()}comment/", sent).status_code == 400
    assert visitor.get("/search/", {"q": words}).status_code == 400


def test_there_are_enough_of_each_kind() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200
    assert min(len(kind) for kind in KINDS.values()) >= 5
