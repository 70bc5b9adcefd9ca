"""Rows as Markdown: an article a file, what is said about it in front, its comments beside it."""

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from content.body.markdown import line_of, markdown_of
from content.models import Article, Author, Comment, Exercise, Picture, Series, Topic
from content.prompts.files import file_of
from content.services.drafts import draft_of
from content.services.exporting.rows import exported_articles, state_of, text_of, with_links

FOLDER = "pictures"


def markdown_files(pictures: dict[UUID, Picture], *, origin: str, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Name and text of each file; pictures lie beside them, named by their ids."""
    for article in exported_articles():
        yield f"articles/{article.slug}.md", article_text(article, pictures, origin=origin, zone=zone)
        comments = list(article.comments.all())
        if comments:
            yield f"comments/{article.slug}.md", "\n".join(comment_text(comment, zone) for comment in comments)
    yield "site.json", as_json(about_site())
    for exercise in Exercise.objects.exclude(current=None).filter(article=None).select_related("current"):
        if exercise.kind != Exercise.Kind.MEASURE:
            exercise.draft = None
            yield f"exercises/{exercise.slug}.json", as_json(file_of(draft_of(exercise)))


def article_text(article: Article, pictures: dict[UUID, Picture], *, origin: str, zone: tzinfo) -> str:
    def shown(pk: UUID) -> tuple[str, str]:
        return f"../{name_of(pk)}", pictures[pk].alt if pk in pictures else ""

    body = markdown_of(with_links(text_of(article).body, origin), pictures=shown)
    front = "\n".join(f"{name}: {as_line(value)}" for name, value in front_matter(article, zone).items())
    return f"---\n{front}\n---\n\n{body}"


def front_matter(article: Article, zone: tzinfo) -> dict[str, Any]:
    """What is known of an article besides its text, without what there is nothing of."""
    text, state = text_of(article), state_of(article)
    appears = article.publish_at if state == "scheduled" else article.first_published_at
    cover = text.cover
    said = {
        "title": text.title,
        "by": text.byline,
        "date": in_zone(appears, zone) if appears else "",
        "state": state,
        "audience": str(article.audience),
        "address": article.get_absolute_url(),
        "former_addresses": [former.slug for former in article.former_addresses.all()],
        "excerpt": text.excerpt,
        "topics": [topic.name for topic in article.topics.all()],
        "series": article.series.title if article.series else "",
        "part": article.part,
        "cover": f"../{name_of(cover.pk)}" if cover else "",
        "cover_shows": cover.alt if cover else "",
        "cover_credit": cover.credit if cover else "",
        "comments": str(article.commenting),
    }
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def comment_text(comment: Comment, zone: tzinfo) -> str:
    waits = " (waits to be read)" if comment.state == Comment.State.HELD else ""
    lines = "\\\n".join(map(line_of, comment.body.splitlines()))
    return f"## {line_of(comment.pseudonym)}, {in_zone(comment.sent_at, zone)}{waits}\n\n{lines}\n"


def about_site() -> dict[str, Any]:
    """Topics, series and authors, with their words."""
    topics, series = Topic.objects.order_by("name"), Series.objects.order_by("title")
    return {
        "authors": [about_author(author) for author in Author.objects.order_by("name", "pk")],
        "topics": [{"name": one.name, "address": one.slug, "description": one.description} for one in topics],
        "series": [{"name": one.title, "address": one.slug, "description": one.description} for one in series],
    }


def about_author(author: Author) -> dict[str, str]:
    photo = name_of(author.photo_id) if author.photo_id else ""
    return {"name": author.name, "credentials": author.credentials, "bio": author.bio, "photo": photo}


def name_of(picture: UUID) -> str:
    return f"{FOLDER}/{picture}.webp"


def in_zone(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def as_line(value: Any) -> str:
    """JSON, which YAML reads as well, whatever letters are in it."""
    return json.dumps(value, ensure_ascii=False)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
