"""Writing an exercise: a draft beside its versions, changed one act at a time, and published when it is ready."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from content.models import Exercise, ExerciseVersion
from content.prompts.drafting import Document, copied, draft_of_schema, new_draft, schema_of_draft
from content.prompts.problems import Problem, problems
from content.services.exercises import publish_exercise
from practices.accounts.models import User

# How many may begin an exercise of the same title in the same moment.
MOST_AT_ONCE = 20


class DraftChangedError(Exception):
    """Somebody else changed the draft since this page was drawn; nothing was done. `exercise` is as it is now."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        super().__init__(f"{exercise} has moved on.")


class DraftLockedError(Exception):
    """An article's questions are edited in the article, and a measure not at all."""


class DraftNotReadyError(Exception):
    """The draft has problems, which must be solved before it is published."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = found
        super().__init__(f"{len(found)} problems")


def draft_of(exercise: Exercise) -> Document:
    """What is being written; without a draft, what was published last."""
    if exercise.draft is not None:
        return dict(exercise.draft)
    about = {"title": exercise.title, "kind": exercise.kind, "summary": exercise.summary}
    if exercise.current is None:
        return new_draft(title=exercise.title, kind=exercise.kind, summary=exercise.summary)
    return draft_of_schema(exercise.current.schema, **about)


@transaction.atomic
def begin_exercise(draft: Document, *, by: User | None, at: datetime, origin: str = "") -> Exercise:
    """A new exercise with this draft, under a free address made from its title (or from `origin`, the library's name)."""
    draft = copied(draft)
    base = slugify(origin or draft["title"])[:70] or "exercise"
    for is_last in [*[False] * MOST_AT_ONCE, True]:
        try:
            with transaction.atomic():
                return Exercise.objects.create(
                    slug=_free_slug(base), draft=draft, draft_edition=1, draft_at=at, draft_by=by, **_about(draft)
                )
        except IntegrityError:
            if is_last:
                raise
    raise AssertionError


@transaction.atomic
def change_draft(
    exercise: Exercise, change: Callable[[Document], Document], *, edition: int, by: User, at: datetime
) -> Exercise:
    """Do one act to the draft, which begins from the current version if there is none.

    The row is locked: of two acts upon the same edition the first is done and the second raises DraftChangedError.
    Raises DraftLockedError, and what the act itself raises.
    """
    locked = _locked(exercise, edition=edition)
    locked.draft = change(draft_of(locked))
    _save_draft(locked, by=by, at=at)
    return locked


@transaction.atomic
def discard_draft(exercise: Exercise, *, edition: int, by: User, at: datetime) -> None:
    """Go back to what was published. An exercise that never was keeps its draft."""
    locked = _locked(exercise, edition=edition)
    if locked.current is not None:
        locked.draft = None
        _save_draft(locked, by=by, at=at)


@transaction.atomic
def publish_draft(exercise: Exercise, *, edition: int, note: str, by: User, at: datetime) -> ExerciseVersion:
    """The draft becomes the next version, and gives the exercise its title, kind and summary.

    Raises DraftNotReadyError, DraftChangedError and DraftLockedError.
    """
    locked = _locked(exercise, edition=edition)
    draft = draft_of(locked)
    schema = schema_of_draft(draft)
    if found := problems(schema):
        raise DraftNotReadyError(found)
    for field, value in _about(draft).items():
        setattr(locked, field, value)
    locked.draft = None
    _save_draft(locked, by=by, at=at)
    return publish_exercise(locked, schema=schema, by=by, at=at, note=note)


@transaction.atomic
def copy_exercise(exercise: Exercise, *, by: User, at: datetime) -> Exercise:
    """A new exercise that begins as this one is; an article's questions become an exercise of their own.

    Raises DraftLockedError for a measure, which has one wording everywhere.
    """
    if exercise.kind == Exercise.Kind.MEASURE:
        raise DraftLockedError
    draft = draft_of(exercise)
    if exercise.article_id:
        draft["kind"] = Exercise.Kind.REFLECTION
    draft["title"] = f"{draft['title'][:150]} (copy)"
    return begin_exercise(draft, by=by, at=at)


def _locked(exercise: Exercise, *, edition: int) -> Exercise:
    found = Exercise.objects.select_for_update(of=("self",)).select_related("current").get(pk=exercise.pk)
    if found.is_locked:
        raise DraftLockedError
    if found.draft_edition != edition:
        raise DraftChangedError(found)
    return found


def _save_draft(exercise: Exercise, *, by: User, at: datetime) -> None:
    exercise.draft_edition += 1
    exercise.draft_by, exercise.draft_at = by, at
    if exercise.current is None and exercise.draft is not None:
        for field, value in _about(exercise.draft).items():
            setattr(exercise, field, value)
    exercise.save(update_fields=["draft", "draft_edition", "draft_by", "draft_at", "title", "kind", "summary"])


def _about(draft: Mapping[str, Any]) -> dict[str, str]:
    return {field: draft[field] for field in ("title", "kind", "summary")}


def _free_slug(base: str) -> str:
    taken = set(Exercise.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
