"""An export made by somebody who means ill: whatever its fields hold, pages show words or nothing, and run none of it."""

import io
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from config.bench import exports
from content.models import Article, Author, Comment, Picture, Topic
from content.services.importing import opened_source, prepare, take_in
from content.wordpress import Report
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.content.test_wordpress_importing import picture_file
from tests.harness.browsers import Browser, Browsers
from tests.payloads import PAYLOADS

# A few of each kind, all of which are tried on the cleaning itself; XML has no word for control characters.
MEANT = [payload for payload in PAYLOADS[::4] if not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", payload)]
RUNS = ("script", "iframe", "object", "embed", "base", "marquee", "math", "video", "audio", "template")


class Dangers(HTMLParser):
    """What in a page would run, or lead to somebody who means ill."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.within = tag
        is_words = given.get("type", "").endswith(("json", "importmap"))
        is_ours = tag == "script" and (is_words or given.get("src", "").startswith(("/static/", "/admin/")))
        if tag in RUNS and not is_ours:
            self.found.append(f"{tag} {given}")
        for name, value in given.items():
            reads = name in ("href", "src", "action", "srcdoc", "style", "xlink:href") or name.startswith("hx-")
            plain = "".join(value.split()).lower()
            if name.startswith("on") or (reads and ("evil.example" in plain or plain.startswith("javascript:"))):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.within == "style" or (self.within == "script" and "</" in data):
            self.found.append(data)


def hostile() -> bytes:
    """Each payload in every field of one post."""
    parts = []
    for number, payload in enumerate(MEANT, start=1):
        terms = [("category", f"{number} {payload}"[:60]), ("post_tag", payload), ("series", payload)]
        parts.append(exports.attachment(1000 + number, "2019/03/boat.jpg", alt=payload, caption=payload))
        parts.append(
            exports.post(
                number,
                title=payload,
                content=f'{payload}\n\nWords<p data-prompt="{payload}">{payload}</p><img alt="{payload}" '
                'src="https://old.example/wp-content/uploads/2019/03/boat.jpg">',
                status=payload if number % 20 == 0 else "publish",
                slug=payload if number % 2 else f"post-{number}",
                link=payload,
                creator=f"who{number}",
                at=datetime(2019, 3, 4),
                excerpt=payload,
                topics=terms,
                meta={"_thumbnail_id": str(1000 + number), "_series_part": payload},
                comments=[exports.comment(number, f"{number} {payload}", name=payload)],
            )
        )
    authors = [exports.author(f"who{number}", payload) for number, payload in enumerate(MEANT, start=1)]
    return exports.export(*parts, authors="".join(authors))


@pytest.fixture
def imported(north: Clinic) -> Report:
    report = Report()
    with opened_source(io.BytesIO(hostile()), media=picture_file(), zone=UTC) as source:
        for entry in source.entries():
            take_in(prepare(source, entry, at=factories.AT), source, report, by=None, at=factories.AT)
    return report


def test_nothing_that_an_export_says_runs_anywhere(
    imported: Report, visitor: Browser, editor: User, browser_of: Browsers
) -> None:
    articles = list(Article.objects.published())
    public = [
        *(article.get_absolute_url() for article in articles),
        *(topic.get_absolute_url() for topic in Topic.objects.all()[:20]),
        *(author.get_absolute_url() for author in Author.objects.filter(articles__in=articles)[:20]),
        *(reverse(name) for name in ("home", "articles", "archive", "team")),
    ]
    desk = [
        *(reverse(f"admin:content_{name}_changelist") for name in ("article", "author", "topic", "series", "picture")),
        *(reverse("admin:content_article_change", args=[article.pk]) for article in articles[:20]),
        f"{reverse('admin:comments')}?show=approved",
    ]

    found = {}
    for browser, addresses in ((visitor, public), (browser_of(editor), desk)):
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200
            found[address] = Dangers(answer.content.decode()).found

    assert {address: dangers for address, dangers in found.items() if dangers} == {}
    assert len(articles) > 40 and Comment.objects.count() == len(MEANT) and Picture.objects.count() == 1


def test_a_danger_would_be_seen() -> None:
    for page in ("<p onclick=x>", "<script>a</script>", "<a href=' java\tscript:a'>", "<div hx-get=//evil.example>"):
        assert Dangers(page).found
