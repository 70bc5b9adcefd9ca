"""Writes an export (WXR 1.2), part by part, that WordPress and we can read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from html import escape
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from content.wordpress.entries import ALT, FOCUS, MARKS, OLD_PATH, OLD_SLUG, PART, THUMBNAIL, Attachment, Site
from content.wordpress.plain import OURS, OURS_END

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- An export in the format of WordPress (WXR 1.2). In WordPress: Tools, Import, WordPress. -->
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
FOOT = "</channel>\n</rss>\n"
NO_MOMENT = "0000-00-00 00:00:00"
# What XML has no word for.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A topic or a series."""

    slug: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRemark:
    """A comment as it is shown, or waits."""

    number: int
    author: str
    body: str
    written_at: datetime
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPicture:
    """A picture in the library; `number` is what posts call it."""

    number: int
    about: Attachment
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPost:
    """An article in WordPress's terms. `body` is in our one form, with addresses that hold everywhere."""

    number: int
    key: str
    link: str
    title: str
    slug: str
    creator: str
    status: str
    written_at: datetime | None
    changed_at: datetime
    body: str
    excerpt: str
    takes_comments: bool
    topics: Iterable[Term] = ()
    series: Term | None = None
    part: int | None = None
    thumbnail: int | None = None
    marks: Iterable[str] = ()
    old_slugs: Iterable[str] = ()
    old_paths: Iterable[str] = ()
    remarks: list[WrittenRemark] = field(default_factory=list)


def head_of(
    site: Site, *, language: str, authors: dict[str, str], topics: Iterable[Term], series: Iterable[Term], at: datetime
) -> Iterator[str]:
    """What is said of the site; `authors` are logins with the names to show."""
    yield HEAD
    yield f"<title>{cdata(site.title)}</title>\n<link>{escape(site.link)}</link>\n<description></description>\n"
    yield f"<pubDate>{mail_date(at)}</pubDate>\n<language>{escape(language)}</language>\n<wp:wxr_version>1.2</wp:wxr_version>\n"
    yield f"<wp:base_site_url>{escape(site.link)}</wp:base_site_url>\n<wp:base_blog_url>{escape(site.link)}</wp:base_blog_url>\n"
    for number, (login, name) in enumerate(authors.items(), start=1):
        yield (
            f"<wp:author><wp:author_id>{number}</wp:author_id><wp:author_login>{cdata(login)}</wp:author_login>"
            f"<wp:author_email></wp:author_email><wp:author_display_name>{words(name)}</wp:author_display_name></wp:author>\n"
        )
    for number, topic in enumerate(topics, start=1):
        yield (
            f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{cdata(topic.slug)}</wp:category_nicename>"
            f"<wp:category_parent></wp:category_parent><wp:cat_name>{words(topic.name)}</wp:cat_name>"
            f"<wp:category_description>{words(topic.description)}</wp:category_description></wp:category>\n"
        )
    for number, one in enumerate(series, start=10_001):
        yield (
            f"<wp:term><wp:term_id>{number}</wp:term_id><wp:term_taxonomy>series</wp:term_taxonomy>"
            f"<wp:term_slug>{cdata(one.slug)}</wp:term_slug><wp:term_parent></wp:term_parent>"
            f"<wp:term_name>{words(one.name)}</wp:term_name>"
            f"<wp:term_description>{words(one.description)}</wp:term_description></wp:term>\n"
        )


def item_of_picture(picture: WrittenPicture, *, zone: tzinfo) -> str:
    about = picture.about
    return item(
        title=about.alt or "A picture",
        link=about.url,
        creator="",
        key=about.url,
        body="",
        excerpt=about.credit,
        number=picture.number,
        moments=moments(picture.added_at, zone),
        slug=f"picture-{picture.number}",
        status="inherit",
        kind="attachment",
        takes_comments=False,
        rest=[
            f"<wp:attachment_url>{escape(about.url)}</wp:attachment_url>\n",
            meta(ALT, words(about.alt)),
            meta(FOCUS, cdata(about.focus)),
        ],
    )


def item_of_post(post: WrittenPost, *, zone: tzinfo) -> str:
    return item(
        title=post.title,
        link=post.link,
        creator=post.creator,
        key=post.key,
        body=f"{OURS}\n{post.body}\n{OURS_END}",
        excerpt=post.excerpt,
        number=post.number,
        moments=moments(post.written_at, zone, otherwise=post.changed_at),
        slug=post.slug,
        status=post.status,
        kind="post",
        takes_comments=post.takes_comments,
        rest=[*terms_of(post), *metas_of(post), *(remark(one, zone=zone) for one in post.remarks)],
    )


