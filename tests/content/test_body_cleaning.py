"""The allow-list keeps what an article may hold and nothing that runs, loads or hides."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.body import BodyError, blocks, normalise, sanitise
from tests.payloads import NEVER_TAKEN, PAYLOADS

ALLOWED = {
    **{tag: set[str]() for tag in ("h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em")},
    **{tag: set[str]() for tag in ("br", "hr", "figure", "figcaption")},
    "p": {"data-prompt"},
    "section": {"data-practice", "data-callout"},
    "a": {"href", "rel"},
    "img": {"src", "alt"},
}


class Reader(HTMLParser):
    """Fails on anything the contract does not name."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            if name == "href":
                assert re.match(r"(https?:|mailto:|[^:]*$|[^:]*[/?#])", value or ""), value
            if name == "src":
                assert (value or "").startswith("/pictures/")
                assert ".." not in (value or "")
            if name.startswith("data-"):
                assert re.fullmatch(r"([a-z][a-z0-9_]{0,39})?", value or ""), value

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def assert_allowed(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    reader.close()


SCRAPS = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<em>", "</em>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<h1>", "</h1>"),
        *("<blockquote>", "</blockquote>", "<div>", "</div>", "<br>", "<hr>", "<table>", "<td>", "</table>"),
        *('<p data-prompt="a">', "<p data-prompt>", '<section data-practice="a">', "</section>", "<section>"),
        *("<section data-callout>", "</section>", "<span style='font-weight:700'>", "</span>", "<nav>", "</nav>"),
        *("<p style='mso-list:l0 level1'>", "<p style='mso-list:l1 level3'>", "<span style='mso-list:Ignore'>"),
        *(
            "<figure>",
            "<img src=/pictures/0197d000-0000-7000-8000-000000000001/ alt='x<y>\"'>",
            "<figcaption>",
            "</figure>",
            "<svg>",
            "<math>",
        ),
        *("<a href=/x>", "<a href='https://x.example/?a=1&b=2'>", "</a>", "&amp;", "&nbsp;", "&#0;", "&#1;", "&"),
        *("<x-strong>", "</x-strong>", "<!--", "-->", "<script>", "</script>", "<title>", "text", " ", "\n", "\0"),
    ]
)
ANY_BODY = st.lists(SCRAPS | st.text(max_size=8), max_size=25).map("".join)


@pytest.mark.parametrize("attack", [*PAYLOADS, *NEVER_TAKEN])
def test_nothing_that_runs_or_loads_gets_through(attack: str) -> None:
    for before, after in (("", ""), ("<p>before ", " after</p>"), ("<section data-practice><p>a</p>", "</section>")):
        html = before + attack + after

        assert_allowed(sanitise(html))
        assert_allowed(normalise(html))
        for block in blocks(html):
            assert_allowed(block.html)


@given(ANY_BODY)
@settings(max_examples=300, deadline=None)
def test_cleaning_any_text_twice_changes_nothing_more(html: str) -> None:
    once = sanitise(html)

    assert_allowed(once)
    assert sanitise(once) == once


@given(ANY_BODY)
@settings(max_examples=300, deadline=None)
def test_a_kept_body_stays_as_it_is(html: str) -> None:
    kept = normalise(html)

    assert_allowed(kept)
    assert sanitise(kept) == kept
    assert normalise(kept) == kept


def test_links_get_a_rel_and_lose_their_target() -> None:
    html = '<p><a href="https://example.org" target="_blank" rel="opener">x</a></p>'

    assert sanitise(html) == '<p><a href="https://example.org" rel="noopener noreferrer">x</a></p>'


@pytest.mark.parametrize(
    "address", ["https://a.example/x?y=1:2#z", "mailto:a@b.example", "/articles/rest/", "#help", "a/b:c"]
)
def test_plain_addresses_stay(address: str) -> None:
    assert f'href="{address}"' in sanitise(f'<a href="{address}">x</a>')


def test_letters_and_signs_of_any_language_stay() -> None:
    text = "Grüße, “quotes”, ñ, 休息, שָׁלוֹם, 1 < 2 & 3"

    assert blocks(f"<p>{text}</p>")[0].text == text


@pytest.mark.parametrize(
    "html",
    {
        "nested divs": "<div>" * 5_000 + "x",
        "nested quotes": "<blockquote>" * 5_000 + "x",
        "nested lists": "<ul><li>" * 5_000 + "x",
        "few nested lists": "<ul><li>" * 400 + "x",
        "nested spans": "<span style='font-weight:700;font-style:italic'>" * 5_000 + "x",
        "styled paragraphs": "<p style='mso-list:l0 level1'>x" * 5_000,
        "parts around": "<nav>x</nav>" * 9_000,
        "nested bold": "<b>" * 5_000 + "x",
        "one megabyte": "<p>hello world</p>" * 60_000,
        "open formatting": "".join(f"<font a={i}>" for i in range(5_000)) + "<p>x" * 15_000,
        "open links": "<div>" * 10_000 + "<a href=x>" * 15_000,
        "paragraphs": "<p>x" * 19_000,
        "bold words": "<b>x</b> " * 9_000,
        "entities": "&" * 200_000,
        "angle brackets": "<" * 200_000,
        "attributes": "<p " + " ".join(f"a{i}=1" for i in range(20_000)) + ">x",
        "unknown tags": "<x>" * 60_000,
        "one long word": "x" * 199_000,
        "lone surrogates": "\ud800" * 100_000,
        "nothing": "\0" * 100_000,
    }.items(),
    ids=lambda item: item[0],
)
def test_hostile_sizes_are_cleaned_or_refused_quickly(html: tuple[str, str]) -> None:
    begun = time.process_time()

    try:
        normalise(html[1])
    except BodyError as error:
        assert str(error).endswith(".")

    assert time.process_time() - begun < 2  # about 0.15 s on a quiet machine, several times that under coverage
