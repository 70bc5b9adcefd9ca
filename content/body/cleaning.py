"""The allow-list: turns any HTML into HTML that holds only what an article may hold."""

import re

import nh3

MAXIMUM_BYTES = 200_000
MAXIMUM_CONTAINERS = 1_000
MAXIMUM_ENTITIES = 20_000
MAXIMUM_TAGS = 20_000
MAXIMUM_DEPTH = 100
MAXIMUM_ROUNDS = 4

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")

ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # without this the sanitiser's own default would let title and lang through
    "a": {"href"},
    "img": {"src", "alt"},
    "p": {"data-prompt"},
    "section": {"data-practice", "data-callout"},
}
TAGS = frozenset(
    {
        "p",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "blockquote",
        "x-strong",
        "x-em",
        "a",
        "br",
        "hr",
    }
    | {"figure", "img", "figcaption", "section"}
)
DROPPED_WITH_CONTENT = frozenset({"script", "style", "title"})

# The browser's rules for formatting, tables and foreign content let a few bytes grow without bound or change
# meaning when parsed twice. So the parser meets only names for which it has no such rule.
RENAMED = {
    **dict.fromkeys(("b", "strong"), "x-strong"),
    **dict.fromkeys(("i", "em"), "x-em"),
    "h1": "h2",
    **dict.fromkeys(("h4", "h5", "h6"), "h3"),
    **dict.fromkeys(("div", "td", "th", "dt", "dd", "pre", "address", "caption"), "p"),
}

UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\t\n\r />]*)")
_CONTAINER = re.compile(r"<(?:ul|ol|blockquote|section|figure)(?![\w-])")
_RENAMED_BACK = re.compile(r"<(/?)x-(strong|em)>")
_NESTING = re.compile(r"<(/?)(?!br>|hr>|img )[a-z]")
_SCHEME = re.compile(r"([^/?#:]*):")
# A picture is found by its id, whatever its file is called now.
PICTURE = re.compile(r"/pictures/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/-][\w.-]+)*/?", re.ASCII)


class BodyError(ValueError):
    """The body can't be kept; the message says why in words for its writer."""


def sanitise(html: str) -> str:
    """Keep what an article may hold and drop the rest; cleaning twice changes nothing.

    Raises BodyError if the body is too long or too deeply nested to be an article.
    """
    check_length(html)
    known = TAG_NAME.sub(known_name, UNWANTED.sub("", html))
    if (
        known.count("<") > MAXIMUM_TAGS
        or known.count("&") > MAXIMUM_ENTITIES
        or len(_CONTAINER.findall(known)) > MAXIMUM_CONTAINERS
    ):
        raise BodyError("This text has too many parts. Split it into two articles.")
    cleaned = UNWANTED.sub("", _cleaner.clean(known))
    # Without the tags just dropped, what is left may be read differently once more.
    for _ in range(MAXIMUM_ROUNDS):
        cleaned, before = _cleaner.clean(cleaned), cleaned
        if cleaned == before:
            break
    cleaned = _RENAMED_BACK.sub(r"<\1\2>", cleaned)
    if depth(cleaned) > MAXIMUM_DEPTH:
        raise BodyError("This text has lists or quotes inside each other too many times. Make it flatter.")
    return cleaned


def check_length(html: str) -> None:
    """Raise BodyError if the body is longer than an article may be."""
    if len(html) > MAXIMUM_BYTES or len(html.encode("utf-8", "replace")) > MAXIMUM_BYTES:
        raise BodyError("This text is too long. Split it into two articles.")


def known_name(match: re.Match[str]) -> str:
    slash, name = match[1], match[2].lower()
    name = RENAMED.get(name, name)
    return f"<{slash}{name if name in TAGS or name in DROPPED_WITH_CONTENT else 'x-other'}"


def _attribute(tag: str, name: str, value: str) -> str | None:
    match tag, name:
        case "a", "href":
            return value if _may_link_to(value) else None
        case "img", "src":
            return value if PICTURE.fullmatch(value) else None
        case _, "data-prompt" | "data-practice":
            return value if IDENTIFIER.fullmatch(value) else ""
        case "section", "data-callout":
            return ""
    return value


def _may_link_to(address: str) -> bool:
    scheme = _SCHEME.match("".join(address.split()))
    return scheme is None or scheme[1].lower() in {"http", "https", "mailto"}


def depth(html: str) -> int:
    """Return how many elements are inside each other."""
    now = deepest = 0
    for tag in _NESTING.finditer(html):
        now += -1 if tag[1] else 1
        deepest = max(deepest, now)
    return deepest


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
    strip_comments=True,
)
