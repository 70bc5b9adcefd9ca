"""The shared templates hold under our policy and render with as little as they promise."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

import practices

FLOOR = Path(practices.__file__).parent
TEMPLATES = sorted((FLOOR / "templates").rglob("*.html"))
SPRITE = (FLOOR / "static/practices/icons.svg").read_text()
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


def name_of(template: Path) -> str:
    return str(template.relative_to(FLOOR / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_says_first_what_it_is_and_needs(template: Path) -> None:
    assert template.read_text().startswith("{# ")


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_script_or_style(template: Path) -> None:
    assert not INLINE.search(template.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_icon_a_template_names_is_in_the_sprite(template: Path) -> None:
    named = re.findall(r'practices/icon\.html" with name="([a-z-]+)"', template.read_text())

    assert [name for name in named if f'id="i-{name}"' not in SPRITE] == []


@pytest.mark.parametrize("sheet", sorted((FLOOR / "static/practices").glob("*.css")), ids=lambda sheet: sheet.name)
def test_a_stylesheet_asks_no_other_host_for_anything(sheet: Path) -> None:
    assert not re.search(r"url\(|@import", sheet.read_text())


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html", "503_sealed.html", "403_csrf.html"])
def test_an_error_page_needs_no_context_and_no_database(name: str) -> None:
    page = render_to_string(name)

    assert "<h1>" in page
    assert "emergency number" in page


def test_an_error_page_of_a_clinic_gives_its_numbers() -> None:
    clinic = {
        "name": "Willow",
        "response_time": "within two working days",
        "crisis_contacts": [{"label": "Crisis line", "number": "0808 157 0142"}],
        "phone": "",
    }

    page = render_to_string("practices/parts/help_now.html", {"clinic": clinic})

    assert 'href="tel:08081570142"' in page
    assert "Willow answers within two working days." in page


def test_a_clinic_without_numbers_names_the_emergency_number() -> None:
    clinic = {"name": "Willow", "response_time": "soon", "crisis_contacts": [], "phone": ""}

    assert "emergency number" in render_to_string("practices/parts/help_now.html", {"clinic": clinic})
