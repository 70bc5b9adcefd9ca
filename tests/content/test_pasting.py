"""What is pasted from Word, Google Docs and web pages is kept as plainly as if it had been written here."""

from pathlib import Path

import pytest

from content.body import normalise

PASTES = Path(__file__).parent / "pastes"
REL = 'rel="noopener noreferrer"'
# What each of the files becomes, on the server and in the editor.
CLEAN = {
    "word": (
        "<h2>The hour before sleep</h2>\n"
        "<p>Most evenings end <strong>long after</strong> the day does."
        " What would it take to <em>stop</em> a little earlier?</p>\n"
        "<ul><li>Put the phone in the kitchen.<ul><li>Not beside the bed.</li></ul></li>"
        "<li>Say goodnight to the day.</li></ul>\n"
        "<h3>In order</h3>\n"
        "<ol><li>Dim the lamp.</li><li>Write one line.</li></ol>\n"
        "<p>Before</p>\n"
        "<p>After</p>\n"
        f'<p><a href="https://example.org/sleep" {REL}>Read more</a></p>'
    ),
    "docs": (
        "<h2>A walk with no purpose</h2>\n"
        "<p>Leave the house <strong>without a list</strong>. Notice <em>one thing</em> that is new, and read "
        f'<a href="https://example.org/walks?a=1" {REL}>what others saw</a>.</p>\n'
        "<ul><li>To the corner<ul><li>and back</li></ul></li></ul>\n"
        "<p>What did you see?</p>"
    ),
    "web": (
        "<h2>Five quiet minutes</h2>\n"
        "<p>Sit where nobody needs you. <strong>Five minutes</strong> are enough,&nbsp;<em>really</em>."
        f'<a href="https://example.com/quiet#note-1" {REL}>1</a></p>\n'
        "<p>A chair by a window</p>\n"
        "<h3>What to do</h3>\n"
        "<p>First</p>\n"
        "<p>Breathe out.</p>\n"
        "<blockquote><p>“Nothing is urgent.”</p><p>A reader</p></blockquote>\n"
        "<p>Join 20,000 readers.</p>\n"
        "<hr>\n"
        f'<p>Then get up slowly.<br><a href="https://example.com/more?utm_source=copy" {REL}>More</a></p>'
    ),
}


def pasted(name: str) -> str:
    return (PASTES / f"{name}.html").read_text()


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_pasted_comes_out_clean(name: str) -> None:
    assert normalise(pasted(name)) == CLEAN[name]


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p><span style="font-weight:700;font-style:italic">both</span> x</p>', "<strong><em>both</em></strong> x"),
        ('<p><span style="FONT-WEIGHT: Bold">a</span> x</p>', "<strong>a</strong> x"),
        ('<p><span style="font-weight:bolder">a</span> x</p>', "<strong>a</strong> x"),
        ('<p><span style="font-weight:400">a</span> x</p>', "a x"),
        ('<p><b style="font-weight:normal">a</b> x</p>', "a x"),
        ('<p><em style="font-style: normal">a</em> x</p>', "a x"),
        ('<p><b style="mso-bidi-font-weight:normal">a</b> x</p>', "<strong>a</strong> x"),
        ('<p style="font-weight:700">a x</p>', "a x"),
        ('<p><span style="color:red">a  \n b</span> &nbsp; x</p>', "a b x"),
    ],
)
def test_a_style_counts_as_far_as_it_says_something(html: str, clean: str) -> None:
    assert normalise(html) == f"<p>{clean}</p>"


def test_a_part_of_the_page_that_never_ends_takes_nothing_with_it() -> None:
    assert normalise("<button>Share<p>All the rest</p>") == "<p>Share</p>\n<p>All the rest</p>"
    assert normalise("<nav>Home</nav><p>All the rest</p>") == "<p>All the rest</p>"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.google.com/url?q=javascript:alert(1)&amp;sa=D", None),
        ("https://www.google.com/url?sa=D", "https://www.google.com/url?sa=D"),
        ("https://www.google.com/url?q=https://example.org/", "https://example.org/"),
        ("https://www.google.com/search?q=sleep", "https://www.google.com/search?q=sleep"),
        ("https://[broken", None),
    ],
)
def test_a_link_leads_where_the_document_said(address: str, kept: str | None) -> None:
    link = f'<p style="x"><a href="{address}">x</a></p>'

    assert normalise(link) == (f'<p><a href="{kept}" {REL}>x</a></p>' if kept else "<p>x</p>")


def test_lists_of_word_that_something_stands_between_are_two() -> None:
    item = "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>One</p>"

    assert normalise(f"{item}<p>Between</p>{item}") == ("<ul><li>One</li></ul>\n<p>Between</p>\n<ul><li>One</li></ul>")
    assert normalise(f"{item} between {item}") == "<ul><li>One</li></ul>\n<p>between</p>\n<ul><li>One</li></ul>"


def test_a_list_of_word_that_begins_inside_is_still_a_list() -> None:
    item = "<p style='mso-list:l0 level{0} lfo1'><span style='mso-list:Ignore'>{0}.</span>x{0}</p>"

    assert normalise("".join(item.format(level) for level in (3, 1, 2))) == (
        "<ol><li>x3</li></ol>\n<ol><li>x1<ol><li>x2</li></ol></li></ol>"
    )
