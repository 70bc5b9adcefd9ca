"""That a sealed column did not open, told to whoever shows the page.

Django's templates swallow every exception in a condition with `not`, `and`, `==` and the like, and take it for false: a reply
that does not open would read as "no reply". So an error is not only raised, it is also noticed here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from practices.vault.sealing import VaultError

_noticed: ContextVar[list[VaultError] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[list[VaultError]]:
    """The list into which everything goes that does not open meanwhile."""
    found: list[VaultError] = []
    token = _noticed.set(found)
    try:
        yield found
    finally:
        _noticed.reset(token)


def notice(error: VaultError) -> None:
    found = _noticed.get()
    if found is not None:
        found.append(error)
