"""One clinic in one file: taken from a living clinic, and made into one again, here or in another installation."""

from practices.archives.container import ArchiveError
from practices.archives.restoring import CannotRestoreError, Restored, restore_clinic
from practices.archives.taking import Taken, back_up

__all__ = ["ArchiveError", "CannotRestoreError", "Restored", "Taken", "back_up", "restore_clinic"]
