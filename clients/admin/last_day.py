"""The last day of an overlap: until its end whoever has handed over still reads."""

from datetime import date, datetime
from typing import Any

from django import forms

from clients.services.handing_over import LONGEST_OVERLAP
from practices.days import end_of
from practices.tenancy import current_clinic


class LastDayField(forms.DateField):
    """A day within the longest overlap, or none for now."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write a date, such as 2026-11-30."},
            **kwargs,
        )


def checked_day(day: date | None, *, at: datetime) -> date | None:
    """The day, if it is neither over nor too far ahead on the clinic's calendar."""
    today = at.astimezone(current_clinic().zone).date()
    if day and day < today:
        raise forms.ValidationError("That day is over. Choose today or a later one, or leave it empty for now.")
    if day and day >= today + LONGEST_OVERLAP:
        raise forms.ValidationError("Choose a day within the next 60 days.")
    return day


def moment_of(day: date | None, *, at: datetime) -> datetime:
    """The end of that day on the clinic's clock, or now."""
    return end_of(day, current_clinic().zone) if day else at
