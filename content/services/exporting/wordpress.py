"""Rows as an export in the format of WordPress."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from content.models import Article, Comment, Picture, Series, Topic
from content.services.exporting.rows import (
    exported_articles,
    file_path,
    logins,
    state_of,
    text_of,
    with_links,
    with_pictures,
)
from content.wordpress import Attachment, Site
from content.wordpress.entries import COMMENTS_ON, FOR_CLIENTS, WITHDRAWN
from content.wordpress.writing import (
    FOOT,
    Term,
    WrittenPicture,
    WrittenPost,
    WrittenRemark,
    head_of,
    item_of_picture,
    item_of_post,
)
from practices.models import Clinic

STATUSES = {"published": "publish", "scheduled": "future", "draft": "draft", "withdrawn": "draft"}


def wxr_of(clinic: Clinic, pictures: dict[UUID, Picture], *, origin: str, at: datetime) -> Iterator[str]:
    """The file, part by part: what is said of the site, its pictures, its articles."""
    authors = logins()
    yield from head_of(
        Site(clinic.name, origin),
        language=clinic.locale,
        authors={login: byline for byline, login in authors.items()},
        topics=[term_of(topic) for topic in Topic.objects.order_by("name")],
        series=[term_of(one) for one in Series.objects.order_by("title")],
        at=at,
    )
    numbers = {pk: number for number, pk in enumerate(pictures, start=1)}
    for pk, picture in pictures.items():
        about = Attachment(f"{origin}{file_path(picture)}", picture.alt, picture.credit, picture.focus)
        yield item_of_picture(
            WrittenPicture(number=numbers[pk], about=about, added_at=picture.added_at), zone=clinic.zone
        )
    for number, article in enumerate(exported_articles(), start=len(numbers) + 1):
        post = post_of(article, number, pictures, numbers=numbers, authors=authors, origin=origin)
        yield item_of_post(post, zone=clinic.zone)
    yield FOOT


def post_of(
    article: Article,
    number: int,
    pictures: dict[UUID, Picture],
    *,
    numbers: dict[UUID, int],
    authors: dict[str, str],
    origin: str,
) -> WrittenPost:
    text, state = text_of(article), state_of(article)
    body = with_pictures(with_links(text.body, origin), pictures, lambda picture: f"{origin}{file_path(picture)}")
    is_hidden = article.is_for_clients and state == "published"
    return WrittenPost(
        number=number,
        key=f"urn:uuid:{article.pk}",
        link=f"{origin}{article.get_absolute_url()}",
        title=text.title,
        slug=article.slug,
        creator=authors[text.byline],
        # What is for clients alone is nobody's elsewhere, until somebody there decides.
        status="private" if is_hidden else STATUSES[state],
        written_at=article.publish_at if state == "scheduled" else article.first_published_at,
        changed_at=article.changed_at,
        body=body,
        excerpt=text.excerpt,
        takes_comments=article.commenting != Article.Commenting.OFF,
        topics=[term_of(topic) for topic in article.topics.all()],
        series=term_of(article.series) if article.series else None,
        part=article.part,
        thumbnail=numbers.get(text.cover.pk) if text.cover else None,
        marks=marks_of(article, state),
        old_slugs=[former.slug for former in article.former_addresses.all()],
        old_paths=[former.path for former in article.former_paths.all()],
        remarks=[remark_of(comment) for comment in article.comments.all()],
    )


def marks_of(article: Article, state: str) -> Iterator[str]:
    """What WordPress has no word for."""
    if article.is_for_clients:
        yield FOR_CLIENTS
    if state == "withdrawn":
        yield WITHDRAWN
    if article.commenting == Article.Commenting.ON:
        yield COMMENTS_ON


def term_of(row: Topic | Series) -> Term:
    name = row.title if isinstance(row, Series) else row.name
    return Term(slug=row.slug, name=name, description=row.description)


def remark_of(comment: Comment) -> WrittenRemark:
    return WrittenRemark(
        number=int(comment.pk) % 10**15,
        author=comment.pseudonym,
        body=comment.body,
        written_at=comment.sent_at,
        is_approved=comment.state == Comment.State.APPROVED,
    )
