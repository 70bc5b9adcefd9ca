"""How fast a WordPress site of ten years is taken in, again, and out; and that twice leaves what once did."""

import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

from config.bench import exports
from config.bench.opening import open_another
from config.bench.rounds import UnexpectedAnswerError
from content.models import Article, ArticleRevision, Author, Comment, FormerPath, ImportedRow, Topic
from content.services.articles import keep_draft, publish_article
from content.services.exporting import Kind, export_content
from content.services.importing import look_at, opened_source, prepare, take_in
from content.wordpress import Report, survey
from practices.accounts.models import User
from practices.accounts.permissions import Kind as Person
from practices.accounts.permissions import Role
from practices.accounts.services import make_user
from practices.tenancy import inside

POSTS, COMMENTS, BY_HAND = 500, 3000, 50
ROWS = (Article, ArticleRevision, Author, Comment, FormerPath, ImportedRow, Topic)
MANY_TIMES = 2.0


def importing_lines(*, at: datetime) -> Iterator[str]:
    data = exports.large(POSTS, COMMENTS)
    clinic = open_another()
    with inside(clinic):
        hand = published_by_hand(at)
        read = seconds(lambda: survey(io.BytesIO(data)))
        looked = seconds(lambda: looking(data, at))
        before = rows()
        taken = seconds(lambda: taking(data, at))
        made = rows() - before
        once = told()
        again = seconds(lambda: taking(data, at))
        if told() != once:
            raise UnexpectedAnswerError("Taken in twice, it is not what it was once.")
        out = seconds(lambda: export_content(io.BytesIO(), Kind.WXR, clinic=clinic, by=None, at=at))
    each = taken / POSTS
    verdict = "PASS" if each <= MANY_TIMES * hand else "over"
    yield f"  {POSTS} posts, {COMMENTS} comments, {len(data) / 2**20:.1f} MB"
    yield f"  read to its end                {read:>6.2f} s"
    yield f"  looked at                      {looked:>6.2f} s, {POSTS / looked:.0f} posts a second"
    yield f"  taken in                       {taken:>6.2f} s, {POSTS / taken:.0f} posts, {made / taken:.0f} rows a second"
    yield f"  a post, of an article by hand  {each / hand:>6.2f}×  ≤ {MANY_TIMES:.1f}  {verdict}"
    yield f"  taken in once more             {again:>6.2f} s, 1/{taken / again:.0f} of that; the same is here"
    yield f"  taken out as WXR               {out:>6.2f} s, {POSTS / out:.0f} articles a second"


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def published_by_hand(at: datetime) -> float:
    """Seconds that it takes to write and publish one article like those of the export, without comments."""
    by = make_user(email="by.hand@example.org", display_name="By Hand", kind=Person.STAFF, roles=[Role.EDITOR])
    author = Author.objects.create(name="By Hand")
    return median(seconds(partial(by_hand, author, number, by, at)) for number in range(BY_HAND))


def by_hand(author: Author, number: int, by: User, at: datetime) -> None:
    body = "".join(f"<p>{text}</p>" for text in exports.ODD[:3])
    article = Article(title=f"By hand {number}", byline=author, body=body)
    keep_draft(article, by=by, at=at)
    publish_article(article, by=by, at=at)


def looking(data: bytes, at: datetime) -> Report:
    report = Report()
    with opened_source(io.BytesIO(data), zone=UTC) as source:
        for entry in source.entries():
            look_at(source, entry, report, at=at)
    return report


def taking(data: bytes, at: datetime) -> Report:
    report = Report()
    with opened_source(io.BytesIO(data), zone=UTC) as source:
        for entry in source.entries():
            take_in(prepare(source, entry, at=at), source, report, by=None, at=at)
    return report


def rows() -> int:
    return sum(model.objects.count() for model in ROWS)


def told() -> list[Any]:
    """What readers and staff see of it, and what is remembered."""
    return [
        list(Article.objects.order_by("pk").values_list("slug", "title", "body", "status", "step")),
        list(Comment.objects.order_by("pk").values_list("article", "body", "state")),
        sorted(ImportedRow.objects.values_list("pk", flat=True)),
    ]
