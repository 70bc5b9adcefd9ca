"""Public pages kept ready in the shared cache, per clinic, and forgotten as soon as something is published."""

import contextlib
import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from practices.identifiers import new_id

EDITION = "pages:edition"
KEPT = 600


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page as it is sent to visitors."""

    body: bytes
    etag: str
    headers: dict[str, str]
    edition: str


def kept_page(path: str) -> tuple[Page | None, str]:
    """The page, if it was kept since the last publication, and the current edition.

    One round trip. Without the cache server there is no page, and no edition to keep one under.
    """
    try:
        found = cache.get_many([EDITION, f"page:{path}"])
    except RedisError:
        return None, ""
    edition = found.get(EDITION, "first")
    page: Page | None = found.get(f"page:{path}")
    return (page if page and page.edition == edition else None), edition


def keep_page(path: str, *, body: bytes, headers: dict[str, str], edition: str) -> Page:
    """Keep what was rendered while `edition` was current; a publication meanwhile makes it unused at once."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    page = Page(body=body, etag=etag, headers=headers, edition=edition)
    if edition:
        with contextlib.suppress(RedisError):
            cache.set(f"page:{path}", page, KEPT)
    return page


def forget_pages() -> None:
    """From the commit on, every page of the current clinic is rendered anew."""

    def turn_edition() -> None:
        with contextlib.suppress(RedisError):
            cache.set(EDITION, new_id().hex, None)

    transaction.on_commit(turn_edition)
