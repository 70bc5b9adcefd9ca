"""Waiting for what is saved by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Response

AUTOSAVE = 2000  # milliseconds after the first key, at most


@contextmanager
def saving(page: Page) -> Iterator[None]:
    """What happens inside is saved by the portal before it goes on."""
    with page.expect_response(is_saved):
        yield


def milliseconds_until_saving(page: Page, write: Callable[[], None]) -> float:
    """By the browser's own clock, from before it is written to when the portal sends it off."""
    begun: float = page.evaluate("Date.now()")
    with page.expect_response(is_saved) as saved:
        write()
    return saved.value.request.timing["startTime"] - begun


def is_saved(response: Response) -> bool:
    return response.url.endswith("/draft/") and response.request.method == "POST" and response.ok
