"""Whose page it is: a mark that a page carries, which only this clinic's server can have made."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from practices.accounts.models import User
from practices.tenancy import current_clinic

# In what a page asks by itself.
PAGE = "X-Page"


def mark_of(user: User) -> str:
    return signing.dumps(str(user.pk), salt=_salt())


def owner_of(mark: str, *, max_age: timedelta | None = None) -> UUID | None:
    """Who the page was made for; None if the mark is none of this clinic's, or was made longer ago."""
    try:
        return UUID(signing.loads(mark, salt=_salt(), max_age=max_age))
    except signing.BadSignature:
        return None


def is_for_another(request: HttpRequest) -> bool:
    """Somebody else has signed in in this browser since the page that asks was made."""
    mark = request.headers.get(PAGE, "")
    return bool(mark) and isinstance(request.user, User) and owner_of(mark) != request.user.pk


def _salt() -> str:
    return f"page of {current_clinic().pk}"
