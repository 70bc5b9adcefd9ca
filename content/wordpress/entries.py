"""What an export says: the site, its authors, posts with their comments, attachments."""

import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import IO
from urllib.parse import unquote, urlsplit

from content.wordpress.reading import Node, read_nodes

# Categories that WordPress makes by itself, and that say nothing.
NOT_A_TOPIC = frozenset({"uncategorized", "uncategorised", "allgemein", "non classé", "sin categoría"})
# Under which posts and pictures keep what has no element of its own: as WordPress and its plugin for series call it, ...
THUMBNAIL, OLD_SLUG, ALT, PART = "_thumbnail_id", "_wp_old_slug", "_wp_attachment_image_alt", "_series_part"
# ... and as our own exports do.
MARKS, OLD_PATH, FOCUS = "_practice_marks", "_practice_path", "_practice_focus"
FOR_CLIENTS, WITHDRAWN, COMMENTS_ON = "for-clients", "withdrawn", "comments-on"
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the export is from."""

    title: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. Its address and mail address are not read at all."""

    key: str
    author: str
    body: str
    written_at: datetime | None
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture that the site had: where it was, and what is said about it."""

    url: str
    alt: str
    credit: str
    focus: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a category or a series: its address, and what stands at its top."""

    slug: str
    description: str


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post or page as the file tells it; `line` is where it begins."""

    line: int
    key: str
    number: str
    kind: str
    status: str
    title: str
    slug: str
    link: str
    creator: str
    written_at: datetime | None
    content: str
    excerpt: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    series: str
    part: str
    marks: tuple[str, ...]
    old_slugs: tuple[str, ...]
    old_paths: tuple[str, ...]
    is_locked: bool
    takes_comments: bool
    thumbnail: str
    remarks: tuple[Remark, ...]

    @property
    def path(self) -> str:
        """Of its permanent link; nothing where that was only a number."""
        try:
            parts = urlsplit(self.link)
        except ValueError:
            return ""
        return unquote(parts.path) if parts.path.strip("/") and not parts.query else ""

    @property
    def digest(self) -> bytes:
        """Another one if the post, apart from its comments, has changed."""
        told = (self.status, self.title, self.slug, self.creator, str(self.written_at), self.content, self.excerpt)
        said = [*told, *self.topics, self.series, self.part, *self.marks]
        said += [str(self.is_locked), str(self.takes_comments), self.thumbnail]
        return hashlib.sha256(json.dumps(said).encode()).digest()


@dataclass(slots=True)
class Export:
    """What is said apart from posts, and how much there is."""

    site: Site = field(default_factory=Site)
    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    topics: dict[str, About] = field(default_factory=dict)
    series: dict[str, About] = field(default_factory=dict)
    posts: int = 0


def survey(file: IO[bytes]) -> Export:
    """Read the whole file once, so that a broken one is known before anything is done. Raises ExportError."""
    found = Export()
    title = link = ""
    for node in read_nodes(file):
        if node.name == "title":
            title = title or words_of(node.text)
        elif node.name in ("link", "wp:base_blog_url"):
            link = link or node.text.strip()
        elif node.name == "wp:author":
            login = node.said("wp:author_login")
            found.authors[login] = words_of(node.said("wp:author_display_name")) or login
        elif node.name == "wp:category":
            found.topics[words_of(node.said("wp:cat_name"))] = about_of(node, "wp:category_nicename", "wp:category")
        elif node.name == "wp:term" and node.said("wp:term_taxonomy") == "series":
            found.series[words_of(node.said("wp:term_name"))] = about_of(node, "wp:term_slug", "wp:term")
        elif node.name == "item" and kind_of(node) == "attachment":
            found.attachments[node.said("wp:post_id")] = attachment_of(node)
        elif node.name == "item" and kind_of(node) in ("post", "page"):
            found.posts += 1
    found.site = Site(title, link)
    return found


def read_export(file: IO[bytes], *, zone: tzinfo = UTC) -> Iterator[PostEntry]:
    """The posts and pages in the file's order; `zone` is that of times without one. Raises ExportError."""
    for node in read_nodes(file):
        if node.name == "item" and kind_of(node) in ("post", "page"):
            yield post_of(node, zone)


