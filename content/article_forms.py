"""What whoever publishes fills in about an article, beside its text."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from practices.days import NoSuchMomentError, moment_of


class ScheduleForm(forms.Form):
    """A day and a time by the clinic's clock; cleaned, `moment` is when that is."""

    day = forms.DateField(label="Day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    time = forms.TimeField(label="Time", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    def __init__(self, data: Any, *, zone: ZoneInfo, suggested: datetime) -> None:
        local = suggested.astimezone(zone)
        super().__init__(data, initial={"day": local.date(), "time": local.time()})
        self.zone = zone
        self.fields["time"].help_text = f"By the practice’s clock ({zone.key.replace('_', ' ')})."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time"):
            try:
                self.moment = moment_of(cleaned["day"], cleaned["time"], self.zone)
            except NoSuchMomentError as error:
                self.add_error("time", str(error))
        return cleaned


class SendBackForm(forms.Form):
    """What its writer is told."""

    note = forms.CharField(
        label="What would make it better",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Its writer finds this above the article.",
    )
