"""A clinic in which every field that people fill in says something of our choosing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from content.body import normalise
from content.models import Article, Comment, Series
from content.services.articles import publish_article
from content.services.shelves import keep_author
from practices.accounts.models import User
from practices.identifiers import new_id
from tests import factories
from tests.payloads import PICTURE

PARTS = 24


@dataclass(frozen=True, slots=True)
class Written:
    """`hub` has all topics and comments, `held` comments wait; of `articles` and their authors, each says one thing."""

    sayings: Sequence[str]
    hub: Article
    series: Series
    articles: list[Article]
    held: list[Comment]


def write_site(sayings: Sequence[str], *, by: User) -> Written:
    """Say each of these in a title, an excerpt, a text, a caption, a name, a bio, a topic and a comment. Call inside a clinic."""
    hub = factories.article(title="The hub", by=by)
    articles = [article_saying(words, by=by) for words in sayings]
    # Each part names all the others: of few, else every page is long.
    series = factories.series(hub, *articles[:: max(1, len(articles) // PARTS)], title=max(sayings, key=len)[:120])
    for name in dict.fromkeys(words[:60] for words in sayings):
        factories.topic(hub, articles[0], name=name)
    factories.take_comments()
    hub.refresh_from_db()
    articles = [Article.objects.with_revision().get(pk=article.pk) for article in articles]
    held = [comment_saying(words, on=hub) for words in sayings]
    shown = [comment_saying(f"{words} {words}", on=hub, state="approved", decided_at=factories.AT) for words in sayings]
    Comment.objects.bulk_create(held + shown)
    return Written(sayings, hub, series, articles, held)


def article_saying(words: str, *, by: User) -> Article:
    author = factories.author(name=words[:120], credentials=words[:60], bio=words)
    author.user, author.is_on_team_page = factories.staff(name=words[:80]), True
    keep_author(author)
    picture = factories.picture(alt=words, credit=words[:120])
    figure = f'<figure><img src="{picture.url}" alt="{escape(words)}"><figcaption>{escape(words)}</figcaption></figure>'
    article = factories.article(
        title=words[:160],
        excerpt=words,
        body=figure + words.replace(PICTURE, picture.url),
        byline=author,
        cover=picture,
        published=False,
    )
    publish_article(article, by=by, at=factories.LONG_AGO)
    return article


def comment_saying(words: str, *, on: Article, **decided: Any) -> Comment:
    """Not sent as readers send them: a clinic takes only so many at a time."""
    marks = {"fingerprint": new_id().bytes, "code_index": new_id().bytes}
    return Comment(article=on, pseudonym=words[:200], body=words, sent_at=factories.AT, **marks, **decided)


def texts_saying(sayings: Sequence[str], *, by: User) -> tuple[Article, Article]:
    """All of them as the text of one article, each cleaned by itself; and of a draft, as nothing cleans it."""
    picture = factories.picture().url
    texts = [words.replace(PICTURE, picture) for words in sayings]
    cleaned = "".join(f"<p>{number}</p>{normalise(text)}" for number, text in enumerate(texts))
    draft = factories.article(title="A draft", body="".join(f"<p>x</p>{text}" for text in texts), published=False)
    return factories.article(title="All of it", body=cleaned, by=by), draft
