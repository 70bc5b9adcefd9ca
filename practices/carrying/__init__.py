"""A whole clinic taken to another installation, with other keys: exported in clear inside one encrypted file, and imported."""

from practices.archives import ArchiveError, CannotRestoreError
from practices.carrying.exporting import CannotExportError, Exported, export_clinic
from practices.carrying.importing import CannotImportError, Imported, import_clinic
from practices.carrying.keys import KeyFileError, identities_in, recipient_of

__all__ = [
    "ArchiveError",
    "CannotExportError",
    "CannotImportError",
    "CannotRestoreError",
    "Exported",
    "Imported",
    "KeyFileError",
    "export_clinic",
    "identities_in",
    "import_clinic",
    "recipient_of",
]
