"""Which clients go to which colleague, and until when who had them still reads."""

from datetime import date, datetime
from typing import Any

from django import forms

from clients.admin.client_forms import ClinicianField
from clients.admin.last_day import LastDayField, checked_day, moment_of
from clients.models import CareRelation
from clients.models.people import CareRelationQuerySet


class RelationsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Clients, each with whom they are with now."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.client.name}, now with {obj.clinician.display_name}"


class HandOverForm(forms.Form):
    """Some clients go to one colleague."""

    relation = RelationsField(
        CareRelation.objects.none(),
        label="Clients",
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "Choose at least one client.",
            "invalid_choice": "One of these is in that care no more. Choose again.",
        },
    )
    clinician = ClinicianField(
        label="Who takes over",
        empty_label="Choose a clinician",
        error_messages={"required": "Choose a clinician.", "invalid_choice": "Choose a clinician from the list."},
    )
    last_day = LastDayField(
        label="Who had them still reads until the end of",
        help_text="Up to 60 days ahead. Leave it empty if they stop reading now.",
    )

    def __init__(self, *args: Any, offered: CareRelationQuerySet, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        field: Any = self.fields["relation"]
        field.queryset = offered.select_related("client", "clinician").order_by(
            "client__first_name", "client__last_name", "clinician__display_name"
        )
        self.initial.setdefault("relation", [relation.pk for relation in field.queryset])

    def clean_last_day(self) -> date | None:
        return checked_day(self.cleaned_data["last_day"], at=self.at)

    @property
    def until(self) -> datetime:
        return moment_of(self.cleaned_data["last_day"], at=self.at)
