"""Addresses on the site: the last part is made from what a row is called, and no two rows share one."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

# How many may save a new row of the same name in the same moment.
MOST_AT_ONCE = 20


def free_address(rows: models.QuerySet[Any], name: str) -> str:
    """An address for a new row: its name, with a number if that is taken."""
    base = slugify(name)[: rows.model._meta.get_field("slug").max_length - 10] or rows.model._meta.model_name
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def save_under_a_free_address(row: Any, *, name: str) -> None:
    """Of several who save the same name at once, each takes the next address."""
    for is_last in [*[False] * MOST_AT_ONCE, True]:
        row.slug = free_address(type(row).objects.all(), name)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            if is_last:
                raise
        else:
            return
