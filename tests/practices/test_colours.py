"""Whatever colour a clinic chooses, everything in it can be read on light and on dark pages."""

import re
from math import cos, pi
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import practices
from practices.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    READABLE,
    Shades,
    contrast,
    hex_of,
    lch_of,
    luminance,
    palette_of,
    readable,
)

TOKENS = Path(practices.__file__).parent / "static/practices/tokens.css"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
WILLOW = "#2f5d46"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the grey that just fails, and the one that just holds
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffff00", 8.0),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, said: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(said, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_is_between_1_and_21_and_the_same_both_ways(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.001


@given(COLOURS)
def test_a_colour_survives_the_way_there_and_back(colour: str) -> None:
    there = lch_of(colour)

    assert hex_of(there) == colour
    assert 0 <= there[0] <= 1.0001


@given(COLOURS)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
@example("#00ffff")
@example("#808080")
def test_whatever_is_chosen_can_be_read_wherever_it_stands(colour: str) -> None:
    palette = palette_of(colour)

    for shades, grounds in ((palette.light, LIGHT_GROUNDS), (palette.dark, DARK_GROUNDS)):
        for text in (shades.accent, shades.strong):
            assert min(contrast(text, ground) for ground in (*grounds, shades.soft)) >= READABLE
            assert contrast(shades.on_accent, text) >= READABLE
    assert palette.light_contrast >= READABLE
    assert palette.dark_contrast >= READABLE


@given(COLOURS)
def test_what_can_be_read_stays_as_it_was_chosen(colour: str) -> None:
    palette = palette_of(colour)

    assert palette.is_adjusted == (palette.chosen_contrast < READABLE)
    assert (palette.light.accent == colour) != palette.is_adjusted


@given(COLOURS)
def test_an_adjusted_colour_is_only_darker_and_no_more_than_it_must_be(colour: str) -> None:
    adjusted = palette_of(colour).light.accent
    (was, chroma, hue), (now, kept, turned) = lch_of(colour), lch_of(adjusted)

    assert luminance(adjusted) <= luminance(colour)
    assert palette_of(colour).light_contrast < READABLE + 0.25 or adjusted == colour
    # Of a grey there is no hue to keep; to digits of 256 steps, the hue stays.
    assert min(chroma, kept) < 0.03 or cos(hue - turned) > cos(pi / 24)
    assert now <= was + 0.001


@given(COLOURS)
def test_to_adjust_twice_changes_nothing_more(colour: str) -> None:
    once = palette_of(colour).light.accent

    assert readable(once, on=LIGHT_GROUNDS, towards=0) == once


def tokens(name: str) -> list[str]:
    """What the stylesheet says of a token, from its base to its second layer; without print."""
    sheet = TOKENS.read_text().partition("@media print")[0]
    return re.findall(rf"--{name}: ([^;]+);", sheet)


def test_the_stylesheet_has_the_shades_of_willow() -> None:
    light, dark = palette_of(WILLOW).light, palette_of(WILLOW).dark
    names = {"accent": "accent", "strong": "accent-strong", "soft": "accent-soft", "line": "accent-line"}

    for shade, name in (names | {"on_accent": "on-accent"}).items():
        chosen = getattr(light, shade), getattr(dark, shade)
        assert tokens(name) == [chosen[0], "light-dark({}, {})".format(*chosen)]
    assert set(Shades.__dataclass_fields__) == {*names, "on_accent"}


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    """Each is at least as far from white, or from black, as the page shows it."""
    for name, light, dark in zip(("paper", "sheet", "sunken"), LIGHT_GROUNDS, DARK_GROUNDS, strict=True):
        base, layered = tokens(name)
        shown = [
            hex_of((float(lightness), float(chroma), float(hue) * pi / 180))
            for lightness, chroma, hue in re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", layered)
        ]
        assert base == light
        assert luminance(light) <= luminance(shown[0]) + 0.0001
        assert luminance(dark) >= luminance(shown[1]) - 0.0001
