"""Links, markup, blocked words, another script or language: reasons for a moderator to look twice."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Reason(StrEnum):
    """Why a comment was set apart; the first seven are told by its words."""

    CRISIS = "crisis"
    LINKS = "links"
    MARKUP = "markup"
    BLOCKED = "blocked"
    SCRIPT = "script"
    LANGUAGE = "language"
    SHOUTING = "shouting"
    REPEATED = "repeated"
    FAST = "fast"
    TRAP = "trap"
    AKISMET = "akismet"


MOST_LINKS = 1
LINK = re.compile(
    r"https?://\S*|\bwww\.\S*|\b[a-z0-9-]{2,}\.(?:com|net|org|info|biz|shop|xyz|ru|cn|top|site|online|click)\b"
)
MARKUP = re.compile(r"</?[a-z!][^>]*>|\[/?(?:url|link|img|b)\b[^\]]*\]", re.IGNORECASE)
# Below this many words or letters a text says too little to judge its language or script by.
FEWEST_WORDS = 8
FEWEST_LETTERS = 12
# What begins the Unicode names of a language's letters; of one not listed here, LATIN.
SCRIPTS = {
    "ar": ("ARABIC",),
    "bg": ("CYRILLIC",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "sr": ("CYRILLIC", "LATIN"),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh": ("CJK",),
}
# The commonest small words: a longer text without a single one of them is hardly in that language.
SMALL_WORDS = {
    "en": "the and to of a in i it is that you my me was for not with on have be this but so we they",
    "de": "der die das und ich ist nicht es zu in ein eine mit auf den so mir mich auch wir sie war",
    "fr": "le la les et de un une je est pas que en à il elle nous vous mais ce pour dans des",
    "es": "el la los las y de un una que en no es me mi yo por con se lo pero para su",
    "it": "il la i le e di un una che in non è mi io per con si lo ma del sono",
    "nl": "de het een en ik is niet dat van in op te mijn met voor zo maar we ze was",
    "pt": "o a os as e de um uma que em não é me eu por com se mas para do da",
}


def collapsed(text: str) -> str:
    """The text as it is compared: one form of each letter, small, single spaces, plain apostrophes."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(plain.split())


def fingerprint_of(text: str) -> bytes:
    """32 bytes that are the same for texts that differ only in case, spaces, digits or punctuation."""
    return hashlib.sha256(" ".join(re.findall(r"[^\W\d_]+", collapsed(text))).encode()).digest()


def language_of(locale: str) -> str:
    return locale.lower().replace("_", "-").partition("-")[0]


def reasons_in(text: str, *, name: str = "", locale: str, blocked: Iterable[str] = ()) -> list[Reason]:
    """What a moderator should know about the words of a comment and the name above it."""
    plain = collapsed(f"{name}\n{text}")
    language = language_of(locale)
    is_foreign_script = is_in_another_script(text, language)
    found = {
        Reason.LINKS: len(LINK.findall(plain)) > MOST_LINKS or bool(LINK.search(collapsed(name))),
        Reason.MARKUP: bool(MARKUP.search(text) or MARKUP.search(name)),
        Reason.BLOCKED: any(has_phrase(plain, collapsed(phrase)) for phrase in blocked),
        Reason.SCRIPT: is_foreign_script,
        Reason.LANGUAGE: not is_foreign_script and is_in_another_language(plain, language),
        Reason.SHOUTING: is_shouted(text),
    }
    return [reason for reason, holds in found.items() if holds]


def has_phrase(plain: str, phrase: str) -> bool:
    """Whether the phrase stands in the collapsed text, not as a part of longer words."""
    return bool(phrase) and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", plain) is not None


def is_in_another_script(text: str, language: str) -> bool:
    """Whether most letters are of a script that the language is not written in."""
    letters = [letter for letter in text if letter.isalpha()]
    expected = SCRIPTS.get(language, ("LATIN",))
    strange = sum(unicodedata.name(letter, "?").partition(" ")[0] not in expected for letter in letters)
    return len(letters) >= FEWEST_LETTERS and strange * 2 > len(letters)


def is_in_another_language(plain: str, language: str) -> bool:
    words = re.findall(r"[^\W\d_]+", plain)
    small = SMALL_WORDS.get(language, "").split()
    return bool(small) and len(words) >= FEWEST_WORDS and not set(small).intersection(words)


def is_shouted(text: str) -> bool:
    """Whether nearly all of it is in capitals, or one character goes on and on."""
    letters = [letter for letter in text if letter.isalpha() and letter.lower() != letter.upper()]
    capitals = sum(letter.isupper() for letter in letters)
    return (len(letters) >= 30 and capitals * 10 > len(letters) * 8) or re.search(r"(.)\1{11,}", text) is not None
