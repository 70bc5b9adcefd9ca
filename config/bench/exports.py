"""Builds exports as WordPress writes them, small ones and one of a real site's size, with all that real ones have in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

OLD_SITE = "https://old.example"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" created="2026-01-05 10:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
<title>Old Practice</title><link>https://old.example</link><description></description>
<wp:wxr_version>{version}</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FOOT = "</channel>\n</rss>\n"
START = datetime(2019, 3, 4, 9, 30)


def cdata(text: str) -> str:
    """As WordPress does it: what would end the section is split over two."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def author(login: str, name: str) -> str:
    return (
        f"<wp:author><wp:author_id>1</wp:author_id><wp:author_login>{cdata(login)}</wp:author_login>"
        f"<wp:author_email>{cdata('hidden.author@old.example')}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>\n"
    )


def comment(
    number: int, text: str, *, approved: str = "1", name: str = "A reader", kind: str = "comment", at: str = ""
) -> str:
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{cdata(name)}</wp:comment_author>"
        f"<wp:comment_author_email>hidden.reader@old.example</wp:comment_author_email>"
        f"<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>203.0.113.77</wp:comment_author_IP>"
        f"<wp:comment_date>{at or '2019-04-01 12:00:00'}</wp:comment_date>"
        f"<wp:comment_date_gmt>{at or '2019-04-01 12:00:00'}</wp:comment_date_gmt>"
        f"<wp:comment_content>{cdata(text)}</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>\n"
    )


def post(
    number: int,
    *,
    title: str = "Why is rest hard?",
    content: str = "Some weeks feel long.",
    status: str = "publish",
    kind: str = "post",
    slug: str | None = None,
    link: str = "",
    creator: str = "jo",
    at: datetime = START,
    gmt: str | None = None,
    excerpt: str = "",
    topics: Iterable[tuple[str, str]] = (("category", "Rest"),),
    meta: dict[str, str] | None = None,
    comments: Iterable[str] = (),
    commenting: str = "open",
    password: str = "",
    extra: str = "",
) -> str:
    name = f"rest-{number}" if slug is None else slug
    terms = "".join(
        f'<category domain="{domain}" nicename={quoteattr(term)}>{cdata(term)}</category>' for domain, term in topics
    )
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in (meta or {}).items()
    )
    local = f"{at:%Y-%m-%d %H:%M:%S}"
    return (
        f"<item>\n<title>{cdata(title)}</title><link>{escape(link or f'{OLD_SITE}/{at:%Y/%m}/{name}/')}</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><dc:creator>{cdata(creator)}</dc:creator>"
        f'<guid isPermaLink="false">{OLD_SITE}/?p={number}</guid><description></description>'
        f"<content:encoded>{cdata(content)}</content:encoded><excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{local}</wp:post_date>"
        f"<wp:post_date_gmt>{local if gmt is None else gmt}</wp:post_date_gmt>"
        f"<wp:comment_status>{commenting}</wp:comment_status><wp:post_name>{escape(name)}</wp:post_name>"
        f"<wp:status>{escape(status)}</wp:status><wp:post_parent>0</wp:post_parent><wp:post_type>{kind}</wp:post_type>"
        f"<wp:post_password>{cdata(password)}</wp:post_password>{terms}{metas}{extra}\n{''.join(comments)}</item>\n"
    )


def attachment(number: int, path: str, *, alt: str = "", caption: str = "") -> str:
    meta = {"_wp_attachment_image_alt": alt} if alt else {}
    url = f"<wp:attachment_url>{OLD_SITE}/wp-content/uploads/{path}</wp:attachment_url>"
    return post(
        number, title="a file", content="", excerpt=caption, status="inherit", kind="attachment", meta=meta, extra=url
    )


def export(*parts: str, version: str = "1.2", authors: str = "") -> bytes:
    return (HEAD.format(version=version) + (authors or author("jo", "Jo Writer, MSW")) + "".join(parts) + FOOT).encode()


ODD = (
    "First line\r\nsecond line\r\n\r\n"
    "Another with <b>bold <i>both</b> wrong</i> &amp; an &eacute; and a broken &amp entity &nosuch; &#0; 🌿",
    '<!-- wp:paragraph -->\n<p>A block with ]]> in it.</p>\n<!-- /wp:paragraph -->\n<!-- wp:latest-posts {"postsToShow":3} /-->',
    "<ul><li>one<ul><li>inner<ul><li>innermost</ul></ul><li>two</ul><table><tr><td>cell</td><th>head</th></table>",
    '[caption id="a" width="300"]'
    '<a href="x"><img src="https://old.example/wp-content/uploads/2019/03/boat-300x200.jpg"'
    ' alt="A boat" /></a> Far out[/caption]',
    'Before<iframe src="https://video.example/1"></iframe><script>alert(1)</script>after\n\n'
    '[gallery ids="1,2"] [contact-form-7 id="9"] [sic]',
    '<div><div><p>Deep<div class="x" style="color:red" onclick="alert(1)">deeper</div></p></div></div><h1>Big</h1><h5>small</h5>',
    "<blockquote>He said\n\nand then</blockquote>\nhttps://video.example/watch?v=1\n<pre>a\n b</pre>",
    '<p>What does rest look like? <a href="javascript:alert(1)">no</a> <a href="https://x.example/?a=1&b=2">yes</a></p>',
)
STATES = ("publish", "publish", "publish", "publish", "publish", "draft", "pending", "private", "future", "trash")
VERDICTS = ("1", "1", "1", "0", "spam", "trash")


def large(posts: int = 500, comments: int = 3000) -> bytes:
    """A site of ten years."""
    each = comments // posts
    parts = []
    for number in range(1, posts + 1):
        said = [
            comment(
                number * 100 + n,
                f"Thank you, number {number}-{n} & all.\n<b>Really</b> 🌧 ]]> &lt;script&gt;",
                approved=VERDICTS[(number + n) % len(VERDICTS)],
                name=f"Reader {n}",
            )
            for n in range(each)
        ]
        parts.append(
            post(
                number,
                title=f"Post {number}: what is rest? & more 🌱",
                content="\r\n\r\n".join(ODD[(number + k) % len(ODD)] for k in range(3)) + f"\n\nThe end of {number}.",
                status=STATES[number % len(STATES)],
                creator=("jo", "sam", "guest")[number % 3],
                at=START + timedelta(days=5 * number, minutes=number),
                excerpt=f"About {number}." if number % 2 else "",
                topics=[("category", f"Topic {number % 7}"), ("post_tag", f"tag {number % 11}")],
                comments=said,
            )
        )
    people = author("jo", "Jo Writer, MSW") + author("sam", "Sam Sage") + author("guest", "Guest Person, PhD, LMFT")
    return export(*parts, authors=people)
