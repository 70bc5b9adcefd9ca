"""A walk through the whole public site, as a browser, a search engine and a feed reader take it."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import URLPattern, get_resolver, reverse
from lxml import etree, html

from content.models import Topic
from practices.accounts.models import User
from practices.models import Clinic
from practices.tenancy import hosts
from tests import factories
from tests.harness.addresses import names
from tests.harness.browsers import Browser
from tests.public_table import GIVES_A_COOKIE, PUBLIC, Line, more, public_site, published

# What lies behind these is for whoever signs in, for the operator, or for the demo.
ELSEWHERE = ("/portal/", "/admin/", "/accounts/", "/start/", "/inbox/", "/healthz", "/readyz")
HEAVIEST = 100_000  # bytes
ANEW = "public, max-age=0, stale-while-revalidate=60"
SAYS = {"kept": ANEW, "asked": ANEW, "good": "public, max-age=31536000, immutable"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
PAGES = [line for line in PUBLIC if line.is_page]
Arguments = dict[str, dict[str, Any]]


@pytest.fixture
def arguments(north: Clinic, editor: User) -> Arguments:
    return public_site(by=editor)


@pytest.fixture
def origin() -> str:
    return f"http://north.localhost:{settings.PORT}"


def get(visitor: Browser, line: Line, arguments: Arguments, **headers: str) -> Any:
    """To its end, so that a file is closed."""
    response = visitor.get(line.address(arguments), headers=headers)
    response.getvalue()
    return response


def tree(visitor: Browser, address: str) -> Any:
    return html.fromstring(visitor.get(address).content.decode())


def one(found: list[Any]) -> Any:
    assert len(found) == 1, found
    return found[0]


def test_every_public_address_is_in_the_table(north: Clinic, arguments: Arguments) -> None:
    """Public is what stands on the clinic's own host and is not behind one of the doors."""
    walked = {line.name for line in PUBLIC}
    patterns: list[Any] = [row for row in get_resolver("config.urls").url_patterns if isinstance(row, URLPattern)]
    outside = {row.name for row in patterns if not f"/{row.pattern}".startswith(ELSEWHERE)}
    public = outside | set(names(get_resolver("content.urls")))

    assert public - walked == set()
    assert walked - public == set()


def test_each_address_answers_as_the_table_says(
    visitor: Browser, arguments: Arguments, subtests: pytest.Subtests
) -> None:
    for line in PUBLIC:
        with subtests.test(line=str(line)):
            response = get(visitor, line, arguments)
            assert response.status_code == line.status
            assert bool(response.cookies) == (line.name == GIVES_A_COOKIE)
            assert "'unsafe" not in response["Content-Security-Policy"]
            visitor.cookies.clear()


def test_a_copy_is_asked_about_as_the_table_says(
    visitor: Browser, arguments: Arguments, subtests: pytest.Subtests
) -> None:
    for line in PUBLIC:
        with subtests.test(line=str(line)):
            response = get(visitor, line, arguments)
            says = response.get("Cache-Control", "")
            if line.keeping == "never":
                assert "no-store" in says
                assert "ETag" not in response
            elif line.keeping in SAYS:
                assert says == SAYS[line.keeping]
                again = get(visitor, line, arguments, **{"if-none-match": response["ETag"]})
                assert (again.status_code, again.content) == (304, b"")
                other = get(visitor, line, arguments, **{"if-none-match": '"other"'})
                assert other.status_code == 200
            if "Last-Modified" in response and line.keeping != "asked":
                again = get(visitor, line, arguments, **{"if-modified-since": response["Last-Modified"]})
                assert again.status_code == 304


def test_each_page_says_what_it_is(
    visitor: Browser, arguments: Arguments, origin: str, subtests: pytest.Subtests
) -> None:
    titles: dict[str, Line] = {}
    for line in PAGES:
        with subtests.test(line=str(line)):
            address = line.address(arguments)
            page = tree(visitor, address)
            assert one(page.xpath("//h1")).text_content().strip()
            title = one(page.xpath("//title")).text_content()
            assert title.endswith(" – North")
            assert titles.setdefault(title, line) == line or line.query
            assert page.get("lang") == "en-gb"
            assert len(page.xpath("//main")) == 1
            robots = page.xpath("//meta[@name='robots']/@content")
            assert robots == (["noindex"] if line.kind == "unlisted" else [])
            if line.kind != "unlisted":
                assert one(page.xpath("//link[@rel='canonical']/@href")) == origin + address
                assert 20 <= len(one(page.xpath("//meta[@name='description']/@content"))) <= 320


