"""WordPress exports (WXR): read with care, made plain, and written. Nothing in here knows the database."""

from content.wordpress.entries import About, Attachment, Export, PostEntry, Remark, Site, read_export, survey
from content.wordpress.reading import ExportError
from content.wordpress.reports import Note, Report
from content.wordpress.uploads import Uploads

__all__ = [
    "About",
    "Attachment",
    "Export",
    "ExportError",
    "Note",
    "PostEntry",
    "Remark",
    "Report",
    "Site",
    "Uploads",
    "read_export",
    "survey",
]
