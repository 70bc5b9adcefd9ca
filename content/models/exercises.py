"""Exercises, and their versions, which never change once published."""

from uuid import UUID

from django.conf import settings
from django.db import models

from content.models.articles import Article, ArticleRevision
from content.prompts.schema import Schema, parse_schema
from practices.models import ClinicModel

# By the version's id alone: what was published never changes.
_schemas: dict[UUID, Schema] = {}
SCHEMAS_KEPT = 1024


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def assignable(self) -> "ExerciseQuerySet":
        """Published and not retired."""
        return self.filter(current__isnull=False, retired_at=None)


class Exercise(ClinicModel):
    """A set of prompts that can be given to clients; what they get is its current version."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection", "reflection"
        WORKSHEET = "worksheet", "worksheet"
        CHECK_IN = "check-in", "check-in"
        PRACTICE = "practice", "weekly practice"
        ARTICLE = "article", "article with questions"

    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    summary = models.CharField(max_length=300, blank=True)
    article = models.OneToOneField(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="exercise", editable=False
    )
    current = models.OneToOneField(
        "content.ExerciseVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = ExerciseQuerySet.as_manager()


class ExerciseVersion(ClinicModel):
    """An exercise as it was published once. A trigger refuses UPDATE and DELETE."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    schema = models.JSONField()
    revision = models.ForeignKey(ArticleRevision, null=True, on_delete=models.PROTECT, related_name="exercise_versions")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exercise", "number"], name="exercise_version_number")]

    @property
    def parsed(self) -> Schema:
        """The schema as typed prompts; read once per process, so that lists need not fetch it."""
        schema = _schemas.get(self.pk)
        if schema is None:
            if len(_schemas) >= SCHEMAS_KEPT:
                _schemas.clear()
            schema = _schemas[self.pk] = parse_schema(self.schema)
        return schema

    @property
    def prompt_count(self) -> int:
        """How many of its prompts take an answer."""
        return len(self.parsed.questions())
