"""Taking in what another site has exported: looked at first, then kept post by post, each one whole or not at all."""

from content.services.importing.keeping import prepare, record_import, take_in
from content.services.importing.planning import look_at
from content.services.importing.source import Source, opened_source

__all__ = ["Source", "look_at", "opened_source", "prepare", "record_import", "take_in"]
