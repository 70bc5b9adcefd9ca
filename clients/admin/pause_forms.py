"""The form by which a client gets a pause."""

from datetime import date
from typing import Any

from django import forms

DAY_ERRORS = {"required": "Choose a day.", "invalid": "Write the day like 2026-11-30."}


class PauseForm(forms.Form):
    """From which day, to which."""

    first = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_ERRORS,
    )
    last = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_ERRORS,
    )

    def __init__(self, posted: Any, *, today: date) -> None:
        super().__init__(posted)
        for field in self.fields.values():
            field.widget.attrs["min"] = today.isoformat()
