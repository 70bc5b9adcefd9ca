"""Exercises, and their versions, which never change once published."""

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.search import SearchRank, SearchVector
from django.db import models
from django.db.models import F, Q

from content.body import plain_text
from content.models.articles import Article, ArticleRevision
from content.models.searching import INDEXED, Holds, TellingWords, configuration_of
from content.prompts.schema import Schema, parse_schema
from practices.models import ClinicModel

# By the version's id alone: what was published never changes.
_schemas: dict[UUID, Schema] = {}
SCHEMAS_KEPT = 1024


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def assignable(self) -> "ExerciseQuerySet":
        """Published and not retired."""
        return self.filter(current__isnull=False, retired_at=None).defer("draft")

    def about_the_same_as(self, article: Article, *, locale: str) -> "ExerciseQuerySet":
        """Those whose title or summary says the words that the article, as it is being written, says most; the nearest first."""
        text = f"{article.title} {article.title} {article.excerpt} {plain_text(article.body)}"
        language = configuration_of(locale)
        words = TellingWords(text[:INDEXED], configuration=language)
        said = SearchVector("title", "summary", config=language)
        alike = self.exclude(article=article.pk).annotate(said=said).filter(Holds("said", words))
        return alike.annotate(rank=SearchRank(F("said"), words)).order_by("-rank", "title", "pk")

    def with_draft_state(self) -> "ExerciseQuerySet":
        """Say in `has_draft` whether something new is being written, without fetching it."""
        return self.defer("draft").annotate(has_draft=Q(draft__isnull=False))

    def editable(self) -> "ExerciseQuerySet":
        """Those with a draft of their own: not an article's, which is edited there, nor a measure, which is locked."""
        return self.filter(article=None).exclude(kind=Exercise.Kind.MEASURE)


class Exercise(ClinicModel):
    """A set of prompts that can be given to clients; what they get is its current version."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection", "reflection"
        WORKSHEET = "worksheet", "worksheet"
        CHECK_IN = "check-in", "check-in"
        PRACTICE = "practice", "weekly practice"
        ARTICLE = "article", "article with questions"
        MEASURE = "measure", "measure"

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
    # What is being written beside the published versions; its edition goes up with each act.
    draft = models.JSONField(null=True, editable=False)
    draft_edition = models.PositiveIntegerField(default=0, editable=False)
    draft_at = models.DateTimeField(null=True, editable=False)
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exercise_locked_has_no_draft",
                condition=Q(draft=None) | (Q(article=None) & ~Q(kind="measure")),
            )
        ]

    @property
    def is_locked(self) -> bool:
        """Not edited here: an article's questions stand in the article, a measure is as it was published."""
        return self.article_id is not None or self.kind == self.Kind.MEASURE


class ExerciseVersion(ClinicModel):
    """An exercise as it was published once. A trigger refuses UPDATE and DELETE."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    note = models.CharField(max_length=300, blank=True)
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
