"""Reads sanitised HTML into a flat row of blocks, and writes each block back in one fixed form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from lxml.html import HtmlElement, fragment_fromstring

from content.body.cleaning import PICTURE

INLINE = frozenset({"strong", "em", "a", "br"})
BLANK = " \t\n\r\u00a0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Piece:
    """One block at the top of a body; `inner` is its content, `identifier` that of a prompt or practice."""

    tag: Literal["p", "h2", "h3", "ul", "ol", "blockquote", "hr", "figure", "section", "callout"]
    inner: str
    text: str
    identifier: str | None = None

    def __str__(self) -> str:
        if self.tag == "hr":
            return "<hr>"
        if self.tag == "callout":
            # Not an aside: that would be a landmark of the page, one more for each callout.
            return f'<section data-callout="">{self.inner}</section>'
        attribute = "data-practice" if self.tag == "section" else "data-prompt"
        marked = "" if self.identifier is None else f' {attribute}="{escape(self.identifier)}"'
        return f"<{self.tag}{marked}>{self.inner}</{self.tag}>"


def read(sanitised: str) -> list[Piece]:
    """Return the blocks of a sanitised body: nothing empty, loose text in paragraphs, prompts and practices on top."""
    return _pieces(fragment_fromstring(sanitised, create_parent="div"), on_top=True)


def _pieces(element: HtmlElement, *, on_top: bool) -> list[Piece]:
    pieces: list[Piece] = []
    loose = _Loose()
    loose.add(escape(element.text or "", quote=False), element.text or "")
    for child in element:
        if child.tag in INLINE and not _holds_blocks(child):
            loose.add(_written(child), _text(child))
        else:
            pieces += loose.taken()
            pieces += _block(child, on_top=on_top)
        loose.add(escape(child.tail or "", quote=False), child.tail or "")
    return pieces + loose.taken()


class _Loose:
    """Text between blocks, gathered until the next block begins."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self.text: list[str] = []

    def add(self, html: str, text: str) -> None:
        self.html.append(html)
        self.text.append(text)

    def taken(self) -> list[Piece]:
        html, text = "".join(self.html).strip(BLANK), "".join(self.text)
        self.html, self.text = [], []
        return _paragraph("p", html, text)


def _block(element: HtmlElement, *, on_top: bool) -> list[Piece]:
    match element.tag:
        case "p":
            identifier = element.get("data-prompt") if on_top else None
            return [
                *_pictures(element),
                *_paragraph("p", _inline(element), _text(element), identifier),
            ]
        case "h2" | "h3" as tag:
            return _paragraph(tag, _inline(element), _text(element))
        case "ul" | "ol" as tag:
            return _list(tag, element)
        case "blockquote":
            return _wrapped("blockquote", _pieces(element, on_top=False))
        case "hr":
            return [Piece("hr", "", "")]
        case "figure" | "img":
            return _figure(element)
        case "section" if on_top and "data-practice" in element.attrib:
            inner = [_smaller_heading(piece) for piece in _pieces(element, on_top=False)]
            return _wrapped("section", inner, element.get("data-practice"))
        case "section" if on_top and "data-callout" in element.attrib:
            return _wrapped("callout", [_smaller_heading(piece) for piece in _pieces(element, on_top=False)])
    return _pieces(element, on_top=on_top)


def _paragraph(tag: Literal["p", "h2", "h3"], html: str, text: str, identifier: str | None = None) -> list[Piece]:
    return [Piece(tag, html, _single_line(text), identifier)] if text.strip(BLANK) else []


def _wrapped(
    tag: Literal["blockquote", "section", "callout"],
    pieces: list[Piece],
    identifier: str | None = None,
) -> list[Piece]:
    if not any(piece.text or piece.tag == "figure" for piece in pieces):
        return []
    return [Piece(tag, "".join(map(str, pieces)), _lines(pieces), identifier)]


def _smaller_heading(piece: Piece) -> Piece:
    """The page puts its own second-level heading over a practice; a callout is a part of what stands above it."""
    return Piece("h3", piece.inner, piece.text) if piece.tag == "h2" else piece


def _list(tag: Literal["ul", "ol"], element: HtmlElement) -> list[Piece]:
    items: list[list[Piece]] = []
    for child in element:
        if child.tag in {"ul", "ol"} and items:
            items[-1] += _block(child, on_top=False)
        elif child.tag == "li":
            items.append(_pieces(child, on_top=False))
        else:
            items.append(_block(child, on_top=False))
    items = [item for item in items if item]
    text = "\n".join(_lines(item) for item in items)
    return [Piece(tag, "".join(f"<li>{_item(item)}</li>" for item in items), text)] if text.strip(BLANK) else []


def _item(pieces: list[Piece]) -> str:
    first, *others = pieces
    if first.tag in {"p", "h2", "h3"} and all(piece.tag in {"ul", "ol"} for piece in others):
        return first.inner + "".join(map(str, others))
    return "".join(map(str, pieces))


def _figure(element: HtmlElement) -> list[Piece]:
    picture = next(_with_source(element), None)
    if picture is None:
        return _pieces(element, on_top=False) if element.tag == "figure" else []
    alternative = picture.get("alt") or ""
    found = PICTURE.match(picture.get("src", ""))
    assert found, "the allow-list leaves no other address"
    inner = f'<img src="/pictures/{found[1]}/" alt="{escape(alternative)}">'
    caption = element.find(".//figcaption")
    if caption is not None and _text(caption).strip(BLANK):
        inner += f"<figcaption>{_inline(caption)}</figcaption>"
    return [Piece("figure", inner, "" if caption is None else _single_line(_text(caption)))]


def _pictures(element: HtmlElement) -> list[Piece]:
    return [piece for picture in _with_source(element) for piece in _figure(picture)]


def _with_source(element: HtmlElement) -> Iterator[HtmlElement]:
    return (picture for picture in element.iter("img") if picture.get("src"))


def _inline(element: HtmlElement) -> str:
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        parts += [_written(child), escape(child.tail or "", quote=False)]
    return "".join(parts).strip(BLANK)


def _written(element: HtmlElement) -> str:
    inner = escape(element.text or "", quote=False) + "".join(
        _written(child) + escape(child.tail or "", quote=False) for child in element
    )
    match element.tag:
        case "br":
            return "<br>"
        case "strong" | "em" as tag if inner:
            return f"<{tag}>{inner}</{tag}>"
        case "a" if inner and element.get("href"):
            return f'<a href="{escape(element.get("href", ""))}">{inner}</a>'
        case tag if tag in INLINE:
            return inner
    return f" {inner} " if inner else ""


def _text(element: HtmlElement) -> str:
    gap = "" if element.tag in {"strong", "em", "a"} else " "
    return gap + (element.text or "") + "".join(_text(child) + (child.tail or "") for child in element) + gap


def _holds_blocks(element: HtmlElement) -> bool:
    return any(node.tag not in INLINE for node in element.iter())


def _single_line(text: str) -> str:
    return " ".join(text.split())


def _lines(pieces: Iterable[Piece]) -> str:
    return "\n".join(piece.text for piece in pieces if piece.text)