def test_each_listed_page_can_be_shared(
    visitor: Browser, arguments: Arguments, origin: str, subtests: pytest.Subtests
) -> None:
    for line in PAGES:
        if line.kind == "unlisted":
            continue
        with subtests.test(line=str(line)):
            page = tree(visitor, line.address(arguments))
            graph = {meta.get("property"): meta.get("content") for meta in page.xpath("//meta[@property]")}
            assert graph["og:type"] == line.kind
            assert graph["og:url"] == one(page.xpath("//link[@rel='canonical']/@href"))
            assert graph["og:title"]
            assert graph["og:description"] == one(page.xpath("//meta[@name='description']/@content"))
            assert graph["og:site_name"] == "North"
            assert graph["og:locale"] == "en_GB"
            if line.kind == "article":
                assert graph["og:image"].startswith(f"{origin}/pictures/")
                assert graph["og:image:alt"] == "A bench by the water."
                picture = visitor.get(urlsplit(graph["og:image"]).path)
                assert picture.status_code == 200
                assert picture.getvalue()  # to its end, so that the file is closed
                assert datetime.fromisoformat(graph["article:published_time"]).tzinfo


def test_an_article_tells_machines_what_schema_org_wants(visitor: Browser, arguments: Arguments, origin: str) -> None:
    address = reverse("article", kwargs=arguments["article"])
    found = json.loads(one(tree(visitor, address).xpath("//script[@type='application/ld+json']")).text)
    about, way = found["@graph"]
    revision = published(arguments).revision

    assert found["@context"] == "https://schema.org"
    assert about["@type"] == "Article"
    assert about["headline"] == revision.title
    assert about["description"] == "Rest is more than sleep."
    assert about["mainEntityOfPage"] == origin + address
    assert about["author"] == {"@type": "Person", "name": "Edith Editor", "url": f"{origin}/authors/edith-editor/"}
    logo = origin + reverse("logo", kwargs=arguments["logo"])
    assert about["publisher"] == {"@type": "Organization", "name": "North", "url": f"{origin}/", "logo": logo}
    assert about["keywords"] == ["Rest & sleep"]
    assert about["inLanguage"] == "en-gb"
    assert [urlsplit(image).netloc for image in about["image"]] == [urlsplit(origin).netloc]
    for moment in ("datePublished", "dateModified"):
        assert datetime.fromisoformat(about[moment]).tzinfo
    assert about["dateModified"] >= about["datePublished"]
    steps = way["itemListElement"]
    assert way["@type"] == "BreadcrumbList"
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    assert [step["name"] for step in steps] == ["Home", "Articles", "Rest & sleep", "Why is rest hard?"]
    assert all(step["item"].startswith(origin) for step in steps)


def test_no_page_weighs_more_than_a_phone_carries(
    visitor: Browser, arguments: Arguments, subtests: pytest.Subtests
) -> None:
    """The page with its stylesheets, scripts and icons, as they are before they are compressed; without pictures."""
    for line in PAGES:
        with subtests.test(line=str(line)):
            page = visitor.get(line.address(arguments)).content
            drawn: Any = html.fromstring(page.decode())
            parts = {*drawn.xpath("//link[@rel='stylesheet']/@href"), *drawn.xpath("//script/@src")}
            parts |= {part.partition("#")[0] for part in drawn.xpath("//*[name()='use']/@href")}
            weights = {part: weight_of(visitor, part) for part in parts}
            assert len(page) + sum(weights.values()) <= HEAVIEST, (len(page), weights)


def weight_of(visitor: Browser, address: str) -> int:
    if not address.startswith(settings.STATIC_URL):
        return len(visitor.get(address).content)
    return Path(finders.find(address.removeprefix(settings.STATIC_URL))).stat().st_size


def test_every_address_on_a_page_leads_somewhere(visitor: Browser, arguments: Arguments) -> None:
    """Links, pictures, feeds and parts of the page itself; all of them this clinic's own."""
    places: dict[str, str] = {}
    for line in PAGES:
        address = line.address(arguments)
        page = tree(visitor, address)
        for link in page.xpath("//a/@href | //link/@href | //img/@src | //form/@action"):
            if link.startswith("#"):
                assert page.xpath("//*[@id=$id]", id=link[1:]), (address, link)
            elif not link.startswith("tel:"):
                places.setdefault(urljoin(address, link).partition("#")[0], address)
        for chosen in page.xpath("//@srcset"):
            places |= dict.fromkeys((part.split()[0] for part in chosen.split(",")), address)

    for place, seen_on in places.items():
        parts = urlsplit(place)
        assert parts.hostname in (None, "north.localhost"), (seen_on, place)
        if not place.startswith(settings.STATIC_URL):
            response = visitor.get(parts.path + (f"?{parts.query}" if parts.query else ""))
            response.getvalue()
            assert response.status_code in (200, 302), (seen_on, place)


