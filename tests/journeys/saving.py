"""Waiting for what is saved by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Response

AUTOSAVE = 2000  # ms after the first key, at most


@contextmanager
def saving(page: Page) -> Iterator[None]:
    """What happens inside is saved by the portal before it goes on."""
    with page.expect_response(is_saved):
        yield


def is_saved(response: Response) -> bool:
    return response.url.endswith("/draft/") and response.request.method == "POST" and response.ok
