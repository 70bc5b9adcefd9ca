"""Reading exports of WordPress: what is taken from them, and what is refused, with its place."""

import io
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from config.bench import exports
from content.body import normalise
from content.wordpress import ExportError, PostEntry, read_export, survey
from content.wordpress.plain import OURS, OURS_END, make_plain
from content.wordpress.reading import MOST_DEPTH

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><title>&c;</title></channel></rss>"""
PICTURE = "/pictures/0197d000-0000-7000-8000-000000000001"
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>"""


def posts(data: bytes, zone: str = "UTC") -> list[PostEntry]:
    return list(read_export(io.BytesIO(data), zone=ZoneInfo(zone)))


def one(**fields: object) -> PostEntry:
    [post] = posts(exports.export(exports.post(1, **fields)))
    return post


def plain(content: str, *, picture: str = "") -> tuple[str, list[str]]:
    made = make_plain(content, pictures=lambda _, alt: (picture, alt))
    return normalise(made.html), made.notes


def test_a_post_is_read_with_its_line_and_all_it_says() -> None:
    post = one(
        title="Rest &amp; <em>sleep</em> 🌿",
        content="It ends ]]> here",
        excerpt="Why\nrest",
        topics=[("category", "Sleep"), ("post_tag", "night"), ("category", "Uncategorized"), ("post_format", "Aside")],
        meta={"_thumbnail_id": "7"},
        commenting="closed",
    )

    assert (post.title, post.content, post.excerpt) == ("Rest & sleep 🌿", "It ends ]]> here", "Why rest")
    assert (post.topics, post.tags, post.thumbnail, post.takes_comments) == (("Sleep",), ("night",), "7", False)
    assert (post.key, post.path, post.line) == ("https://old.example/?p=1", "/2019/03/rest-1/", 10)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_is_read(version: str) -> None:
    found = survey(io.BytesIO(exports.export(exports.post(1), version=version)))

    assert (found.site.title, found.posts, found.authors) == ("Old Practice", 1, {"jo": "Jo Writer, MSW"})


def test_the_moment_is_utcs_else_the_sites_own_clock_and_a_drafts_zeros_are_none() -> None:
    zeros = "0000-00-00 00:00:00"
    gmt, local, none = posts(
        exports.export(
            exports.post(1, at=datetime(2020, 7, 1, 12), gmt="2020-07-01 16:00:00"),
            exports.post(2, at=datetime(2020, 7, 1, 12), gmt=zeros),
            exports.post(3).replace("2019-03-04 09:30:00", zeros).replace("Mon, 04 Mar 2019", "Mon, 30 Nov -0001"),
        ),
        zone="America/New_York",
    )

    assert gmt.written_at == local.written_at == datetime(2020, 7, 1, 16, tzinfo=UTC)
    assert none.written_at is None


def test_comments_come_without_any_address() -> None:
    post = one(comments=[exports.comment(5, "One<br />two &amp; <b>three</b>", approved="0")])

    [remark] = post.remarks
    assert (remark.author, remark.body, remark.state) == ("A reader", "One\ntwo & three", "0")
    assert "203.0.113" not in repr(post) and "hidden" not in repr(post)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty, or ends too early (line 1, column 1)"),
        (b"PK\x03\x04 not xml", "line 1"),
        (b"<html><body>Hello</body></html>", "no export of WordPress (line 1, column 1)"),
        (b"<rss><channel><title>A feed</title></channel></rss>", "no export of WordPress"),
        (LAUGHS, "rules of its own (a DOCTYPE), which no export of WordPress does (line 1, column 36)"),
        (OUTSIDE, "DOCTYPE"),
        (exports.export(exports.post(1))[:-300], "ends too early (line "),
        (exports.export(exports.post(1))[:-12], "line 13"),
        (exports.export("<item><title>a &nbsp; b</title></item>"), "that XML does not know (line 10, column 16)"),
        (exports.export("<item><title>a\x08b</title></item>"), "may not be in XML (line 10, column 15)"),
        (exports.export("<item><title>a</item>"), "did not begin (line 10, column 17)"),
        (exports.export("<item>" + "<a>" * MOST_DEPTH), "inside each other"),
        (exports.export(f'<item a="{"x" * 5000}"/>'), "attribute is far too long"),
        (exports.export("<item>" + "<a/>" * 20_001 + "</item>"), "too many parts"),
        (exports.export(exports.post(1)).replace(b"UTF-8", b"UTF-16"), "encoding"),
        (exports.export(exports.post(1)).replace(b"UTF-8", b"x-nobody"), "encoding"),
        (exports.export(exports.post(1, title="é")).replace("é".encode(), b"\xe9"), "line 11"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(ExportError) as error:
        survey(io.BytesIO(data))

    assert words in str(error.value)


def test_an_export_in_another_encoding_is_read() -> None:
    data = exports.export(exports.post(1, title="Café")).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")

    assert posts(data)[0].title == "Café"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("One\r\ntwo\r\n\r\nThree", "<p>One<br>two</p>\n<p>Three</p>"),
        ("<ul>\n<li>a\n<li>b</ul>\nc", "<ul><li>a</li><li>b</li></ul>\n<p>c</p>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<!-- wp:list --><ul><li>a</li></ul><!-- /wp:list -->", "<ul><li>a</li></ul>"),
        ("He wrote [sic] and [[gallery]].", "<p>He wrote [sic] and [gallery].</p>"),
        ("[box color=red]words[/box]", "<p>words</p>"),
        ("<pre>a\n b</pre>", "<p>a<br> b</p>"),
        (
            "https://x.example/?a=1&amp;b=2",
            '<p><a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">https://x.example/?a=1&amp;b=2</a></p>',
        ),
        (
            '<p data-prompt="rest">What?</p>\n<section data-practice="w">\n<p>Try</p></section>',
            '<p data-prompt="rest">What?</p>\n<section data-practice="w"><p>Try</p></section>',
        ),
        (f"{OURS}<p>One\ntwo [a b=c] [gallery]</p>{OURS_END}", "<p>One\ntwo [a b=c] [gallery]</p>"),
    ],
)
def test_content_becomes_plain(content: str, html: str) -> None:
    assert plain(content)[0] == html


def test_a_caption_becomes_a_figure_with_the_picture_that_was_given() -> None:
    given, notes = plain(exports.ODD[3], picture=f"{PICTURE}-480.webp")
    without, losses = plain(exports.ODD[3])

    assert given == f'<figure><img src="{PICTURE}/" alt="A boat"><figcaption>Far out</figcaption></figure>'
    assert (notes, without) == ([], "<p>Far out</p>")
    assert losses == ["Left out: the picture “boat-300x200.jpg”; its file was not given."]


def test_what_is_left_out_is_said() -> None:
    html, notes = plain("\n\n".join(exports.ODD[number] for number in (4, 1, 2)))

    assert "alert" not in html and "<p>after</p>" in html
    assert notes == [
        "Left out: the block “latest-posts”.",
        "Left out: the shortcode [gallery].",
        "Left out: the shortcode [contact-form-7].",
        "Left out: an embedded page.",
        "Left out: a script.",
        "Left out: the frame of a table; its cells are paragraphs now.",
    ]


@pytest.mark.parametrize(
    "unit",
    ["<!-- wp:a ", "<!--", "[caption]<img>", "[a b=", "<div>", "<a> ", "[a", "<p>a\n\n", "\nhttp://a", "[/a]", "<a><img", "[["],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    begun = time.process_time()

    make_plain(unit * (200_000 // len(unit)), pictures=lambda _, alt: ("", alt))

    assert time.process_time() - begun < 2
