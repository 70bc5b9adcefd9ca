"""A clinic's colour, and the shades of it that can be read on light and on dark pages.

Contrast is WCAG 2.2's (1.4.3, and its definition of relative luminance). What is too pale or too dark is moved in OKLCH (Björn
Ottosson, “A perceptual color space for image processing”, 2020), where the same step looks the same and the hue stays.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cbrt, cos, hypot, sin

READABLE = 4.5
# What text may stand on, as tokens.css has it: the page, what lies on it, what lies below it.
LIGHT_GROUNDS = ("#f8f5ee", "#fffdf9", "#efebe2")
DARK_GROUNDS = ("#171814", "#20211c", "#10110d")
PAPER, SHEET = LIGHT_GROUNDS[:2]
STEP = 0.004

# Lightness from 0 to 1, chroma from 0 to about 0.37, hue in radians.
Lch = tuple[float, float, float]
Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shades:
    """On one kind of page: for links and buttons, for what is pressed, as a wash, as a line on it, and for words on a button."""

    accent: str
    strong: str
    soft: str
    line: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Palette:
    """A colour that somebody chose, and what is made of it; with the worst contrast that each has as text."""

    chosen: str
    chosen_contrast: float
    light: Shades
    light_contrast: float
    dark: Shades
    dark_contrast: float

    @property
    def is_adjusted(self) -> bool:
        """Whether light pages show another colour than the one that was chosen."""
        return self.light.accent != self.chosen


@lru_cache(1024)
def palette_of(chosen: str) -> Palette:
    """What becomes of a colour, `#` and six digits. As it is wherever it can be read; else darker on light pages.

    Dark pages always get a light shade of it: no colour can be read on both.
    """
    light, dark = light_shades(chosen), dark_shades(chosen)
    light_grounds = (*LIGHT_GROUNDS, light.soft)
    return Palette(
        chosen=chosen,
        chosen_contrast=worst_contrast(chosen, light_grounds),
        light=light,
        light_contrast=worst_contrast(light.accent, light_grounds),
        dark=dark,
        dark_contrast=worst_contrast(dark.accent, (*DARK_GROUNDS, dark.soft)),
    )


def light_shades(chosen: str) -> Shades:
    _, chroma, hue = lch_of(chosen)
    wash = mixed(values_of_lch((0.89, min(chroma, 0.036), hue)), values_of(PAPER), 0.46)
    accent = readable(chosen, on=(*LIGHT_GROUNDS, wash), towards=0)
    lightness = lch_of(accent)[0]
    return Shades(
        accent=accent,
        strong=hex_of((max(0.0, lightness - 0.09), chroma, hue)),
        soft=wash,
        line=hex_of((0.82, min(chroma, 0.04), hue)),
        on_accent=SHEET,
    )


def dark_shades(chosen: str) -> Shades:
    _, chroma, hue = lch_of(chosen)
    wash = hex_of((0.31, min(chroma, 0.024), hue))
    return Shades(
        accent=readable(hex_of((0.80, min(chroma, 0.10), hue)), on=(*DARK_GROUNDS, wash), towards=1),
        strong=hex_of((0.87, min(chroma, 0.09), hue)),
        soft=wash,
        line=hex_of((0.43, min(chroma, 0.05), hue)),
        on_accent=hex_of((0.20, min(chroma, 0.03), hue)),
    )


def readable(colour: str, *, on: tuple[str, ...], towards: int) -> str:
    """The colour, or the nearest to it that can be read on all of these; `towards` is 0 for darker, 1 for lighter."""
    lightness, chroma, hue = lch_of(colour)
    while worst_contrast(colour, on) < READABLE and lightness != towards:
        lightness = max(0.0, lightness - STEP) if towards == 0 else min(1.0, lightness + STEP)
        colour = hex_of((lightness, chroma, hue))
    return colour


def worst_contrast(colour: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def contrast(one: str, other: str) -> float:
    """From 1 to 21, whichever of the two is the text."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = map(linear, values_of(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def values_of(colour: str) -> Three:
    """Red, green and blue, each from 0 to 1."""
    number = int(colour[1:], 16)
    return (number >> 16) / 255, (number >> 8 & 255) / 255, (number & 255) / 255


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def curved(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def lab_of(values: Three) -> Three:
    red, green, blue = map(linear, values)
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def values_of_lab(lab: Three) -> Three:
    """Some of them below 0 or above 1 for what no screen can show."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        curved(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        curved(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        curved(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def lch_of(colour: str) -> Lch:
    lightness, a, b = lab_of(values_of(colour))
    return lightness, hypot(a, b), atan2(b, a)


def values_of_lch(lch: Lch) -> Three:
    """With as much of the chroma as a screen can show."""
    lightness, chroma, hue = lch

    def with_chroma(amount: float) -> Three:
        return values_of_lab((lightness, amount * cos(hue), amount * sin(hue)))

    if is_shown(with_chroma(chroma)):
        return with_chroma(chroma)
    enough, too_much = 0.0, chroma
    for _ in range(12):
        middle = (enough + too_much) / 2
        enough, too_much = (middle, too_much) if is_shown(with_chroma(middle)) else (enough, middle)
    return with_chroma(enough)


def is_shown(values: Three) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in values)


def hex_of(lch: Lch) -> str:
    return hex_of_values(values_of_lch(lch))


def hex_of_values(values: Three) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, value))):02x}" for value in values)


def mixed(one: Three, other: Three, share: float) -> str:
    """So much of the one, the rest of the other, as `color-mix(in oklab, …)` has it."""
    first, second = lab_of(one), lab_of(other)
    lightness, a, b = (share * mine + (1 - share) * theirs for mine, theirs in zip(first, second, strict=True))
    return hex_of_values(values_of_lab((lightness, a, b)))
