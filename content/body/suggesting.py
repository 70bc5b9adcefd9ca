"""Questions to the reader that stand in running text, and what it takes to make a reflection prompt of one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from content.body.cleaning import BodyError, sanitise
from content.body.parts import LONGEST_PROMPT, normalise
from content.body.structure import BLANK, Piece, read

# A sentence ends with its mark, and what closes after it, before a blank; so neither "2.5" nor "e.g.," ends one.
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"”’»)\]]*(?=\s|$)|$)", re.DOTALL)
_TOKEN = re.compile(r"<[^>]*>|&[#\w]+;|.", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence of a paragraph: its words on one line, and where in the paragraph's text it stands."""

    text: str
    start: int
    end: int


def suggested_prompts(html: str) -> list[str]:
    """The questions in the paragraphs of a body, in order, each once. What somebody in the text asks, in quotes, is none."""
    pieces = read(sanitise(html))
    return list(dict.fromkeys(found.text for piece in pieces for found in _questions(piece)))


def make_prompt(html: str, sentence: str) -> str:
    """The body with this sentence as a reflection prompt; what stood before and after it stays in paragraphs.

    Raises BodyError if no paragraph has it, or what the body then is can't be kept.
    """
    pieces = read(sanitise(html))
    for position, piece in enumerate(pieces):
        for found in _questions(piece):
            if found.text == sentence:
                pieces[position : position + 1] = _cut(piece, found)
                return normalise("\n".join(map(str, pieces)))
    raise BodyError("This question is not in the text any more. Look again at the questions below it.")


def _questions(piece: Piece) -> Iterator[_Found]:
    if piece.tag != "p" or piece.identifier is not None:
        return
    for match in _SENTENCE.finditer("".join(text for _, text in _tokens(piece.inner))):
        words = " ".join(match[0].split())
        if words.endswith("?") and len(words) <= LONGEST_PROMPT:
            yield _Found(words, match.start(), match.end())


def _cut(piece: Piece, found: _Found) -> list[Piece]:
    text = "".join(shown for _, shown in _tokens(piece.inner))
    before_ends = len(text[: found.start].rstrip(BLANK))
    after_begins = len(text) - len(text[found.end :].lstrip(BLANK))
    before, middle, after = (
        _part(piece.inner, start, end)
        for start, end in ((0, before_ends), (found.start, found.end), (after_begins, len(text)))
    )
    parts = (Piece("p", before, before), Piece("p", middle, found.text, ""), Piece("p", after, after))
    return [part for part in parts if re.sub(r"<[^>]*>", "", part.inner).strip(BLANK)]


def _tokens(inner: str) -> list[tuple[str, str]]:
    """The pieces of inline HTML in its one form, each with the one letter that it shows; a tag shows none."""
    return [(token, _shown(token)) for token in _TOKEN.findall(inner)]


def _shown(token: str) -> str:
    if token.startswith("<"):
        return " " if token.startswith("<br") else ""
    return unescape(token)[:1]


def _part(inner: str, start: int, end: int) -> str:
    """The HTML from one letter to another; what is open where it begins is opened again, and closed where it ends."""
    written: list[str] = []
    open_tags: list[tuple[str, str]] = []
    position, begun = 0, start == 0
    for token, shown in _tokens(inner):
        if position >= end and (shown or not token.startswith("</")):
            break
        if not begun and shown and position >= start:
            written += [tag for _, tag in open_tags]
            begun = True
        tag = _TAG.match(token)
        if tag and tag[2] != "br":
            if tag[1]:
                open_tags.pop()
            else:
                open_tags.append((tag[2], token))
        if begun:
            written.append(token)
        position += len(shown)
    written += [f"</{name}>" for name, _ in reversed(open_tags)] if begun else []
    return "".join(written).strip(BLANK)
