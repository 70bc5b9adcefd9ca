"""The public site with ten articles and with ten thousand: how much longer a page takes that is rendered anew, and its queries."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.urls import reverse

from config.bench.lists import BODY, queries_of
from config.bench.people import browser_of, host_of
from config.bench.rounds import Target, measure, ratio
from config.bench.wire import Wire, request_bytes
from content.models import Article, ArticleRevision, Author, Topic
from content.pages import forget_pages
from content.services.shelves import keep_author, keep_topic
from practices.models import Clinic
from practices.opening import open_clinic
from practices.tenancy import inside

FEW, MANY, AT_ONCE = 10, 10_000, 1_000
ROUNDS, EACH = 12, 3
SUBJECTS = ("rest", "sleep", "work", "anger", "grief", "silence", "family", "worry", "change", "morning")


def shelf(name: str, size: int, *, at: datetime) -> Clinic:
    """A clinic with so many articles, one published each hour, on ten topics."""
    clinic = open_clinic(schema_name=name, name=name.title(), host=f"{name}.localhost")
    with inside(clinic):
        author, topics = Author(name="Maya Ellison", credentials="MSW"), [Topic(name=subject) for subject in SUBJECTS]
        keep_author(author)
        for topic in topics:
            keep_topic(topic)
        numbers = iter(range(size))
        while some := list(islice(numbers, AT_ONCE)):
            put_on(some, author, topics, at=at)
    return clinic


def put_on(numbers: list[int], author: Author, topics: list[Topic], *, at: datetime) -> None:
    """Published, without the service, which takes a transaction for each."""
    articles, revisions = [], []
    for number in numbers:
        subject, moment = SUBJECTS[number % len(SUBJECTS)], at - timedelta(hours=number + 1)
        about = {"title": f"What does {subject} ask of you, {number}?", "body": f"{BODY}<p>More about {subject}.</p>"}
        article = Article(slug=f"article-{number}", byline=author, first_published_at=moment, **about)
        said = {"byline": author.byline, "published_at": moment, **about}
        revisions.append(ArticleRevision(article=article, number=1, **said))
        articles.append(article)
    Article.objects.bulk_create(articles)
    ArticleRevision.objects.bulk_create(revisions)
    for article, revision in zip(articles, revisions, strict=True):
        article.current, article.status = revision, Article.Status.PUBLISHED
    Article.objects.bulk_update(articles, ["current", "status"])
    on = Article.topics.through
    rows = zip(numbers, articles, strict=True)
    on.objects.bulk_create(on(article=article, topic=topics[number % len(topics)]) for number, article in rows)


def paths() -> dict[str, str]:
    return {
        "home": reverse("home"),
        "all articles": reverse("articles"),
        "an article": reverse("article", args=["article-5"]),
        "a topic": reverse("topic", args=["rest"]),
        "the archive": reverse("archive"),
        "search, many found": f"{reverse('search')}?q=rest",
        "search, misspelt": f"{reverse('search')}?q=silense",
    }


def rendered_anew(clinic: Clinic, wire: Wire, name: str, path: str) -> Target:
    """As for the first reader after something was published."""

    def request() -> bytes:
        with inside(clinic):
            forget_pages()
        return request_bytes(path, host=host_of(clinic))

    return Target(f"{name}, {clinic.schema_name}", wire, request)


def queries_at(clinic: Clinic) -> Callable[[str, str], int]:
    def count(name: str, path: str) -> int:
        with inside(clinic):
            return queries_of(browser_of(clinic), name, path)

    return count


def reading_lines(port: int, *, at: datetime) -> Iterator[str]:
    few, many = shelf("few", FEW, at=at), shelf("many", MANY, at=at)
    wire = Wire(port)
    yield f"  {'':<28}{'times':>7}  {'half of the rounds':<20}queries at {FEW} and {MANY:,}, which are the same"
    for name, path in paths().items():
        pair = [rendered_anew(clinic, wire, name, path) for clinic in (few, many)]
        measure(pair, rounds=ROUNDS, each=EACH)
        found = ratio(pair[1], pair[0])
        queries = [queries_at(clinic)(name, path) for clinic in (few, many)]
        verdict = "PASS" if queries[0] == queries[1] else "over"
        between = f"{found.low:.2f} to {found.high:.2f}"
        yield f"  {name:<28}{found.median:>6.2f}×  {between:<20}{queries[0]} and {queries[1]}  {verdict}"
