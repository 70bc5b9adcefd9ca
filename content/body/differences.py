"""What changed between two texts, as people read it: paragraph by paragraph, and in a changed one word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, product
from typing import Literal

from content.body.cleaning import sanitise
from content.body.figures import figures_in
from content.body.structure import Piece, read

Change = Literal["same", "added", "removed", "changed"]
WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
# Longer ones are shown whole: comparing every word with every other would keep somebody waiting.
MOST_WORDS = 2_000
# Of two paragraphs with less in common than this, one was taken out and the other one written.
ALIKE = 0.4
# Beyond so many comparisons nobody would follow what became of what.
MOST_PAIRS = 400
NAMES = {
    **{"p": "Paragraph", "h2": "Heading", "h3": "Small heading", "ul": "List", "ol": "Numbered list"},
    **{"blockquote": "Quote", "hr": "Divider", "figure": "Picture", "section": "Weekly practice", "callout": "Callout"},
}


@dataclass(frozen=True, slots=True)
class Words:
    """Some words in a row, of which the same became."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or the like; or, if nothing changed, how many in a row. Without words its looks alone changed."""

    change: Change
    name: str
    words: tuple[Words, ...] = ()
    count: int = 1


def differences(before: str, after: str) -> list[Passage]:
    """Both are bodies of articles."""
    old, new = read(sanitise(before)), read(sanitise(after))
    found = SequenceMatcher(None, [str(piece) for piece in old], [str(piece) for piece in new], autojunk=False)
    passages: list[Passage] = []
    for tag, a, b, c, d in found.get_opcodes():
        passages += [Passage("same", "", count=b - a)] if tag == "equal" else replaced(old[a:b], new[c:d])
    return passages


def changed_line(name: str, before: str, after: str) -> Passage | None:
    """A title or the like; nothing if it is the same."""
    if before == after:
        return None
    return Passage("changed", name, word_by_word(before, after))


def replaced(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Passage]:
    """What became of what; paragraphs that became nothing, or came from nowhere, in between."""
    for was, is_now in aligned(old, new):
        if was and is_now:
            words = word_by_word(said(was), said(is_now))
            only_looks = all(part.change == "same" for part in words)
            yield Passage("changed", name_of(is_now), () if only_looks else words)
        elif was:
            yield Passage("removed", name_of(was), (Words("removed", said(was)),))
        elif is_now:
            yield Passage("added", name_of(is_now), (Words("added", said(is_now)),))


def aligned(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Pairs in order that have most in common all together; others alone."""
    if len(old) * len(new) > MOST_PAIRS:
        yield from ((piece, None) for piece in old)
        yield from ((None, piece) for piece in new)
        return
    alike = [[likeness(was, is_now) for is_now in new] for was in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] and alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def likeness(one: Piece, other: Piece) -> float:
    """From 0 to 1; 0 also if there is too little to speak of, or they are of two kinds."""
    if one.tag != other.tag:
        return 0.0
    ratio = SequenceMatcher(None, tokens(one), tokens(other)).ratio()
    return ratio if ratio >= ALIKE else 0.0


def tokens(piece: Piece) -> list[str]:
    return WORDS.findall(said(piece))[:MOST_WORDS]


def said(piece: Piece) -> str:
    """Its words; of a picture its own words, or else that it is one."""
    if piece.tag != "figure":
        return piece.text
    figure = figures_in(str(piece))
    return " ".join(part for part in (piece.text, *(one.alt for one in figure)) if part) or "A picture"


def name_of(piece: Piece) -> str:
    return "Question to the reader" if piece.tag == "p" and piece.identifier is not None else NAMES[piece.tag]


def word_by_word(before: str, after: str) -> tuple[Words, ...]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return tuple(joined([Words("removed", before), Words("added", after)]))
    parts: list[Words] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Words("same", "".join(old[a:b])))
        else:
            parts += [Words("removed", "".join(old[a:b])), Words("added", "".join(new[c:d]))]
    return tuple(joined(parts))


def joined(parts: Iterable[Words]) -> Iterator[Words]:
    """Neighbours of one kind as one; nothing empty."""
    for change, some in groupby((part for part in parts if part.text), key=lambda part: part.change):
        yield Words(change, "".join(part.text for part in some))
