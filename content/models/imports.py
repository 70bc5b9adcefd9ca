"""What came from another site: which rows, so that nothing is taken in twice."""

from uuid import UUID, uuid5

from django.db import models

from practices.models import ClinicModel

# The ids of these rows are made from what a thing was called there, so that it can be here only once.
SOURCES = UUID("0e9d5d0c-5f0b-4b3e-9a51-7f3c2f0a6d11")


def source_id(called: str) -> UUID:
    """By which something of another site is known again."""
    return uuid5(SOURCES, called)


class ImportedRow(ClinicModel):
    """That something of another site was taken in, and what it became.

    It outlives what it became: a comment that its writer has erased does not come back with the next import.
    """

    row = models.UUIDField()
    # Of what it said, where that may change there.
    digest = models.BinaryField(max_length=32, null=True)
    imported_at = models.DateTimeField()
