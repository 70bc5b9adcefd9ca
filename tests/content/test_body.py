"""What an article's body is kept as, what it is made of and which exercise it becomes."""

import re

import pytest

from content.body import (
    BodyError,
    PracticeBlock,
    PromptBlock,
    Prose,
    blocks,
    normalise,
    plain_text,
    practice_of,
    prompts_of,
    readability_grade,
    reading_minutes,
    schema_of,
    word_count,
)

ARTICLE = (
    "<p>Some weeks feel like one long list.</p>\n"
    '<p data-prompt="rested">When did you last feel <em>rested</em>?</p>\n'
    "<h2>What gets in the way</h2>\n"
    "<p>You can notice the voice &amp; sit down.</p>\n"
    '<p data-prompt="voice">Whose voice is it?</p>\n'
    '<section data-practice="notice"><ol><li>Look for one moment.</li><li>Say what kind it was.</li></ol></section>'
)


def test_a_well_formed_body_is_kept_as_it_is() -> None:
    assert normalise(ARTICLE) == ARTICLE


def test_a_body_falls_into_prose_prompts_and_practice_in_order() -> None:
    made = blocks(ARTICLE)

    assert [type(block) for block in made] == [Prose, PromptBlock, Prose, PromptBlock, PracticeBlock]
    assert made[1] == PromptBlock("rested", made[1].html, "When did you last feel rested?")
    assert made[1].html == "When did you last feel <em>rested</em>?"
    assert made[2].html == "<h2>What gets in the way</h2>\n<p>You can notice the voice &amp; sit down.</p>"
    assert made[4].text == "Look for one moment.\nSay what kind it was."


def test_every_block_is_safe_to_print() -> None:
    assert all(hasattr(block.html, "__html__") for block in blocks(ARTICLE))


@pytest.mark.parametrize("identifier", ["", "Rest", "1a", "a b", "a" * 41, "é", "a-b"])
def test_a_prompt_without_a_good_id_gets_one(identifier: str) -> None:
    [prompt] = prompts_of(normalise(f'<p data-prompt="{identifier}">Why?</p>'))

    assert re.fullmatch(r"q[0-9a-f]{8}", prompt.id)


def test_of_two_prompts_with_one_id_the_first_keeps_it() -> None:
    first, second = prompts_of(normalise('<p data-prompt="why">Why</p><p data-prompt="why">me?</p>'))

    assert first.id == "why"
    assert second.id not in {"why", ""}


def test_a_practice_never_shares_its_id_with_a_prompt() -> None:
    html = normalise('<p data-prompt="rest">Why?</p><section data-practice="rest"><p>Try.</p></section>')

    practice = practice_of(html)

    assert practice is not None
    assert practice.id.startswith("w")


def test_a_callout_stands_by_itself_among_the_prose() -> None:
    html = '<p>Before</p>\n<section data-callout=""><h3>Good to know</h3><p>Text</p><ul><li>One</li></ul></section>\n<p>After</p>'

    assert normalise(html) == html
    [prose] = blocks(html)
    assert prose.html == html
    assert prose.text == "Before\n\nGood to know\nText\nOne\n\nAfter"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<aside><p>x</p></aside>", "<p>x</p>"),
        ("<section><p>x</p></section>", "<p>x</p>"),
        ('<section data-callout="warm"><p>x</p></section>', '<section data-callout=""><p>x</p></section>'),
        ("<section data-callout><h2>x</h2></section>", '<section data-callout=""><h3>x</h3></section>'),
        ("<section data-callout><p> </p></section><p>x</p>", "<p>x</p>"),
        ("<blockquote><section data-callout><p>x</p></section></blockquote>", "<blockquote><p>x</p></blockquote>"),
        ("<ul><li><section data-callout><p>x</p></section></li></ul>", "<ul><li>x</li></ul>"),
        (
            "<section data-callout><p>a</p><section data-callout><p>b</p></section></section>",
            '<section data-callout=""><p>a</p><p>b</p></section>',
        ),
        (
            '<section data-callout><p data-prompt="why">Why?</p><section data-practice="try"><p>Try.</p></section></section>',
            '<section data-callout=""><p>Why?</p><p>Try.</p></section>',
        ),
        (
            '<section data-practice="try"><section data-callout><p>x</p></section></section>',
            '<section data-practice="try"><p>x</p></section>',
        ),
    ],
)
def test_a_callout_holds_plain_blocks_and_stands_in_nothing(html: str, kept: str) -> None:
    assert normalise(html) == kept


def test_moving_and_rewording_a_prompt_keeps_its_id() -> None:
    html = normalise("<p data-prompt>Why?</p><p>Text.</p>")
    [prompt] = prompts_of(html)

    edited = normalise(f'<p>Text.</p><p data-prompt="{prompt.id}">Why, do you think?</p>')

    assert [each.id for each in prompts_of(edited)] == [prompt.id]


