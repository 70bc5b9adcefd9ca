"""A demo clinic's articles and exercises."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from clients.demo.clinics import DemoClinic
from clients.demo.people import People
from content.library import entries
from content.models import Article, Exercise, Series, Topic
from content.prompts.drafting import schema_of_draft
from content.services.articles import Guest, author_named, publish_article
from content.services.exercises import publish_exercise
from content.services.pictures import store_picture
from content.services.shelves import keep_series, keep_topic

HERE = Path(__file__).parent
EXERCISES = (
    *("weekly-check-in", "a-page-about-today", "thought-record", "activity-log", "values-in-daily-life"),
    *(
        "small-good-things",
        "sleep-diary",
        "right-now",
        "steps-i-put-off",
        "last-hour",
        "ten-minutes-outside",
        "a-letter",
    ),
)
# Each clinic has the check-in and ten of the other exercises.
LEFT_OUT = {"willow": "right-now", "harbour": "last-hour"}


@dataclass(frozen=True, slots=True)
class DemoSeries:
    title: str
    description: str
    parts: tuple[str, ...]


SERIES = {
    "willow": DemoSeries(
        "Between yes and no",
        "Two pieces on what we owe each other: saying no to somebody, and asking somebody for a hand.",
        ("who-hears-your-no-first", "how-heavy-before-you-ask"),
    ),
    "harbour": DemoSeries(
        "Talking at home",
        "Three pieces for two people at one table: listening, making up, and the phone between the plates.",
        ("heard-to-the-end", "who-goes-first", "who-else-is-at-the-table"),
    ),
}


@dataclass(frozen=True, slots=True)
class DemoArticle:
    about: dict[str, Any]
    body: str

    @classmethod
    def read(cls, file: Path) -> "DemoArticle":
        front, _, body = file.read_text().removeprefix("<!--").partition("-->")
        return cls(json.loads(front), body.strip())


def seed_articles(demo: DemoClinic, people: People, *, at: datetime) -> None:
    """Six articles with covers, one published every other week."""
    for number, file in enumerate(sorted((HERE / "articles").glob(f"{demo.schema_name}-*.html"))):
        draft = DemoArticle.read(file)
        published_at = at + timedelta(days=11 * number, hours=number)
        with (HERE / "covers" / draft.about["cover"]).open("rb") as cover:
            picture = store_picture(
                cover, alt=draft.about["cover_alt"], credit=draft.about["cover_credit"], at=published_at
            )
        article = Article.objects.create(
            title=draft.about["title"],
            slug=draft.about["slug"],
            byline=author_named(Guest(**draft.about["byline"]), by=people.editor),
            posted_by=people.editor,
            excerpt=draft.about["excerpt"],
            cover=picture,
            body=body_with_pictures(draft, at=published_at),
            audience=draft.about["audience"],
        )
        article.topics.set([topic_named(name) for name in draft.about["topics"]])
        publish_article(article, by=people.editor, at=published_at)
    seed_series(SERIES[demo.schema_name])


def topic_named(name: str) -> Topic:
    topic = Topic.objects.filter(name=name).first() or Topic(name=name)
    if topic._state.adding:
        keep_topic(topic)
    return topic


def seed_series(about: DemoSeries) -> None:
    series = Series(title=about.title, description=about.description)
    keep_series(series)
    for part, slug in enumerate(about.parts, start=1):
        Article.objects.filter(slug=slug).update(series=series, part=part)


def body_with_pictures(draft: DemoArticle, *, at: datetime) -> str:
    """The text, its pictures taken in and named by their addresses."""
    body = draft.body
    for name, about in draft.about.get("pictures", {}).items():
        with (HERE / "covers" / about["file"]).open("rb") as file:
            picture = store_picture(file, alt=about["alt"], credit=about["credit"], at=at)
        body = body.replace(f'src="{name}"', f'src="{picture.url}"')
    return body


def seed_exercises(demo: DemoClinic, people: People, *, at: datetime) -> None:
    """Exercises of the library, as the owner took them over."""
    for name in EXERCISES:
        if name != LEFT_OUT[demo.schema_name]:
            draft = entries()[name].draft
            about = {field: draft[field] for field in ("title", "kind", "summary")}
            exercise = Exercise.objects.create(slug=name, **about)
            publish_exercise(exercise, schema=schema_of_draft(draft), by=people.owner, at=at)
