"""The choice of something smaller that a client may do instead."""

from typing import Any

from django import forms
from django.db.models import IntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from content.models import Exercise


class SmallerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An exercise that can be offered as the smaller version, by title and minutes; shortest first."""

    def __init__(self, **kwargs: Any) -> None:
        minutes = Cast(KeyTextTransform("minutes", "current__schema"), IntegerField())
        super().__init__(
            Exercise.objects.assignable()
            .select_related("current")
            .annotate(minutes=minutes)
            .order_by("minutes", "title"),
            required=False,
            empty_label="Nothing smaller",
            error_messages={"invalid_choice": "This can’t be offered any more. Choose another."},
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.minutes} minute{'' if obj.minutes == 1 else 's'}"
