"""How a clinic looks: its stylesheet, under an address that changes with it, and its logo."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.template.loader import render_to_string

from practices.colours import palette_of
from practices.models import Clinic

# How large text is where nobody has told the browser otherwise; everything else is measured by it.
TEXT_SIZES = {Clinic.TextSize.NORMAL: "100%", Clinic.TextSize.LARGER: "112.5%", Clinic.TextSize.LARGEST: "125%"}
# Pixels: three times what the header shows, for sharp screens.
WIDEST_LOGO, HIGHEST_LOGO = 720, 144


@dataclass(frozen=True, slots=True)
class Theme:
    """A stylesheet, and what changes whenever the clinic looks otherwise."""

    stylesheet: str
    version: str


def theme_of(clinic: Clinic) -> Theme:
    """Made once for each look: whatever changes it is an argument."""
    logo = (clinic.logo, clinic.logo_width, clinic.logo_height, clinic.logo_alt, clinic.logo_says_name)
    return theme(clinic.accent, clinic.text_size, logo)


@lru_cache(1024)
def theme(accent: str, text_size: str, logo: tuple[object, ...]) -> Theme:
    stylesheet = stylesheet_of(accent, text_size)
    version = hashlib.sha256(f"{stylesheet} {logo}".encode()).hexdigest()[:16]
    return Theme(stylesheet, version)


def stylesheet_of(accent: str, text_size: str) -> str:
    context = {"palette": palette_of(accent), "size": TEXT_SIZES[Clinic.TextSize(text_size)]}
    return render_to_string("practices/theme.css", context)


def logo_path(clinic: Clinic, logo: UUID) -> str:
    """Below the clinic's id, so that a clinic's files are one folder."""
    return f"{clinic.pk}/logo/{logo}.webp"


def logo_size(width: int, height: int) -> tuple[int, int]:
    """How large a picture of this size is kept as a logo: never larger than it is."""
    share = min(1.0, WIDEST_LOGO / width, HIGHEST_LOGO / height)
    return max(1, round(width * share)), max(1, round(height * share))
