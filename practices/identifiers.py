"""Keys that sort by time and are known before INSERT, since sealed values are bound to them."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562)."""
    return uuid_utils.compat.uuid7()
