"""What an article's body is made of: prose, questions to the reader and practices for the week."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar

from django.utils.safestring import SafeString, mark_safe

from content.body.cleaning import BodyError, check_length, sanitise
from content.body.pasting import in_elements
from content.body.structure import Piece, read

LONGEST_PROMPT = 500
PRACTICE_DAYS = 7
PRACTICE_QUESTION = "Did you find a moment?"
PRACTICE_LINE_LABEL = "How was it? One line is plenty"


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text: paragraphs, headings, lists, quotes, pictures."""

    html: SafeString
    text: str
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True, slots=True)
class PromptBlock:
    """A question to the reader; `html` is inline content."""

    id: str
    html: SafeString
    text: str
    kind: ClassVar[str] = "prompt"


@dataclass(frozen=True, slots=True)
class PracticeBlock:
    """Something to try during the week; `html` is block content without the page's own heading."""

    id: str
    html: SafeString
    text: str
    kind: ClassVar[str] = "practice"


Block = Prose | PromptBlock | PracticeBlock


def normalise(html: str) -> str:
    """Return the body in the one form in which it is kept.

    Only allowed content is left, nothing is empty, and every prompt and practice has an id of its own. An id that is
    well formed and not doubled stays, so that editing an article does not change what earlier answers belong to.
    Raises BodyError.
    """
    pieces = _with_identifiers(read(sanitise(in_elements(html))))
    if any(piece.tag == "p" and piece.identifier and len(piece.text) > LONGEST_PROMPT for piece in pieces):
        raise BodyError(f"A question to the reader can have at most {LONGEST_PROMPT} letters. Make it shorter.")
    kept = sanitise("\n".join(map(str, pieces)))
    check_length(kept)
    return kept


def blocks(html: str) -> list[Block]:
    """Return the blocks of a body in order, sanitised again."""
    return [
        block for identified, group in groupby(read(sanitise(html)), _is_marked) for block in _made(identified, group)
    ]


def prompts_of(html: str) -> list[PromptBlock]:
    """Return the questions to the reader in order."""
    return [block for block in blocks(html) if isinstance(block, PromptBlock)]


def practices_of(html: str) -> list[PracticeBlock]:
    """Return the practices for the week in order."""
    return [block for block in blocks(html) if isinstance(block, PracticeBlock)]


def practice_of(html: str) -> PracticeBlock | None:
    """Return the first practice for the week, if there is one."""
    return next(iter(practices_of(html)), None)


def schema_of(title: str, html: str, minutes: int) -> dict[str, Any]:
    """Return the exercise schema of an article: a long text for each prompt, a log of days for each practice."""
    return {
        "format": 1,
        "minutes": max(1, minutes),
        "introduction": f"These questions are part of the article “{title}”.",
        "prompts": [_schema_prompt(block) for block in blocks(html) if not isinstance(block, Prose)],
        "scoring": None,
        "safety": [],
    }


def _schema_prompt(block: PromptBlock | PracticeBlock) -> dict[str, Any]:
    if isinstance(block, PromptBlock):
        return {
            "id": block.id,
            "kind": "long_text",
            "text": block.text[:LONGEST_PROMPT],
        }
    return {
        "id": block.id,
        "kind": "day_log",
        "text": PRACTICE_QUESTION,
        "days": PRACTICE_DAYS,
        "line_label": PRACTICE_LINE_LABEL,
    }


def _is_marked(piece: Piece) -> bool:
    return bool(piece.identifier)


def _made(marked: bool, pieces: Iterable[Piece]) -> Iterator[Block]:
    if not marked:
        prose = list(pieces)
        yield Prose(
            _safe("\n".join(map(str, prose))),
            "\n\n".join(piece.text for piece in prose if piece.text),
        )
        return
    for piece in pieces:
        make = PracticeBlock if piece.tag == "section" else PromptBlock
        yield make(piece.identifier or "", _safe(piece.inner), piece.text)


def _safe(written: str) -> SafeString:
    return mark_safe(sanitise(written))  # noqa: S308 - the allow-list has the last word


def _with_identifiers(pieces: list[Piece]) -> list[Piece]:
    taken = {piece.identifier for piece in pieces if piece.identifier}
    seen: set[str] = set()
    result = []
    for piece in pieces:
        if piece.identifier is not None and (not piece.identifier or piece.identifier in seen):
            piece = replace(piece, identifier=_fresh("w" if piece.tag == "section" else "q", taken))
        if piece.identifier:
            taken.add(piece.identifier)
            seen.add(piece.identifier)
        result.append(piece)
    return result


def _fresh(first_letter: str, taken: set[str]) -> str:
    while (identifier := first_letter + secrets.token_hex(4)) in taken:
        pass
    return identifier
