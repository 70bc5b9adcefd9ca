"""What is exported: every article as readers see it, or as it is being written if they don't; with its comments and pictures."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.db.models import Prefetch
from django.utils.text import slugify

from content.body import Figure, with_figures
from content.models import Article, ArticleRevision, Comment, Picture, Topic
from content.workflow import Step
from practices.pictures import Format

CHUNK = 100
_OWN_LINK = re.compile(r'(<a href=")(/(?!/)[^"]*)(")')


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words: of its published revision, or of its draft if there is none."""

    title: str
    byline: str
    excerpt: str
    cover: Picture | None
    body: str


def exported_articles() -> Iterator[Article]:
    """All of them, oldest first, with what goes with them; a few at a time, so that memory stays flat."""
    comments = Comment.objects.filter(state__in=[Comment.State.APPROVED, Comment.State.HELD]).order_by("sent_at", "pk")
    articles = Article.objects.select_related("current__cover", "byline", "cover", "series").defer("current__search")
    together = ("former_addresses", "former_paths", Prefetch("topics", Topic.objects.order_by("name")))
    found = articles.prefetch_related(*together, Prefetch("comments", comments))
    return found.order_by("first_published_at", "pk").iterator(chunk_size=CHUNK)


def text_of(article: Article) -> Text:
    seen = article.current
    if seen is not None:
        return Text(seen.title, seen.byline, seen.excerpt, seen.cover, seen.body)
    return Text(article.title, article.byline.byline, article.excerpt, article.cover, article.body)


def state_of(article: Article) -> str:
    """For readers, or when it will be."""
    is_scheduled = article.step == Step.SCHEDULED and article.status != Article.Status.PUBLISHED
    return "scheduled" if is_scheduled else str(article.status)


def logins() -> dict[str, str]:
    """By the byline of whoever anything is by: a short name that is theirs alone."""
    found: dict[str, str] = {}
    for byline in bylines():
        base = slugify(byline.partition(",")[0]) or "author"
        taken = set(found.values())
        found[byline] = next(
            name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken
        )
    return found


def bylines() -> Iterable[str]:
    published = ArticleRevision.objects.filter(pk__in=Article.objects.exclude(current=None).values("current"))
    drafts = Article.objects.filter(current=None).select_related("byline")
    return sorted({*published.values_list("byline", flat=True), *(article.byline.byline for article in drafts)})


def with_links(body: str, origin: str) -> str:
    """Links within the site hold everywhere."""
    return _OWN_LINK.sub(lambda found: f"{found[1]}{escape(origin)}{found[2]}{found[3]}", body)


def with_pictures(body: str, pictures: dict[UUID, Picture], address: Callable[[Picture], str]) -> str:
    """The body with its pictures at these addresses, each with its words; those that are not there are left out."""

    def written(figure: Figure) -> str:
        picture = pictures.get(figure.picture)
        if picture is None:
            return ""
        caption = f"<figcaption>{figure.caption}</figcaption>" if figure.caption else ""
        alt = escape(figure.alt or picture.alt)
        return f'<figure><img src="{escape(address(picture))}" alt="{alt}">{caption}</figure>'

    return with_figures(body, written)


def file_path(picture: Picture) -> str:
    """Where its file is found on the site, at its widest."""
    return picture.file_url(picture.widths[-1], Format.WEBP)
