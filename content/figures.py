"""The pictures in texts, as they are now: in each format and width, with their words."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from content.body import Block, Figure, blocks, figures_in, with_figures
from content.models import Picture

Pictures = Mapping[UUID, Picture]


def pictures_in(*bodies: str) -> dict[UUID, Picture]:
    """The pictures that these bodies show, in one query; those that are not there, or another clinic's, are missing."""
    named = {figure.picture for body in bodies for figure in figures_in(body)}
    return Picture.objects.in_bulk(named) if named else {}


def blocks_of(body: str) -> list[Block]:
    """A body's blocks as pages show them."""
    return show_pictures(blocks(body), pictures_in(body))


def show_pictures(found: list[Block], pictures: Pictures, *, plain: bool = False) -> list[Block]:
    """The blocks with their pictures; `plain` is for readers elsewhere, such as those of feeds."""
    return [replace(block, html=shown(block.html, pictures, plain=plain)) for block in found]


def shown(html: SafeString, pictures: Pictures, *, plain: bool) -> SafeString:
    """A block's HTML with its figures as the template writes them; without those whose picture is not there."""

    def written(figure: Figure) -> str:
        picture = pictures.get(figure.picture)
        if picture is None:
            return ""
        context = {
            "picture": picture,
            "alt": figure.alt or picture.alt,
            "caption": mark_safe(figure.caption),  # noqa: S308 - part of what was sanitised
            "plain": plain,
        }
        return render_to_string("content/body/figure.html", context).strip()

    return mark_safe(with_figures(html, written))  # noqa: S308 - as above