@pytest.mark.parametrize("name", ["atom", "rss", "topic_atom"])
def test_feed_readers_take_the_feeds(visitor: Browser, arguments: Arguments, origin: str, name: str) -> None:
    address = reverse(name, kwargs=arguments.get(name))
    response = visitor.get(address)
    kind = "rss" if name == "rss" else "atom"
    # Asked by http, it would see the address that relative ones start from; here there must be none.
    feed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})

    assert response["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
    assert not feed.bozo
    assert feed.version == {"atom": "atom10", "rss": "rss20"}[kind]
    assert feed.feed.title.startswith("North")
    assert one([link.href for link in feed.feed.links if link.rel == "self"]) == origin + address
    assert feed.feed.get("updated_parsed")
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 10
    for entry in feed.entries:
        assert entry.title
        assert entry.link.startswith(f"{origin}/articles/")
        assert entry.id.startswith("urn:uuid:")
        assert entry.published_parsed
        assert entry.summary
        assert entry.get("author")
        if kind == "atom":
            assert entry.updated_parsed >= entry.published_parsed
            assert not re.search(r'(?:src|href)="(?!https?:)', entry.content[0].value)


def test_atom_has_what_its_standard_asks_of_a_feed(visitor: Browser, arguments: Arguments) -> None:
    """RFC 4287, 4.1: of a feed and of each entry exactly one id, title and updated, and whom it is by."""
    for name in ("atom", "topic_atom"):
        feed = etree.fromstring(visitor.get(reverse(name, kwargs=arguments.get(name))).content)
        entries = feed.findall("a:entry", ATOM)
        assert entries
        for element in (feed, *entries):
            for once in ("id", "title", "updated"):
                assert one(element.findall(f"a:{once}", ATOM)).text
        assert all(entry.findtext("a:author/a:name", namespaces=ATOM) for entry in entries)
        assert all(len(entry.findall("a:link[@rel='alternate']", ATOM)) == 1 for entry in entries)


def test_rss_has_what_its_standard_asks_of_a_channel(visitor: Browser, arguments: Arguments) -> None:
    """RSS 2.0: title, link and description of the channel; an item's author is a mail address, which we have none to give."""
    channel = one(etree.fromstring(visitor.get("/feed.rss").content).findall("channel"))

    for once in ("title", "link", "description", "language", "lastBuildDate"):
        assert one(channel.findall(once)).text
    for item in channel.findall("item"):
        assert one(item.findall("guid")).get("isPermaLink") == "false"
        assert item.find("author") is None


def test_the_map_of_the_site_keeps_the_rules_of_the_protocol(visitor: Browser, arguments: Arguments) -> None:
    """sitemaps.org: whole addresses of this host in UTF-8, each once, shorter than 2,048 characters, dates as W3C has them."""
    response = visitor.get("/sitemap.xml")
    found = etree.fromstring(response.content)
    addresses = [one(entry.findall("m:loc", MAP)).text for entry in found.findall("m:url", MAP)]

    assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert found.tag == f"{{{MAP['m']}}}urlset"
    assert {child.tag for child in found} == {f"{{{MAP['m']}}}url"}
    assert {part.tag.rpartition("}")[2] for entry in found for part in entry} == {"loc", "lastmod"}
    assert len(set(addresses)) == len(addresses) <= 50_000
    assert len(response.content) < 50 * 2**20
    for changed in found.findall("m:url/m:lastmod", MAP):
        assert datetime.fromisoformat(changed.text).tzinfo
    for address in addresses:
        parts = urlsplit(address)
        assert (parts.scheme, parts.hostname) == ("http", "north.localhost")
        assert len(address) < 2048
        page = tree(visitor, parts.path)
        assert one(page.xpath("//link[@rel='canonical']/@href")) == address


def test_every_listed_page_is_on_the_map(visitor: Browser, arguments: Arguments, origin: str) -> None:
    listed = {line for line in PAGES if line.kind != "unlisted" and not line.query}
    page = visitor.get("/sitemap.xml").content.decode()

    months = {"archive_year", "archive_month"}  # found by the archive; their articles are on the map
    for line in listed:
        assert (f"<loc>{origin}{line.address(arguments)}</loc>" in page) == (line.name not in months), line


def test_robots_are_told_what_is_nobody_elses_business(visitor: Browser, arguments: Arguments, origin: str) -> None:
    robots = RobotFileParser()
    robots.parse(visitor.get("/robots.txt").content.decode().splitlines())

    assert robots.site_maps() == [f"{origin}/sitemap.xml"]
    for closed in ("/portal/", "/admin/", "/accounts/login/", "/start/", "/search/?q=rest"):
        assert not robots.can_fetch("Any", origin + closed)
    for line in PUBLIC:
        if line.kind != "unlisted":
            assert robots.can_fetch("Any", origin + line.address(arguments)), line


def test_no_page_asks_more_of_the_database_when_there_is_more(
    visitor: Browser,
    arguments: Arguments,
    queries_of: Callable[[Callable[[], object]], int],
    editor: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # However slow the machine, the host is looked up once.
    monkeypatch.setattr("practices.tenancy.HOST_TTL", 3600.0)
    hosts.clear()

    def counted() -> dict[str, int]:
        headers = {"hx-request": "true"}  # else most are kept
        return {str(line): queries_of(partial(get, visitor, line, arguments, **headers)) for line in PUBLIC}

    visitor.get("/")
    few = counted()
    for days in range(9):
        at = factories.LONG_AGO + timedelta(days=days + 1)
        factories.comment(published(arguments), approved_by=editor, at=at)
    factories.author(name="Nora New", user=factories.staff(), is_on_team_page=True)
    more(12, topic=Topic.objects.get(slug=arguments["topic"]["slug"]))

    # What had pictures is no longer among the newest in the feeds: they may ask less.
    many = counted()
    assert {line: asked for line, asked in many.items() if asked > few[line]} == {}
    assert max(few.values()) <= 11
