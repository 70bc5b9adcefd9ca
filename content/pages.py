"""Public pages kept ready in the shared cache, per clinic, and forgotten as soon as something is published."""

import contextlib
import hashlib
import time
from dataclasses import dataclass
from functools import cache as once
from typing import TypeVar

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from redis.exceptions import RedisError

from practices.identifiers import new_id
from practices.models import Clinic
from practices.tenancy import current_clinic
from practices.theming import theme_of

EDITION = "pages:edition"
# How long a page is kept, in seconds: also how long a change that nothing announces may stay unseen.
KEPT = 600

Response = TypeVar("Response", bound=HttpResponse)


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page as it is sent to visitors."""

    body: bytes
    etag: str
    headers: dict[str, str]
    edition: str
    made_at: int  # seconds since 1970


def public_page(response: Response) -> Response:
    """Mark what a view made as the same for every visitor, so that it may be kept."""
    response.is_public_page = True  # type: ignore[attr-defined]
    return response


@once
def release() -> str:
    """Which stylesheets and scripts this process links: another release keeps pages of its own."""
    return str(getattr(staticfiles_storage, "manifest_hash", ""))


# What of the clinic's own row stands on public pages.
SHOWN = (
    "name",
    "address_line",
    "phone",
    "response_time",
    "crisis_contacts",
    "leave_url",
    "timezone",
    "locale",
    "country",
)


def seen_of(clinic: Clinic) -> str:
    """Changes whenever the clinic's pages say something else of it, or look otherwise."""
    said = repr([getattr(clinic, name) for name in SHOWN])
    return f"{theme_of(clinic).version}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def key_of(path: str) -> str:
    """What is seen of the clinic is part of it: a process with an old row of it keeps no page for those that have the new one."""
    return f"page:3:{release()}:{seen_of(current_clinic())}:{path}"


def kept_page(path: str) -> tuple[Page | None, str]:
    """The page, if it was kept since the last publication, and the edition that may be kept now.

    One round trip. Without the cache server there is no page, and no edition to keep one under.
    """
    key = key_of(path)
    try:
        found = cache.get_many([EDITION, key])
        if EDITION not in found:
            return None, first_edition()
    except RedisError:
        return None, ""
    edition: str = found[EDITION]
    page: Page | None = found.get(key)
    return (page if page and page.edition == edition else None), edition


def first_edition() -> str:
    """A new edition, since the cache knows none; none at all if somebody else made one meanwhile."""
    edition = new_id().hex
    return edition if cache.add(EDITION, edition, None) else ""


def keep_page(path: str, *, body: bytes, headers: dict[str, str], edition: str) -> Page:
    """Keep what was rendered while `edition` was current; a publication meanwhile makes it unused at once.

    Without an edition it is not kept, only made.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    page = Page(body=body, etag=etag, headers=headers, edition=edition, made_at=int(time.time()))
    if edition:
        with contextlib.suppress(RedisError):
            cache.set(key_of(path), page, KEPT)
    return page


def forget_pages() -> None:
    """From the commit on, every page of the current clinic is rendered anew."""

    def turn_edition() -> None:
        with contextlib.suppress(RedisError):
            cache.set(EDITION, new_id().hex, None)

    transaction.on_commit(turn_edition)