def about_of(node: Node, slug: str, prefix: str) -> About:
    return About(unquote(node.said(slug)), words_of(node.said(f"{prefix}_description")))


def kind_of(node: Node) -> str:
    return node.said("wp:post_type") or "post"


def post_of(node: Node, zone: tzinfo) -> PostEntry:
    number = node.said("wp:post_id")
    key = node.said("guid") or f"{node.said('link')}#{number}"
    topics = tuple(topic for topic in terms_of(node, "category") if topic.lower() not in NOT_A_TOPIC)
    return PostEntry(
        line=node.line,
        key=key,
        number=number,
        kind=kind_of(node),
        status=node.said("wp:status"),
        title=words_of(node.said("title")),
        slug=unquote(node.said("wp:post_name")),
        link=node.said("link"),
        creator=node.said("dc:creator"),
        written_at=moment(node, "wp:post_date", zone) or published(node),
        content="".join(part.text for part in node.all("content:encoded")),
        excerpt=words_of(node.said("excerpt:encoded")),
        topics=topics,
        tags=terms_of(node, "post_tag", "tag"),
        series=next(iter(terms_of(node, "series")), ""),
        part=meta_of(node, PART),
        marks=tuple(meta_of(node, MARKS).split()),
        old_slugs=tuple(map(unquote, metas_of(node, OLD_SLUG))),
        old_paths=tuple(metas_of(node, OLD_PATH)),
        is_locked=bool(node.said("wp:post_password")),
        takes_comments=node.said("wp:comment_status") != "closed",
        thumbnail=meta_of(node, THUMBNAIL),
        remarks=tuple(remark_of(part, key, zone) for part in node.all("wp:comment")),
    )


def terms_of(node: Node, *domains: str) -> tuple[str, ...]:
    """The names that it stands under, each once. Old versions say each category twice, once without its domain."""
    terms = (part for part in node.all("category") if part.attributes.get("domain", "category") in domains)
    return tuple(dict.fromkeys(name for term in terms if (name := words_of(term.text))))


def remark_of(node: Node, post: str, zone: tzinfo) -> Remark:
    return Remark(
        key=f"{post}#comment-{node.said('wp:comment_id')}",
        author=words_of(node.said("wp:comment_author")),
        body=lines_of(node.said("wp:comment_content")),
        written_at=moment(node, "wp:comment_date", zone),
        state=node.said("wp:comment_approved"),
        kind=node.said("wp:comment_type"),
    )


def attachment_of(node: Node) -> Attachment:
    caption = words_of(node.said("excerpt:encoded"))
    alt, focus = words_of(meta_of(node, ALT)), meta_of(node, FOCUS)
    return Attachment(node.said("wp:attachment_url"), alt, caption, focus)


def meta_of(node: Node, key: str) -> str:
    return next(metas_of(node, key), "")


def metas_of(node: Node, key: str) -> Iterator[str]:
    return (part.said("wp:meta_value") for part in node.all("wp:postmeta") if part.said("wp:meta_key") == key)


def moment(node: Node, name: str, zone: tzinfo) -> datetime | None:
    """The moment as UTC says it, else as the site's own clock does; drafts have zeros."""
    for said, its_zone in ((node.said(f"{name}_gmt"), UTC), (node.said(name), zone)):
        try:
            found = datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=its_zone)
        except ValueError:
            continue
        if 1980 <= found.year <= 9000:
            return found.astimezone(UTC)
    return None


def published(node: Node) -> datetime | None:
    said = node.said("pubDate")
    if "-0001" in said:
        return None
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    if not 1980 <= found.year <= 9000:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def words_of(text: str) -> str:
    """One line without markup; abbreviations become letters."""
    return " ".join(html.unescape(_TAG.sub("", text)).replace("\x00", "").split())


def lines_of(text: str) -> str:
    """Text without markup, its lines kept."""
    broken = re.sub(r"<br\s*/?>|</p>|</li>|</blockquote>", "\n", text, flags=re.IGNORECASE)
    plain = html.unescape(_TAG.sub("", broken)).replace("\x00", "")
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
