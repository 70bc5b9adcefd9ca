"""All content of a clinic as one file: for WordPress and for us (WXR), or to be read and kept (Markdown). Nothing of clients."""

from content.services.exporting.files import Exported, Kind, export_content

__all__ = ["Exported", "Kind", "export_content"]
