"""Word, Google Docs and web pages say in styles what a body says in elements: this turns the one into the other.

What comes out is no safer than what went in: the allow-list still has the last word.
"""

import re
from urllib.parse import parse_qs, urlsplit

import nh3
from lxml.html import HtmlElement, fragment_fromstring, tostring

from content.body.cleaning import (
    ATTRIBUTES,
    DROPPED_WITH_CONTENT,
    MAXIMUM_DEPTH,
    MAXIMUM_TAGS,
    TAG_NAME,
    TAGS,
    UNWANTED,
    check_length,
    depth,
    known_name,
)

# Parts of a page that are not what it says.
_AROUND = (
    *("nav", "button", "svg", "noscript", "template", "iframe", "object", "video", "audio", "canvas"),
    *("select", "textarea", "dialog", "xml"),
)
_FOREIGN = re.compile(rf"\sstyle\s*=|<(?:{'|'.join(_AROUND)})(?![\w-])", re.IGNORECASE)
_WEIGHT = re.compile(r"(?<![\w-])font-weight:\s*(\w+)")
_SLANT = re.compile(r"(?<![\w-])font-style:\s*(\w+)")
_LIST_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_NUMBER = re.compile(r"\(?[0-9ivxlc]{1,4}[.)]|\(?[a-z][.)]", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\u00a0]*[ \t\r\n][ \t\r\n\u00a0]*|\u00a0{2,}")
_STYLED = ("x-span", "x-strong", "x-em", "p")


def in_elements(html: str) -> str:
    """Return the HTML with bold, italics and lists as elements, where it came with styles; else as it is."""
    if not _FOREIGN.search(html) or html.count("<") > MAXIMUM_TAGS:
        return html
    check_length(html)
    around = {name for name in _AROUND if _is_closed(name, html)}
    known = TAG_NAME.sub(lambda found: _name(found, around), UNWANTED.sub("", html))
    cleaned = UNWANTED.sub("", _cleaner.clean(known))
    if depth(cleaned) > MAXIMUM_DEPTH:
        return html
    root = fragment_fromstring(cleaned, create_parent="div")
    for element in list(root.iter(*_STYLED)):
        _as_element(element)
    for heading in list(root.iter("h2", "h3")):
        for bold in list(heading.iter("x-strong")):
            bold.drop_tag()
    _gather_lists(root)
    for element in root.iter():
        element.attrib.pop("style", None)
        element.text = _SPACE.sub(" ", element.text) if element.text else element.text
        element.tail = _SPACE.sub(" ", element.tail) if element.tail else element.tail
    inner: str = tostring(root, encoding="unicode")
    return inner.removeprefix("<div>").removesuffix("</div>")


def _is_closed(name: str, html: str) -> bool:
    """Whether each one ends, so that nothing else is taken for a part of it."""
    opened = re.findall(rf"<{name}(?![\w-])", html, re.IGNORECASE)
    return len(opened) == len(re.findall(rf"</{name}\s*>", html, re.IGNORECASE))


def _name(found: re.Match[str], around: set[str]) -> str:
    name = found[2].lower()
    if name in around:
        return f"<{found[1]}x-around"
    return f"<{found[1]}x-span" if name == "span" else known_name(found)


def _look(style: str) -> str:
    """What matters of a style, in words that nothing else is written with."""
    style = style.lower()
    said = []
    if weight := _WEIGHT.search(style):
        said.append("bold" if re.fullmatch(r"bold(er)?|[5-9]\d\d", weight[1]) else "light")
    if slant := _SLANT.search(style):
        said.append("italic" if slant[1] in ("italic", "oblique") else "upright")
    if level := _LIST_LEVEL.search(style):
        said.append(f"level{level[1]}")
    if re.search(r"mso-list:\s*ignore", style):
        said.append("marker")
    return " ".join(said)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _look(value)
    return _target(value) if (tag, name) == ("a", "href") else value


def _target(address: str) -> str:
    """Where a link of a document leads that Google first leads to itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.netloc == "www.google.com" and parts.path == "/url":
        return parse_qs(parts.query).get("q", [address])[0]
    return address


def _as_element(element: HtmlElement) -> None:
    look = element.get("style", "").split()
    if "marker" in look:
        item = next((each for each in element.iterancestors("p") if "level" in each.get("style", "")), None)
        if item is not None:
            item.set("style", f"{item.get('style')} {'ordered' if _NUMBER.match(_text(element)) else 'bulleted'}")
        element.drop_tree()
        return
    match element.tag:
        case "x-span" if "bold" in look and "italic" in look:
            element.tag = "x-strong"
            slanted = fragment_fromstring("<x-em></x-em>")
            slanted.text, element.text = element.text, None
            slanted.extend(list(element))
            element.append(slanted)
        case "x-span" if "bold" in look or "italic" in look:
            element.tag = "x-strong" if "bold" in look else "x-em"
        case "x-span":
            element.drop_tag()
        case "x-strong" if "light" in look:
            element.drop_tag()
        case "x-em" if "upright" in look:
            element.drop_tag()


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext()).strip(" \t\r\n\u00a0")


def _gather_lists(root: HtmlElement) -> None:
    """Paragraphs that Word made to look like items become items, each list in the one that it is part of."""
    open_lists: list[tuple[int, HtmlElement]] = []
    before: HtmlElement | None = None
    for paragraph in list(root.iter("p")):
        level = re.search(r"level(\d)", paragraph.get("style", ""))
        if level is None:
            continue
        if before is None or paragraph.getprevious() is not before or (before.tail or "").strip():
            open_lists = []
        depth_here = int(level[1])
        while open_lists and open_lists[-1][0] > depth_here:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < depth_here:
            kind = "ol" if "ordered" in paragraph.get("style", "") else "ul"
            made = fragment_fromstring(f"<{kind}></{kind}>")
            if open_lists:
                open_lists[-1][1][-1].append(made)
            else:
                paragraph.addprevious(made)
                before = made
            open_lists.append((depth_here, made))
        tail, paragraph.tail = paragraph.tail, None
        item = open_lists[-1][1].makeelement("li")
        item.text = paragraph.text
        item.extend(list(paragraph))
        paragraph.getparent().remove(paragraph)
        open_lists[-1][1].append(item)
        assert before is not None
        before.tail = tail


_cleaner = nh3.Cleaner(
    tags={*TAGS, "x-span"},
    clean_content_tags={*DROPPED_WITH_CONTENT, "x-around"},
    attributes={**ATTRIBUTES, **{tag: ATTRIBUTES.get(tag, set()) | {"style"} for tag in _STYLED}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
