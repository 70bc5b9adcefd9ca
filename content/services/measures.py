"""Measures: their wording taken in once for the installation, and published into a clinic when it first uses one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from content.measures.definitions import DEFINITIONS
from content.measures.wording import Form, schema_of_form
from content.models import Exercise
from content.services.exercises import publish_exercise
from practices.accounts.models import User
from practices.models import MeasureWording


class MeasureExistsError(Exception):
    """The wording is there already, and locked: scores must go on meaning the same."""


class MeasureMissingError(Exception):
    """Nobody has taken the wording of this measure in yet."""


@transaction.atomic
def take_in_wording(key: str, form: Form, *, at: datetime) -> MeasureWording:
    """Keep a measure's official wording for every clinic.

    It is checked against the measure's definition. Raises WordingError, and MeasureExistsError for another wording
    than the one that is there; the same one again changes nothing.
    """
    schema = schema_of_form(form, DEFINITIONS[key])
    wording, is_new = MeasureWording.objects.get_or_create(pk=key, defaults={"schema": schema, "imported_at": at})
    if not is_new and wording.schema != schema:
        raise MeasureExistsError
    return wording


def measures_taken_in() -> Mapping[str, dict[str, Any]]:
    """The schema of every measure whose wording is there, by its key."""
    return dict(MeasureWording.objects.filter(pk__in=DEFINITIONS).values_list("pk", "schema"))


@transaction.atomic
def use_measure(key: str, *, by: User, at: datetime) -> Exercise:
    """The measure as a locked exercise of this clinic, published when it is first used. Raises MeasureMissingError."""
    wording = MeasureWording.objects.filter(pk=key).first() if key in DEFINITIONS else None
    if wording is None:
        raise MeasureMissingError
    defaults = {"title": DEFINITIONS[key].name, "kind": Exercise.Kind.MEASURE}
    exercise, is_new = Exercise.objects.get_or_create(slug=f"measure-{key}", defaults=defaults)
    if is_new:
        publish_exercise(exercise, schema=wording.schema, by=by, at=at)
        exercise.refresh_from_db()
    return exercise
