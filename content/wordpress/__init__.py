"""WordPress exports (WXR): read with care, made plain, and written. Nothing in here knows the database."""

from content.wordpress.entries import Attachment, Export, PostEntry, Remark, Site, read_export, survey
from content.wordpress.reading import ExportError

__all__ = ["Attachment", "Export", "ExportError", "PostEntry", "Remark", "Site", "read_export", "survey"]