def test_empty_blocks_are_dropped() -> None:
    html = "<p></p><p>&nbsp;</p><p><br></p><h2> </h2><ul><li></li></ul><blockquote><p></p></blockquote>"

    assert normalise(html + "<p data-prompt> </p><section data-practice><p></p></section>\u200b") == ""
    assert blocks("") == []


def test_a_prompt_inside_another_block_becomes_plain_text() -> None:
    html = normalise(
        '<section data-practice="try"><p data-prompt="a">One</p>'
        '<section data-practice="b"><p>Two</p></section></section><blockquote><p data-prompt="c">Three</p></blockquote>'
    )

    assert html == '<section data-practice="try"><p>One</p><p>Two</p></section>\n<blockquote><p>Three</p></blockquote>'


def test_a_section_nobody_marked_is_no_practice() -> None:
    assert normalise("<section><p>Text</p></section>") == "<p>Text</p>"


def test_a_practice_takes_a_smaller_heading() -> None:
    assert "<h3>Notice</h3>" in normalise("<section data-practice><h2>Notice</h2><p>Try.</p></section>")


def test_text_pasted_from_a_word_processor_comes_out_clean() -> None:
    pasted = (
        '<b style="font-weight:normal" id="docs-internal-guid-1"><h1 dir="ltr">Rest</h1>'
        '<p class="MsoNormal" style="margin:0"><span lang="EN-GB">Sit <b>down</b>.<o:p></o:p></span></p>'
        "<p><!--[if !supportLists]-->· <!--[endif]-->One</p>"
        '<ul><li><p dir="ltr">Body</p></li><ul><li>Eyes</li></ul></ul></b>'
        "<table><tr><td>Mon</td><td>Tue</td></tr></table><div>Loose <i>text</i></div>"
    )

    assert normalise(pasted) == (
        "<h2>Rest</h2>\n<p>Sit <strong>down</strong>.</p>\n<p>· One</p>\n"
        "<ul><li>Body<ul><li>Eyes</li></ul></li></ul>\n<p>Mon</p>\n<p>Tue</p>\n<p>Loose <em>text</em></p>"
    )


def test_only_pictures_of_this_site_stay() -> None:
    picture = "/pictures/0197d000-0000-7000-8000-000000000001"
    html = f'<figure><img src="{picture}-480.webp" alt="A bench" width="9"><figcaption>Ours</figcaption></figure>'
    foreign = '<figure><img src="https://example.org/a.jpg"><figcaption>Theirs</figcaption></figure>'

    assert normalise(html + foreign) == (
        f'<figure><img src="{picture}/" alt="A bench"><figcaption>Ours</figcaption></figure>\n<p>Theirs</p>'
    )


def test_a_prompt_longer_than_an_exercise_takes_is_refused_in_words() -> None:
    with pytest.raises(BodyError, match="at most 500 letters"):
        normalise(f"<p data-prompt>{'x' * 501}</p>")


def test_an_article_becomes_an_exercise() -> None:
    schema = schema_of("Rest", ARTICLE, 4)

    assert schema == {
        "format": 1,
        "minutes": 4,
        "introduction": "These questions are part of the article “Rest”.",
        "prompts": [
            {"id": "rested", "kind": "long_text", "text": "When did you last feel rested?"},
            {"id": "voice", "kind": "long_text", "text": "Whose voice is it?"},
            {
                "id": "notice",
                "kind": "day_log",
                "text": "Did you find a moment?",
                "days": 7,
                "line_label": "How was it? One line is plenty",
            },
        ],
        "scoring": None,
        "safety": [],
    }


def test_an_article_without_marks_has_nothing_to_answer() -> None:
    assert schema_of("Rest", "<p>Text</p>", 1)["prompts"] == []
    assert practice_of("<p>Text</p>") is None


def test_words_are_counted_as_a_reader_would() -> None:
    html = "<p>Don’t rush: a well-known<br>one.</p><ul><li>One</li><li>Two</li></ul>"

    assert word_count(html) == 7
    assert plain_text("<h2>One</h2><p>Two</p><p data-prompt='a'>Three</p>") == "One\n\nTwo\n\nThree"


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (201, 2), (1000, 5)])
def test_reading_time_is_rounded_up(words: int, minutes: int) -> None:
    assert reading_minutes(f"<p>{'word ' * words}</p>") == minutes


def test_hard_words_raise_the_reading_grade() -> None:
    easy = readability_grade("<p>The cat sat on the mat. It was warm.</p>")
    hard = readability_grade(
        "<p>Psychological interventions necessitate considerable interdisciplinary deliberation.</p>"
    )

    assert easy is not None
    assert hard is not None
    assert easy < 3
    assert hard > 12
    assert readability_grade("") is None
