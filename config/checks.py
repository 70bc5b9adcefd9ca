"""What `check --deploy` says about this installation."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def two_roles(**_: Any) -> list[CheckMessage]:
    """One database role for everything means that the audit log is guarded by its triggers alone."""
    if settings.DATABASE_HAS_TWO_ROLES:
        return []
    words = "That nobody changes the audit log rests on its triggers alone: DATABASE_OWNER_URL is not set."
    hint = "Give the owner of the tables an address of its own, and DATABASE_URL a role that owns nothing."
    return [Warning(words, hint=hint, id="practices.W001")]
