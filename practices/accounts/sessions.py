"""Sessions in the clinic's own schema, each naming its user, who is read along with it; they end by the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from practices.accounts.models import Session, User
from practices.accounts.page_marks import mark_of
from practices.accounts.permissions import Kind
from practices.tenancy import current_clinic


@dataclass(frozen=True, slots=True)
class Limits:
    """For how long a session lives unused, and at most."""

    unused: timedelta
    at_most: timedelta

    def end(self, *, began_at: datetime, used_at: datetime) -> datetime:
        return min(used_at + self.unused, began_at + self.at_most)


AT_WORK = Limits(unused=timedelta(minutes=30), at_most=timedelta(hours=12))
AT_HOME = Limits(unused=timedelta(minutes=60), at_most=timedelta(hours=24))
# That a session is in use is written down this often, not with each page.
GRAIN = timedelta(minutes=1)
BROWSERS: tuple[tuple[str, str], ...] = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
)
BROWSERS += (("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"))
DEVICES: tuple[tuple[str, str], ...] = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Mac"),
)
DEVICES += (("CrOS", "Chromebook"), ("Linux", "Linux"))


def limits_of(kind: str) -> Limits:
    return AT_HOME if kind == Kind.CLIENT else AT_WORK


def browser_in_words(agent: str) -> str:
    """ "Firefox on Windows": enough to know one's own again, and nothing more."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    device = next((name for mark, name in DEVICES if mark in agent), "")
    return f"{browser} on {device}" if device else browser


class SessionStore(DatabaseSessionStore):
    """Django's store; `found_user` is whose session was read, before anything about it is verified.

    The row's expire_date is the one clock: nothing that a cookie says makes a session live longer.
    """

    found_user: User | None = None
    row: Session | None = None
    agent = ""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        goes_on = self.row is not None and self.row.user_id == session.user_id
        source = self.row if self.row is not None and goes_on else session
        session.began_at, session.used_at = source.began_at, source.used_at
        session.browser = source.browser or browser_in_words(self.agent)
        if session.user_id is not None:
            limits = limits_of(self._kind_of(session.user_id))
            session.expire_date = limits.end(began_at=session.began_at, used_at=session.used_at)
        return session

    def _kind_of(self, user_id: UUID) -> str:
        """Asked of the database only while somebody signs in."""
        if self.found_user is not None and self.found_user.pk == user_id:
            return self.found_user.kind
        return User.objects.values_list("kind", flat=True).get(pk=user_id)

    def flush(self) -> None:
        """What comes after is another session, even of the same person."""
        self.row = self.found_user = None
        super().flush()

    def touch(self, *, at: datetime) -> None:
        """Somebody is there: the time they may be away begins anew."""
        row, user = self.row, self.found_user
        if row is None or user is None or at - row.used_at < GRAIN:
            return
        row.used_at = at
        row.expire_date = limits_of(user.kind).end(began_at=row.began_at, used_at=at)
        Session.objects.filter(pk=row.pk).update(used_at=at, expire_date=row.expire_date)

    def seconds_left(self, *, at: datetime) -> int:
        """Until it ends, if nobody does anything."""
        return max(0, int((self.row.expire_date - at).total_seconds())) if self.row and self.found_user else 0

    def mark_of_page(self) -> str:
        """What a page made in this session carries, so that it is known later whose it is."""
        return mark_of(self.found_user) if self.found_user else ""

    def _get_session_from_db(self) -> Session | None:
        along = settings.TENANT_TYPES[current_clinic().type]["READ_WITH_USER"]
        sessions = Session.objects.select_related("user", *(f"user__{part}" for part in along))
        session = sessions.filter(session_key=self.session_key, expire_date__gt=timezone.now()).first()
        if session is None:
            self._session_key = None
            return None
        self.found_user, self.row = session.user, session
        return session


def verified_user(session: SessionStore) -> User | None:
    """The user who was read with the session, if everything that Django asks of one holds; else Django must be asked.

    The same person, a backend that is in use, an open account, and a password that has not changed since.
    """
    signed_in = session.get(SESSION_KEY)
    user = session.found_user
    if user is None or not user.is_active or signed_in != str(user.pk):
        return None
    by_known_backend = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    unchanged = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if by_known_backend and unchanged else None


def open_sessions(user: User, *, at: datetime) -> QuerySet[Session]:
    """Where this person is signed in, the newest first."""
    return Session.objects.filter(user_id=user.pk, expire_date__gt=at).order_by("-began_at", "session_key")
