"""For machines: feeds, the map of the site, and what robots should leave alone. Always what visitors may read."""

import re
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from content.figures import Pictures, pictures_in, show_pictures
from content.models import Article, Author, Series, Topic
from content.models.articles import ArticleQuerySet
from content.pages import public_page
from practices.tenancy import clinic_origin, current_clinic

VISITOR = AnonymousUser()
IN_A_FEED = 20
# The protocol's limit for one file, see sitemaps.org.
MOST_IN_A_MAP = 50_000
# XML has no way to write these, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN_ADDRESS = re.compile(r'((?:src|href)=")/(?!/)')


def as_xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def absolute(html: str, origin: str) -> str:
    """A body that can be read elsewhere: pictures and links of this site with their whole address."""
    return _OWN_ADDRESS.sub(lambda found: f"{found[1]}{origin}/", html)


class FullAtomFeed(Atom1Feed):
    """Atom with whole articles, for those who read elsewhere."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The newest articles, whole."""
    return feed_of(Article.objects.public(), FullAtomFeed, title="", path=reverse("articles"), own=reverse("atom"))


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """The newest articles, in a sentence or two each."""
    return feed_of(Article.objects.public(), Rss201rev2Feed, title="", path=reverse("articles"), own=reverse("rss"))


@require_safe
def topic_atom(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest articles on one topic, whole."""
    topic = get_object_or_404(Topic, slug=slug)
    articles = Article.objects.public().filter(topics=topic)
    own = reverse("topic_atom", args=[slug])
    return feed_of(articles, FullAtomFeed, title=topic.name, path=topic.get_absolute_url(), own=own)


def feed_of(
    articles: ArticleQuerySet, kind: type[Atom1Feed | Rss201rev2Feed], *, title: str, path: str, own: str
) -> HttpResponse:
    clinic = current_clinic()
    origin = clinic_origin(clinic)
    feed = kind(
        title=as_xml(f"{clinic.name}: {title}" if title else clinic.name),
        link=origin + path,
        feed_url=origin + own,
        description=as_xml(f"Articles by the people of {clinic.name} and their guests."),
        language=clinic.locale,
    )
    found = list(articles.newest_first().prefetch_related("topics")[:IN_A_FEED])
    pictures = pictures_in(*(article.revision.body for article in found))
    for article in found:
        add_to(feed, article, pictures, origin=origin)
    return public_page(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type))


def add_to(feed: SyndicationFeed, article: Article, pictures: Pictures, *, origin: str) -> None:
    revision = article.revision
    blocks = show_pictures(revision.blocks, pictures, plain=True)
    body = render_to_string("content/body/public_body.html", {"blocks": blocks})
    feed.add_item(
        title=as_xml(revision.title),
        link=origin + article.get_absolute_url(),
        description=as_xml(revision.summary),
        content=as_xml(absolute(body, origin)),
        author_name=as_xml(revision.byline),
        categories=[as_xml(topic.name) for topic in article.topics.all()],
        pubdate=article.first_published_at,
        updateddate=revision.published_at,
        unique_id=article.pk.urn,
        unique_id_is_permalink=False,
    )


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address that visitors may read, and when it last changed."""
    origin = clinic_origin(current_clinic())
    public = Article.objects.public()
    read = public.order_by("-first_published_at", "-pk").values_list("slug", "current__published_at")[:MOST_IN_A_MAP]
    articles = [(reverse("article", args=[slug]), changed) for slug, changed in read]
    newest = max((changed for _, changed in articles), default=None)
    lists = [(reverse(name), newest) for name in ("home", "articles", "archive")]
    others = [(reverse(name), None) for name in ("team", "contact")]
    shelves = [
        (row.get_absolute_url(), None)
        for rows in (
            Topic.objects.with_articles_for(VISITOR),
            Series.objects.filter(articles__in=public).distinct().order_by("slug"),
            Author.objects.with_a_page(VISITOR).order_by("slug"),
        )
        for row in rows
    ]
    entries = [(origin + path, day(changed)) for path, changed in (*lists, *others, *shelves, *articles)]
    xml = render_to_string("content/sitemap.xml", {"entries": entries[:MOST_IN_A_MAP]})
    return public_page(HttpResponse(xml, content_type="application/xml"))


def day(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Readers' pages may be indexed; work, accounts and searches are nobody else's business."""
    context = {"origin": clinic_origin(current_clinic())}
    return public_page(HttpResponse(render_to_string("content/robots.txt", context), content_type="text/plain"))
