"""Questions to the reader in running text: found, and made into prompts where they stand."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.models import Client
from content.body import BodyError, normalise, plain_text, prompts_of
from content.body.suggesting import make_prompt, suggested_prompts
from content.models import Exercise
from practices.accounts.models import User
from tests import factories
from tests.content.test_article_admin import change, filled, words
from tests.harness.browsers import Browser


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Rest is hard. What does rest mean to you? Think of it.</p>", ["What does rest mean to you?"]),
        ("<p>Why? And what for?</p>", ["Why?", "And what for?"]),
        ("<p>Is 2.5 hours, e.g., enough?</p>", ["Is 2.5 hours, e.g., enough?"]),
        ("<p>She said: “Why me?” Then she left.</p>", []),
        ("<p>Who <em>is</em> it <strong>for?</strong></p>", ["Who is it for?"]),
        ("<p>What\n  about<br>that?</p>", ["What about that?"]),
        ("<p>Salt &amp; pepper &lt;or&gt; not?</p>", ["Salt & pepper <or> not?"]),
        ("<h2>Why is rest hard?</h2><p>Because.</p>", []),
        ('<p data-prompt="q1">Already one?</p>', []),
        ('<section data-practice="w1"><p>Did you pause?</p></section>', []),
        ("<p>Twice? Twice?</p><p>Twice?</p>", ["Twice?"]),
        (f"<p>{'x' * 501}?</p>", []),
        ("<p>¿Qué?! Really?!</p>", []),
        ("", []),
    ],
)
def test_questions_to_the_reader_are_found(html: str, expected: list[str]) -> None:
    assert suggested_prompts(html) == expected


@pytest.mark.parametrize(
    ("html", "sentence", "expected"),
    [
        ("<p>Why?</p>", "Why?", '<p data-prompt="q">Why?</p>'),
        (
            "<p>It is hard. Why is it? Think.</p>",
            "Why is it?",
            '<p>It is hard.</p>\n<p data-prompt="q">Why is it?</p>\n<p>Think.</p>',
        ),
        (
            "<p><em>It is. Why is it? So.</em></p>",
            "Why is it?",
            '<p><em>It is.</em></p>\n<p data-prompt="q"><em>Why is it?</em></p>\n<p><em>So.</em></p>',
        ),
        (
            "<p>So. <strong>Why</strong> is it?</p>",
            "Why is it?",
            '<p>So.</p>\n<p data-prompt="q"><strong>Why</strong> is it?</p>',
        ),
        ("<p>A &lt;b&gt;. Is it &amp;?</p>", "Is it &?", '<p>A &lt;b&gt;.</p>\n<p data-prompt="q">Is it &amp;?</p>'),
    ],
)
def test_a_question_becomes_a_prompt_where_it_stands(html: str, sentence: str, expected: str) -> None:
    made = re.sub(r'data-prompt="\w+"', 'data-prompt="q"', make_prompt(html, sentence))

    assert made == expected


def test_a_sentence_that_is_gone_is_refused() -> None:
    with pytest.raises(BodyError):
        make_prompt("<p>Nothing here.</p>", "Why?")


inline = st.recursive(
    st.text("ab ?.!&<", max_size=12).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.tuples(st.sampled_from(["em", "strong"]), inner).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
    ),
    max_leaves=4,
)
bodies = st.lists(st.lists(inline, max_size=4).map(lambda parts: f"<p>{''.join(parts)}</p>"), max_size=4).map("".join)


@settings(max_examples=200, deadline=None)
@given(html=bodies)
def test_no_word_is_lost_and_the_prompt_is_the_sentence(html: str) -> None:
    body = normalise(html)

    for sentence in suggested_prompts(body):
        made = make_prompt(body, sentence)

        assert [prompt.text for prompt in prompts_of(made)] == [sentence]
        assert "".join(plain_text(made).split()) == "".join(plain_text(body).split())
        assert normalise(made) == made


SOME = "<p>Rest is hard. What does rest mean to you? Think of it.</p>"


@pytest.fixture
def desk(browser_of: Callable[..., Browser], editor: User) -> Browser:
    return browser_of(editor)


def test_the_editor_finds_questions_and_makes_a_prompt_of_one(desk: Browser) -> None:
    article = factories.article(published=False, body=normalise(SOME))
    shown = words(desk.get(change(article)))
    assert "Make it a prompt" in shown and "What does rest mean to you?" in shown

    answer = desk.post(change(article), filled(article, _prompt="What does rest mean to you?"))

    article.refresh_from_db()
    assert answer["Location"] == change(article) + "#questions"
    assert [prompt.text for prompt in prompts_of(article.body)] == ["What does rest mean to you?"]
    assert "Make it a prompt" not in words(desk.get(change(article)))


def test_looking_for_questions_saves_what_was_written(desk: Browser) -> None:
    article = factories.article(published=False)

    answer = desk.post(change(article), filled(article, body=SOME, _suggest="yes"), follow=True)

    assert "1 question found" in words(answer)
    article.refresh_from_db()
    assert article.body == normalise(SOME)


def test_a_question_that_is_gone_is_refused_and_nothing_is_lost(desk: Browser) -> None:
    article = factories.article(published=False)

    answer = desk.post(change(article), filled(article, body=SOME, _prompt="Why?"))

    assert "is not in the text any more" in words(answer)
    assert "Rest is hard" in words(answer)


def test_publishing_again_makes_a_new_version_and_leaves_the_one_a_client_has(
    desk: Browser, client_person: Client, clinician: User
) -> None:
    article = factories.article(body=normalise(f'{SOME}<p data-prompt="q1">What helps?</p>'))
    given = factories.assignment(client_person, by=clinician, exercise=article.exercise)

    desk.post(change(article), filled(article, _prompt="What does rest mean to you?"))
    desk.post(change(article), filled(article, _publish="yes"))

    given.refresh_from_db()
    current = Exercise.objects.get(article=article).current
    assert current is not None
    assert ([prompt.text for prompt in given.version.parsed.prompts], given.version.number) == (["What helps?"], 1)
    assert (len(current.parsed.prompts), current.number) == (2, 2)
    assert "now in version 2" in words(desk.get(change(article)))