def terms_of(post: WrittenPost) -> Iterator[str]:
    for domain, terms in (("category", post.topics), ("series", [post.series] if post.series else [])):
        for term in terms:
            yield f'<category domain="{domain}" nicename={quoteattr(clean(term.slug))}>{words(term.name)}</category>\n'


def metas_of(post: WrittenPost) -> Iterator[str]:
    if post.thumbnail is not None:
        yield meta(THUMBNAIL, cdata(str(post.thumbnail)))
    if post.part is not None:
        yield meta(PART, cdata(str(post.part)))
    if marks := " ".join(post.marks):
        yield meta(MARKS, cdata(marks))
    yield from (meta(OLD_SLUG, cdata(slug)) for slug in post.old_slugs)
    yield from (meta(OLD_PATH, cdata(path)) for path in post.old_paths)


def item(
    *,
    title: str,
    link: str,
    creator: str,
    key: str,
    body: str,
    excerpt: str,
    number: int,
    moments: dict[str, str],
    slug: str,
    status: str,
    kind: str,
    takes_comments: bool,
    rest: list[str],
) -> str:
    return (
        f"<item>\n<title>{words(title)}</title>\n<link>{escape(link)}</link>\n<pubDate>{moments['mail']}</pubDate>\n"
        f'<dc:creator>{cdata(creator)}</dc:creator>\n<guid isPermaLink="false">{escape(key)}</guid>\n<description></description>\n'
        f"<content:encoded>{cdata(body)}</content:encoded>\n<excerpt:encoded>{words(excerpt)}</excerpt:encoded>\n"
        f"<wp:post_id>{number}</wp:post_id>\n<wp:post_date>{moments['local']}</wp:post_date>\n"
        f"<wp:post_date_gmt>{moments['gmt']}</wp:post_date_gmt>\n"
        f"<wp:comment_status>{'open' if takes_comments else 'closed'}</wp:comment_status>\n"
        "<wp:ping_status>closed</wp:ping_status>\n"
        f"<wp:post_name>{cdata(quote(clean(slug)))}</wp:post_name>\n<wp:status>{status}</wp:status>\n"
        f"<wp:post_parent>0</wp:post_parent>\n<wp:menu_order>0</wp:menu_order>\n<wp:post_type>{kind}</wp:post_type>\n"
        f"<wp:post_password></wp:post_password>\n<wp:is_sticky>0</wp:is_sticky>\n{''.join(rest)}</item>\n"
    )


def remark(one: WrittenRemark, *, zone: tzinfo) -> str:
    told = moments(one.written_at, zone)
    return (
        f"<wp:comment>\n<wp:comment_id>{one.number}</wp:comment_id>\n<wp:comment_author>{words(one.author)}</wp:comment_author>\n"
        "<wp:comment_author_email></wp:comment_author_email>\n<wp:comment_author_url></wp:comment_author_url>\n"
        f"<wp:comment_author_IP></wp:comment_author_IP>\n<wp:comment_date>{told['local']}</wp:comment_date>\n"
        f"<wp:comment_date_gmt>{told['gmt']}</wp:comment_date_gmt>\n<wp:comment_content>{words(one.body)}</wp:comment_content>\n"
        f"<wp:comment_approved>{1 if one.is_approved else 0}</wp:comment_approved>\n<wp:comment_type>comment</wp:comment_type>\n"
        "<wp:comment_parent>0</wp:comment_parent>\n<wp:comment_user_id>0</wp:comment_user_id>\n</wp:comment>\n"
    )


def meta(key: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>\n"


def moments(moment: datetime | None, zone: tzinfo, *, otherwise: datetime | None = None) -> dict[str, str]:
    """The moment in each of the three ways in which an item says it; of what never appeared only when it was changed."""
    told = moment or otherwise
    local = f"{told.astimezone(zone):%Y-%m-%d %H:%M:%S}" if told else NO_MOMENT
    gmt = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else NO_MOMENT
    return {"local": local, "gmt": gmt, "mail": mail_date(moment) if moment else ""}


def mail_date(moment: datetime) -> str:
    """As RFC 5322 has it, in English whatever the language here."""
    at = moment.astimezone(UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[at.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]
    return f"{day}, {at.day:02} {month} {at.year:04} {at:%H:%M:%S} +0000"


def words(text: str) -> str:
    """Plain text where WordPress takes HTML."""
    return cdata(escape(text, quote=False))


def cdata(text: str) -> str:
    """What would end the section is split over two."""
    return "<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def clean(text: str) -> str:
    return _UNWANTED.sub("", text)
