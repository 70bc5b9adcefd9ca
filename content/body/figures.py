"""The pictures in a body: which they are, and what is said about them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from uuid import UUID

from content.body.cleaning import sanitise
from content.body.structure import read

# As `structure` writes them. In text and attributes < and " are escaped, so nothing else looks like this.
_FIGURE = re.compile(
    r'<figure><img src="/pictures/([0-9a-f-]{36})[^"]*" alt="([^"]*)">(?:<figcaption>(.*?)</figcaption>)?</figure>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in its place. `alt` are words of this place's own, or nothing; `caption` is sanitised inline HTML."""

    picture: UUID
    alt: str
    caption: str


def figures_in(body: str) -> list[Figure]:
    """Return the pictures of a body in order."""
    if "/pictures/" not in body:
        return []
    return [_figure(found) for piece in read(sanitise(body)) for found in _FIGURE.finditer(str(piece))]


def with_figures(html: str, write: Callable[[Figure], str]) -> str:
    """Return the HTML of a block with each figure as `write` writes it."""
    return _FIGURE.sub(lambda found: write(_figure(found)), html)


def _figure(found: re.Match[str]) -> Figure:
    return Figure(UUID(found[1]), unescape(found[2]).strip(), found[3] or "")
