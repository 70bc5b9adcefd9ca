"""Whom a colleague supervises, or by whom they are supervised, and until when."""

from datetime import date, datetime
from typing import Any

from django import forms

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.days import end_of
from practices.tenancy import current_clinic


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A colleague, by name and credentials."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.byline)


class SupervisionForm(forms.Form):
    """The other one of the two, and the last day."""

    last_day = forms.DateField(
        required=False,
        label="Until the end of",
        help_text="Leave it empty if it goes on until somebody ends it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a date, such as 2026-11-30."},
    )

    def __init__(self, *args: Any, person: User, supervises: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = Role.CLINICIAN if supervises else Role.SUPERVISOR
        self.fields["colleague"] = ColleagueField(
            User.objects.with_role(role).staying().exclude(pk=person.pk).order_by("display_name"),
            label="Whom they supervise" if supervises else "Who supervises them",
            empty_label="Choose a colleague",
            error_messages={"required": "Choose a colleague.", "invalid_choice": "Choose a colleague from the list."},
        )
        self.order_fields(["colleague", "last_day"])

    @property
    def until(self) -> datetime | None:
        day: date | None = self.cleaned_data["last_day"]
        return end_of(day, current_clinic().zone) if day else None
