"""What came from another site: which rows, so that nothing is taken in twice; and each time that an export was brought."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.wordpress import Report
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


class ContentImportQuerySet(models.QuerySet["ContentImport"]):
    def at_work(self) -> "ContentImportQuerySet":
        """Being looked at, or taken in."""
        return self.filter(state__in=WORKING)

    def free(self, at: datetime) -> "ContentImportQuerySet":
        """At which no worker is, or one that has not been heard of for too long."""
        return self.at_work().filter(Q(busy_until=None) | Q(busy_until__lte=at))

    def forgotten(self, at: datetime) -> "ContentImportQuerySet":
        """Looked at, and never taken in or put away."""
        return self.filter(state=ContentImport.State.LOOKED, begun_at__lte=at - KEPT)

    def newest_first(self) -> "ContentImportQuerySet":
        return self.order_by("-begun_at", "-pk")


class ContentImport(ClinicModel):
    """An export that was brought here: looked at first, then taken in. One at a time; its files go when it has ended."""

    class State(models.TextChoices):
        LOOKING = "looking"
        LOOKED = "looked"
        IMPORTING = "importing"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State, default=State.LOOKING)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # How many posts are behind it, of how many.
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What was found while it was looked at, and what was done, as reports say it.
    found = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    # Why it could not go on, in words for whoever brought it.
    problem = models.CharField(max_length=300, blank=True, default="")
    # How often in a row a worker began and came no further.
    tries = models.PositiveSmallIntegerField(default=0)
    busy_until = models.DateTimeField(null=True)
    # Its files lie below the clinic's folder until this is false.
    has_files = models.BooleanField(default=True)
    # True or nothing, so that there is one at most.
    is_open = models.BooleanField(null=True, default=True)

    objects = ContentImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_open"], name="content_import_one_at_a_time"),
            models.CheckConstraint(
                name="content_import_open_until_its_end",
                condition=Q(state__in=["looking", "looked", "importing"], is_open=True, ended_at=None)
                | Q(state__in=["done", "failed", "stopped"], is_open=None, ended_at__isnull=False),
            ),
        ]

    @property
    def is_at_work(self) -> bool:
        return self.state in WORKING

    @property
    def report(self) -> Report:
        """What was done, if that has begun; else what was found."""
        return Report.from_json(self.done or self.found)


WORKING = (ContentImport.State.LOOKING, ContentImport.State.IMPORTING)
# How long an export waits for somebody to decide about it.
KEPT = timedelta(days=7)
