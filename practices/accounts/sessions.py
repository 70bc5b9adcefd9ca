"""Sessions in the clinic's own schema, each naming its user, who is read along with it."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from practices.accounts.models import Session, User
from practices.tenancy import current_clinic


class SessionStore(DatabaseSessionStore):
    """Django's store; `found_user` is whose session was read, before anything about it is verified."""

    found_user: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        return session

    def _get_session_from_db(self) -> Session | None:
        along = settings.TENANT_TYPES[current_clinic().type]["READ_WITH_USER"]
        sessions = Session.objects.select_related("user", *(f"user__{part}" for part in along))
        session = sessions.filter(session_key=self.session_key, expire_date__gt=timezone.now()).first()
        if session is None:
            self._session_key = None
            return None
        self.found_user = session.user
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
