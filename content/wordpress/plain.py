"""Makes a post's content plain: blocks and shortcodes gone, classic line breaks become paragraphs, each loss is told."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

# From a picture's address there and what the text says it shows: its address here, or nothing if its file was not given, and
# what the text still has to say.
Pictures = Callable[[str, str], tuple[str, str]]

BLOCKS = re.compile(
    "address|article|aside|audio|blockquote|d[dlt]|details|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|iframe|li"
    "|main|nav|ol|p|pre|script|section|style|summary|table|tbody|t[dhr]|tfoot|thead|ul|video"
)
# Inside these a line of text is no paragraph of its own.
LINES_ONLY = re.compile("address|d[dt]|figcaption|h[1-6]|li|p|pre|summary|t[dh]")
# Deeper than this no article is; it is refused where it is cleaned.
MOST_OPEN = 150
WITHOUT_END = frozenset({"hr", "br", "img"})
LOST = {
    "iframe": "an embedded page",
    "embed": "an embedded object",
    "object": "an embedded object",
    "video": "a video",
    "audio": "a recording",
    "form": "a form",
    "script": "a script",
    "style": "a style sheet",
    "svg": "a drawing (SVG)",
    "table": "the frame of a table; its cells are paragraphs now",
}
# None of these looks further than the next sign of its own kind, so that no text takes long.
_BLOCK = re.compile(r"<!--\s{1,5}/?wp:([a-z0-9/_-]{1,80})([^<>]*)-->")
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_SHORTCODE = re.compile(r"(\[?)\[(/?)([a-zA-Z][\w-]{0,40})(\s[^\[\]]{0,2000})?/?\](\]?)")
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_LINKED_IMAGE = re.compile(r"<a\b[^<>]*>\s*(<img\b[^<>]*>)\s*</a>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FIGURE = re.compile("\x02figure\x02([^\x02]*)\x02/figure\x02")
_EMBED = re.compile("\x02embed\x02([^\x02]*)\x02/embed\x02")
_PICTURE = re.compile(r"<a\b[^<>]*>\s*<img\b[^<>]*>\s*</a>|<img\b[^<>]*>", re.IGNORECASE)
_EMBED_LINE = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.MULTILINE)
# How our own exports begin a body: a block of HTML, in which WordPress too changes nothing.
OURS = '<!-- wp:html {"metadata":{"name":"as written"}} -->'
OURS_END = "<!-- /wp:html -->"
MEDIA = frozenset({"audio", "video", "playlist", "gallery"})


@dataclass(slots=True)
class Plain:
    """HTML that can be cleaned, and what had to be left out, in words."""

    html: str = ""
    notes: list[str] = field(default_factory=list)


def make_plain(content: str, *, pictures: Pictures) -> Plain:
    """The content as plain HTML; what an article may hold is decided by the one who cleans it."""
    result = Plain()
    text = content.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    is_ours = text.startswith(OURS)
    text = without_blocks(text, result.notes)
    if not is_ours:
        text = without_shortcodes(text, result.notes)
    text = with_pictures(text, pictures, result.notes)
    result.notes += lost_elements(text)
    if not is_ours:
        text = with_paragraphs(_EMBED_LINE.sub(as_link, text))
    result.html = text
    return result


def as_link(found: re.Match[str]) -> str:
    return f'<p><a href="{escape(unescape(found[1]))}">{found[1]}</a></p>'


def without_blocks(text: str, notes: list[str]) -> str:
    """The marks of the block editor go; what is in them stays. A block that is made when it is shown has nothing in it."""
    made: Counter[str] = Counter()

    def drop(found: re.Match[str]) -> str:
        if found[2].rstrip().endswith("/") and found[1] not in ("more", "nextpage", "spacer", "separator"):
            made[found[1]] += 1
        return ""

    plain = _BLOCK.sub(drop, text)
    notes += [f"Left out: the block “{name}”{times(count)}." for name, count in made.items()]
    return plain


def without_shortcodes(text: str, notes: list[str]) -> str:
    """[caption] becomes a figure, [embed] a link; others lose their brackets, or go."""
    found = list(_SHORTCODE.finditer(text))
    if not found:
        return text
    ended = {match[3].lower() for match in found if match[2]}
    lost: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    parts, last = [], 0
    for match in found:
        parts += [text[last : match.start()], replaced(match, ended=ended, opened=opened, lost=lost)]
        last = match.end()
    parts.append(text[last:])
    notes += [f"Left out: the shortcode [{name}]{times(count)}." for name, count in lost.items()]
    joined = _EMBED.sub(linked, _FIGURE.sub(as_figure, "".join(parts)))
    return re.sub(r"\x02/?\w+\x02", "", joined)


def as_figure(found: re.Match[str]) -> str:
    """A picture with what is said about it below; without a picture the words alone."""
    picture = _PICTURE.search(found[1])
    if picture is None:
        return found[1]
    words = f"{found[1][: picture.start()]}{found[1][picture.end() :]}"
    return f"<figure>{picture[0]}<figcaption>{words}</figcaption></figure>"


def replaced(match: re.Match[str], *, ended: set[str], opened: Counter[str], lost: Counter[str]) -> str:
    """What stands for one shortcode. Words in brackets that are none stay."""
    before, slash, name, given, after = match.groups()
    name, given = name.lower(), given or ""
    if before and after:
        return match[0][1:-1]
    if name in ("caption", "wp_caption"):
        said = "" if slash else attributes_of(given).get("caption", "")
        return f"{before}\x02{slash}figure\x02{escape(said, quote=False)}{after}"
    if name == "embed":
        return f"{before}\x02{slash}embed\x02{after}"
    is_shortcode = name in ended or "=" in given or name in MEDIA or "_" in name
    if not is_shortcode:
        return match[0]
    if not slash:
        lost[name] += 1
    return before + after


def linked(found: re.Match[str]) -> str:
    address = unescape(found[1]).strip()
    return f'<p><a href="{escape(address)}">{escape(address)}</a></p>' if address.startswith("http") else found[1]


def with_pictures(text: str, pictures: Pictures, notes: list[str]) -> str:
    """Each picture whose file was given has its address here; the others go, and are counted."""
    missing: list[str] = []

    def placed(found: re.Match[str]) -> str:
        attributes = attributes_of(found[0])
        alt = " ".join(unescape(attributes.get("alt", "")).split())
        address, alt = pictures(unescape(attributes.get("src", "")), alt)
        if not address:
            missing.append(attributes.get("src", ""))
            return ""
        return f'<img src="{escape(address)}" alt="{escape(alt)}">'

    text = _LINKED_IMAGE.sub(r"\1", text)
    text = _IMAGE.sub(placed, text)
    for source in missing[:3]:
        name = re.split(r"[?#]", unescape(source))[0].rpartition("/")[2] or "without a name"
        notes.append(f"Left out: the picture “{name[:80]}”; its file was not given.")
    if len(missing) > 3:
        notes.append(f"Left out: {len(missing) - 3} more pictures.")
    return text


def lost_elements(text: str) -> Iterator[str]:
    counted = Counter(name.lower() for slash, name in _TOKEN.findall(text) if not slash)
    return (f"Left out: {said}{times(counted[name])}." for name, said in LOST.items() if counted[name])


def attributes_of(tag: str) -> dict[str, str]:
    return {name.lower(): first or second or third for name, first, second, third in _ATTRIBUTE.findall(tag)}


def times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def with_paragraphs(text: str) -> str:
    """Blank lines part paragraphs and single ones break lines, as the classic editor means them."""
    parts: list[str] = []
    run: list[str] = []
    opened: list[str] = []
    last = 0

    def finish() -> None:
        words = "".join(run)
        run.clear()
        if opened and opened[-1] == "pre":
            parts.append(words.replace("\n", "<br>"))
        elif any(map(LINES_ONLY.fullmatch, opened)):
            parts.append(re.sub(r"\n\s*\n", "<br><br>", words.strip("\n")).replace("\n", "<br>"))
        else:
            pieces = (piece.strip() for piece in re.split(r"\n\s*\n", words))
            parts.extend(f"<p>{piece}</p>\n".replace("\n", "<br>", piece.count("\n")) for piece in pieces if piece)

    for token in _TOKEN.finditer(text):
        name = token[2].lower()
        if not BLOCKS.fullmatch(name):
            continue
        run.append(text[last : token.start()])
        last = token.end()
        finish()
        if token[1]:
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name) :]
        elif name not in WITHOUT_END and not token[0].endswith("/>"):
            opened.append(name)
            if len(opened) > MOST_OPEN:
                return text
        parts.append(token[0])
    run.append(text[last:])
    finish()
    return "".join(parts)
