"""What stands on the page of an article, for readers and in a preview."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from content.commenting import commenting_on
from content.figures import blocks_of
from content.linked_data import as_json, breadcrumbs
from content.models import Article, Exercise, Topic
from content.models.articles import ArticleQuerySet
from practices.accounts.models import User
from practices.accounts.permissions import Act
from practices.tenancy import clinic_origin, current_clinic

READ_NEXT = 3


def article_context(article: Article, *, readable: ArticleQuerySet, user: object, at: datetime) -> dict[str, Any]:
    """The article, with its series and what to read next as far as they are `readable`."""
    topics = list(article.topics.order_by("name"))
    assigns = isinstance(user, User) and user.may(Act.ASSIGN_WORK)
    return {
        "title": article.revision.title,
        "description": article.revision.summary,
        "article": article,
        "revision": article.revision,
        "blocks": blocks_of(article.revision.body),
        "topics": topics,
        "parts": readable.filter(series=article.series_id).in_order() if article.series_id else (),
        "read_next": readable.to_read_after(article)[:READ_NEXT],
        # Never for a visitor, so the page that is kept is the same for all of them.
        "may_assign": assigns and Exercise.objects.assignable().filter(article=article).exists(),
        "goes_with": article.goes_with.assignable().order_by("title", "pk") if assigns else (),
        "commenting": commenting_on(article, user=user, at=at),
        "about": about_article(article, topics),
    }


def about_article(article: Article, topics: list[Topic]) -> SafeString:
    """The article and where it stands, in schema.org's terms."""
    clinic = current_clinic()
    origin = clinic_origin(clinic)
    address, revision = origin + article.get_absolute_url(), article.revision
    logo = {"logo": origin + reverse("logo", args=[clinic.logo])} if clinic.logo else {}
    publisher = {"@type": "Organization", "name": clinic.name, "url": origin + reverse("home"), **logo}
    about = {
        "@type": "Article",
        "headline": revision.title,
        "description": revision.summary,
        "author": author_as_data(article, origin),
        "publisher": publisher,
        "datePublished": in_zone(article.first_published_at),
        "dateModified": in_zone(revision.published_at),
        "mainEntityOfPage": address,
        "inLanguage": clinic.locale,
        "keywords": [topic.name for topic in topics],
        **({"image": [origin + revision.cover.shared_url]} if revision.cover else {}),
    }
    steps = [("Home", origin + reverse("home")), ("Articles", origin + reverse("articles"))]
    steps += [(topic.name, origin + topic.get_absolute_url()) for topic in topics[:1]]
    return as_json({"@graph": [about, breadcrumbs(*steps, (revision.title, address))]})


def author_as_data(article: Article, origin: str) -> dict[str, str]:
    """The byline as published; with the author's page, unless it has become somebody else's since."""
    data = {"@type": "Person", "name": article.revision.author_name}
    return data | ({"url": origin + article.author_url} if article.author_url else {})


def in_zone(moment: datetime | None) -> str:
    assert moment is not None
    return localtime(moment).isoformat()
