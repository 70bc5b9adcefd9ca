"""What changed between two texts is shown so that people see it; and nothing that did not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.body.differences import Passage, Words, changed_line, differences, word_by_word

WORD = st.sampled_from(["rest", "is", "hard", "today", "we", "begin", "small", ".", "?", "ü", "—"])
SENTENCE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
BODY = st.lists(
    st.tuples(st.sampled_from(["p", "h2", "blockquote"]), SENTENCE).map(
        lambda part: f"<{part[0]}>{part[1]}</{part[0]}>"
    ),
    max_size=6,
).map("".join)


def shown(passages: list[Passage]) -> list[tuple[str, str, str]]:
    """Each passage as its change, its name, and its words with [-taken out-] and {+new+}."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return [
        (one.change, one.name, "".join(marks[part.change].format(part.text) for part in one.words)) for one in passages
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("<p>Same.</p>", "<p>Same.</p>", [("same", "", "")]),
        ("", "<p>New words.</p>", [("added", "Paragraph", "{+New words.+}")]),
        ("<h2>Gone</h2>", "", [("removed", "Heading", "[-Gone-]")]),
        (
            "<p>Rest is hard for many.</p>",
            "<p>Rest was hard for many.</p>",
            [("changed", "Paragraph", "Rest[- is-]{+ was+} hard for many.")],
        ),
        ("<p>Some bold words.</p>", "<p>Some <strong>bold</strong> words.</p>", [("changed", "Paragraph", "")]),
        (
            '<p data-prompt="a">What helps you?</p>',
            '<p data-prompt="a">What helps you now?</p>',
            [("changed", "Question to the reader", "What helps you{+ now+}?")],
        ),
        (
            "<p>A paragraph about sleep.</p>",
            "<p>Entirely different matter here.</p>",
            [
                ("removed", "Paragraph", "[-A paragraph about sleep.-]"),
                ("added", "Paragraph", "{+Entirely different matter here.+}"),
            ],
        ),
        # A new paragraph before a changed one: the changed one is still known.
        (
            "<p>We begin with what is small today.</p>",
            "<p>Nobody said it was easy!</p><p>We begin with what is small tomorrow.</p>",
            [
                ("added", "Paragraph", "{+Nobody said it was easy!+}"),
                ("changed", "Paragraph", "We begin with what is small[- today-]{+ tomorrow+}."),
            ],
        ),
    ],
)
def test_what_changed_is_shown(before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(differences(before, after)) == expected


@settings(max_examples=150, deadline=None)
@given(before=BODY, after=BODY)
def test_what_is_shown_is_all_of_both_texts(before: str, after: str) -> None:
    """The words of all that is shown as same or taken out are those of the text before; likewise after."""
    passages = differences(before, after)

    unchanged = sum(one.count for one in passages if one.change == "same")
    for body, other in ((before, "added"), (after, "removed")):
        mine = [one for one in passages if one.change not in ("same", other)]
        assert unchanged + len(mine) == body.count("</p>") + body.count("</h2>") + body.count("</blockquote>")
        for one in mine:
            assert not one.words or "".join(part.text for part in one.words if part.change != other).strip() in plain(
                body
            )


def plain(body: str) -> str:
    for tag in ("p", "h2", "blockquote"):
        body = body.replace(f"<{tag}>", "\n").replace(f"</{tag}>", "\n")
    return body


def test_a_line_that_is_the_same_is_not_shown() -> None:
    assert changed_line("Title", "Why is rest hard?", "Why is rest hard?") is None
    assert changed_line("Title", "", "Why?") == Passage("changed", "Title", (Words("added", "Why?"),))


def test_markup_stays_words() -> None:
    [passage] = differences("", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")

    assert passage.words == (Words("added", "<script>alert(1)</script>"),)


def test_texts_too_long_to_be_followed_are_shown_whole() -> None:
    long = "<p>" + "rest is hard " * 3000 + "</p>"
    many = "".join(f"<p>rest is hard {number % 7}</p>" for number in range(1500))

    assert [one.change for one in differences(long, long.replace("hard", "easy"))] in (
        ["changed"],
        ["removed", "added"],
    )
    assert differences(many, many.replace("hard", "easy"))

    assert word_by_word("a " * 3000, "b " * 3000) == (Words("removed", "a " * 3000), Words("added", "b " * 3000))
