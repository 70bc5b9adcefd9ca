"""What articles are sorted by: topics, series, and the people they are by."""

from django.db import transaction

from content.models import Author, Series, Topic
from content.pages import forget_pages
from content.services.addresses import save_under_a_free_address


@transaction.atomic
def keep_topic(topic: Topic) -> None:
    """Readers see the topic as it is now; without an address it gets one made from its name."""
    keep(topic, name=topic.name)


@transaction.atomic
def keep_series(series: Series) -> None:
    """Readers see the series as it is now; without an address it gets one made from its title."""
    keep(series, name=series.title)


@transaction.atomic
def keep_author(author: Author) -> None:
    """Readers see the author's page as it is now; without an address it gets one made from the name."""
    keep(author, name=author.name)


def keep(row: Topic | Series | Author, *, name: str) -> None:
    if row.slug:
        row.save()
    else:
        save_under_a_free_address(row, name=name)
    forget_pages()
