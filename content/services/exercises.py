"""Publishing exercises: each time a new version, never a change to one that somebody has."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from content.models import ArticleRevision, Exercise, ExerciseVersion
from content.prompts.schema import parse_schema
from practices.accounts.models import User
from practices.audit.models import Action, record


@transaction.atomic
def publish_exercise(
    exercise: Exercise,
    *,
    schema: dict[str, Any],
    by: User | None,
    at: datetime,
    revision: ArticleRevision | None = None,
    note: str = "",
) -> ExerciseVersion:
    """Make the schema the exercise's current version; work already given keeps the version it has.

    `note` tells other staff what is new in it.
    The exercise is locked, so two who publish at once make two versions. Raises SchemaError for a schema that is not one.
    """
    parse_schema(schema)
    exercise = Exercise.objects.select_for_update().get(pk=exercise.pk)
    newest = exercise.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = ExerciseVersion.objects.create(
        exercise=exercise,
        number=newest + 1,
        title=exercise.title,
        note=note,
        schema=schema,
        revision=revision,
        published_at=at,
        published_by=by,
    )
    exercise.current = version
    exercise.save(update_fields=["current"])
    record(Action.EXERCISE_PUBLISHED, subject=version, by=by, at=at)
    return version


@transaction.atomic
def retire_exercise(exercise: Exercise, *, at: datetime) -> None:
    """It can't be given any more; those who have it keep it."""
    Exercise.objects.filter(pk=exercise.pk, retired_at=None).update(retired_at=at)


@transaction.atomic
def bring_back_exercise(exercise: Exercise) -> None:
    """It can be given again."""
    Exercise.objects.filter(pk=exercise.pk).update(retired_at=None)
