"""A clinic's rows in public, as JSON and back: the clinic itself, its domains, its wrapped keys and what it is due for."""

import base64
import json
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from practices.models import Clinic, ClinicKey, ClinicWakeup, Domain

Row = TypeVar("Row", bound=models.Model)
KEPT: tuple[tuple[str, type[models.Model], str], ...] = (
    ("domains", Domain, "tenant_id"),
    ("keys", ClinicKey, "clinic_id"),
    ("wakeups", ClinicWakeup, "clinic_id"),
)


def public_rows(clinic: Clinic) -> bytes:
    found: dict[str, Any] = {"clinic": as_fields(Clinic.objects.get(pk=clinic.pk))}
    for name, model, column in KEPT:
        rows = model._default_manager.filter(**{column: clinic.pk}).order_by("pk")
        found[name] = [as_fields(row) for row in rows]
    return json.dumps(found, cls=DjangoJSONEncoder, indent=1).encode()


def as_fields(row: models.Model) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: as_text(value) for name, value in values.items()}


def as_text(value: Any) -> Any:
    return base64.b64encode(bytes(value)).decode() if isinstance(value, bytes | memoryview) else value


def as_row(model: type[Row], fields: dict[str, Any]) -> Row:
    """What this release knows of the row; columns that it has no more are left out. Raises ValidationError, KeyError."""
    values = {}
    for field in model._meta.concrete_fields:
        if field.attname in fields:
            value = fields[field.attname]
            is_bytes = isinstance(field, models.BinaryField)
            values[field.attname] = base64.b64decode(value) if is_bytes else field.to_python(value)
    return model(**values)
