"""What is told from a comment's words alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.screening import Reason, fingerprint_of, reasons_in, speaks_of_crisis
from content.screening.crisis import PHRASES
from content.screening.words import SMALL_WORDS

PLAIN = (
    "I read this twice on the bus. The second time I put the phone away.",
    "Thank you, it helped.",
    "My GP said the same to me at 10.30 on Monday, and it was good to hear.",
    "One link is fine: https://example.org/talk is where I heard it.",
    "I grieve for my mother; she died in May, and we talk about dying a lot.",
    "Yes!!! 3 < 5 and a > b, if you see what I mean.",
    "",
)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_no_reason_to_look_twice(text: str) -> None:
    assert reasons_in(text, name="Late Train", locale="en-gb") == []
    assert not speaks_of_crisis(text, locale="en-gb")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Look at https://a.example and http://b.example, it is good.", Reason.LINKS),
        ("buy-now.shop and the other-one.xyz are the best of all", Reason.LINKS),
        ("This is <b>good</b> to know.", Reason.MARKUP),
        ("See [url=http://x.example]this[/url] for more of it.", Reason.MARKUP),
        ("Лучшие цены на часы только у нас сегодня", Reason.SCRIPT),
        ("最好的价格最好的手表今天就来看看吧", Reason.SCRIPT),
        ("beste prijzen horloges goedkoop vandaag bestellen snel gratis verzending", Reason.LANGUAGE),
        ("THIS IS THE BEST OFFER THAT YOU WILL EVER SEE TODAY", Reason.SHOUTING),
        ("it was good aaaaaaaaaaaaaaaa and that is it", Reason.SHOUTING),
    ],
)
def test_what_looks_odd_is_named(text: str, reason: str) -> None:
    assert reasons_in(text, locale="en-gb") == [reason]


def test_a_link_for_a_name_is_one_too_many() -> None:
    assert reasons_in("It was good to read.", name="best.shop", locale="en-gb") == [Reason.LINKS]


def test_each_language_is_at_home_in_its_own_clinic() -> None:
    german = "Ich habe das im Bus zweimal gelesen und dann aus dem Fenster gesehen."
    russian = "Я прочитала это дважды в автобусе и потом смотрела в окно."

    assert reasons_in(german, locale="de-de") == reasons_in(russian, locale="ru") == []
    assert reasons_in(german, locale="en-us") == [Reason.LANGUAGE]
    assert reasons_in("I read this on the bus, and it was good to me.", locale="ru") == [Reason.SCRIPT]


@pytest.mark.parametrize(
    ("language", "phrase"), [(language, phrase) for language in PHRASES for phrase in PHRASES[language]]
)
def test_every_phrase_is_heard_in_capitals_and_with_any_apostrophe(language: str, phrase: str) -> None:
    text = f"… {phrase.replace(chr(39), '’').upper()}!"

    assert speaks_of_crisis(text, locale=language)


def test_a_phrase_is_not_heard_inside_other_words_and_another_language_not_everywhere() -> None:
    assert not speaks_of_crisis("The overdosedly written suicidality essay", locale="en")
    assert not speaks_of_crisis("Selbstverletzung", locale="en")
    assert speaks_of_crisis("I want to  die", locale="de")


def test_the_same_text_is_known_again() -> None:
    first = fingerprint_of("Cheap watches, 50 % off!")

    assert first == fingerprint_of("cheap   WATCHES — 70% off")
    assert first != fingerprint_of("Cheap matches, 50 % off!")


@given(st.text(max_size=300), st.text(max_size=40), st.sampled_from([*SMALL_WORDS, "ru", "zh", "ja", "xx", ""]))
def test_no_text_is_too_odd_to_be_looked_at(text: str, name: str, locale: str) -> None:
    reasons_in(text, name=name, locale=locale, blocked=[name])
    speaks_of_crisis(text, locale=locale)
    assert len(fingerprint_of(text)) == 32


def test_a_long_text_is_read_in_no_time() -> None:
    """The expressions go forward only: what was made to slow them down does not."""
    for text in ("a." * 1500, "<" * 3000, "[" * 3000, "www." * 750, "a-" * 1500, "<a" + " " * 2998):
        reasons_in(text, locale="en")
