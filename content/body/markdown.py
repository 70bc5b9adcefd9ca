"""A body as Markdown (CommonMark), for whoever takes an article elsewhere. What Markdown has no sign for stands in a comment."""

import re
from collections.abc import Callable
from uuid import UUID

from lxml.html import HtmlElement, fragment_fromstring

from content.body.cleaning import PICTURE, sanitise

# Where a picture's file is found, and what it shows if its place does not say.
Pictures = Callable[[UUID], tuple[str, str]]

_SIGNS = re.compile(r"([\\`*_\[\]<>&~|])")
# Before what would begin a heading, a list or a line.
_AT_START = re.compile(r"^\s*(?=[#+=-])|^\s*\d{1,9}(?=[.)])", re.MULTILINE)
_MARKS = {"data-practice": "practice for the week", "data-callout": "callout"}


def markdown_of(html: str, *, pictures: Pictures) -> str:
    """The blocks of a body, parted by blank lines."""
    return "\n\n".join(_blocks(fragment_fromstring(sanitise(html), create_parent="div"), pictures)) + "\n"


def _blocks(element: HtmlElement, pictures: Pictures) -> list[str]:
    found = []
    for child in element:
        found += _block(child, pictures)
    return found


def _block(element: HtmlElement, pictures: Pictures) -> list[str]:
    match element.tag:
        case "p" if "data-prompt" in element.attrib:
            return [f"<!-- question to the reader: {element.get('data-prompt')} -->", _text(element)]
        case "h2" | "h3" as tag:
            return [f"{'#' * int(tag[1])} {_text(element)}"]
        case "ul" | "ol" as tag:
            return [_list(element, pictures, is_numbered=tag == "ol")]
        case "blockquote":
            return [_indented("\n\n".join(_blocks(element, pictures)), "> ", "> ")]
        case "hr":
            return ["---"]
        case "figure":
            return _figure(element, pictures)
        case "section":
            name = next(words for mark, words in _MARKS.items() if mark in element.attrib)
            return [f"<!-- {name} -->", *_blocks(element, pictures), f"<!-- end of {name} -->"]
    return [_text(element)]


def _list(element: HtmlElement, pictures: Pictures, *, is_numbered: bool) -> str:
    items = []
    for number, item in enumerate(element, start=1):
        sign = f"{number}. " if is_numbered else "- "
        own = _text(item, without_blocks=True)
        inner = [block for child in item if child.tag not in _INLINE for block in _block(child, pictures)]
        # Tight, as it was written: only a paragraph of its own takes a blank line.
        gap = "\n\n" if any(child.tag == "p" for child in item) else "\n"
        items.append(_indented(gap.join([*([own] if own else []), *inner]), sign, " " * len(sign)))
    return "\n".join(items)


def _figure(element: HtmlElement, pictures: Pictures) -> list[str]:
    picture = element.find("img")
    found = PICTURE.match(picture.get("src", "")) if picture is not None else None
    if picture is None or found is None:
        return []
    address, words = pictures(UUID(found[1]))
    shown = f"![{_escaped(picture.get('alt') or words)}]({address})"
    caption = element.find("figcaption")
    return [shown] if caption is None else [f"{shown}\\\n{_text(caption)}"]


def _text(element: HtmlElement, *, without_blocks: bool = False) -> str:
    """What stands in it, on lines that begin with no sign by chance."""
    return _AT_START.sub(lambda found: f"{found[0]}\\", _inline(element, without_blocks=without_blocks).strip())


def _inline(element: HtmlElement, *, without_blocks: bool = False) -> str:
    parts = [_escaped(element.text or "")]
    for child in element:
        if not (without_blocks and child.tag not in _INLINE):
            parts.append(_marked(child))
        parts.append(_escaped(child.tail or ""))
    return "".join(parts)


def _marked(element: HtmlElement) -> str:
    if element.tag == "br":
        return "\\\n"
    inner = _inline(element)
    if not inner.strip():
        return inner
    # A sign counts only where it touches a letter.
    before, words, after = inner[: len(inner) - len(inner.lstrip())], inner.strip(), inner[len(inner.rstrip()) :]
    match element.tag:
        case "strong":
            return f"{before}**{words}**{after}"
        case "em":
            return f"{before}*{words}*{after}"
        case "a":
            return f"{before}[{words}](<{_address(element.get('href', ''))}>){after}"
    return inner


_INLINE = frozenset({"strong", "em", "a", "br"})


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.replace("\n", " ").split(" ")))


def _address(href: str) -> str:
    return re.sub(r"[<>\s\\]", lambda found: f"%{ord(found[0]):02X}", href)


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"{rest if number else first}{line}".rstrip() for number, line in enumerate(lines))


def line_of(text: str) -> str:
    """Plain words on one line."""
    return _AT_START.sub(lambda found: f"{found[0]}\\", _escaped(text).strip())
