"""How long and how hard an article is to read."""

import re
from math import ceil

from content.body.parts import blocks

WORDS_A_MINUTE = 200

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")


def plain_text(html: str) -> str:
    """Return the words of a body, blocks parted by a blank line."""
    return "\n\n".join(block.text for block in blocks(html) if block.text)


def word_count(html: str) -> int:
    """Return how many words a body has."""
    return len(_WORD.findall(plain_text(html)))


def reading_minutes(html: str) -> int:
    """Return how many minutes the body takes to read at 200 words a minute, at least 1."""
    return max(1, ceil(word_count(html) / WORDS_A_MINUTE))


def readability_grade(html: str) -> float | None:
    """Return the Flesch-Kincaid grade (Kincaid 1975; grade 6 is about age 11), or None without words."""
    text = plain_text(html)
    words = _WORD.findall(text.lower())
    if not words:
        return None
    sentences = sum(1 for sentence in _SENTENCE_END.split(text) if _WORD.search(sentence))
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59
    return round(grade, 1)


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)
