"""What is filled in about an article beside its own page: when it appears, what is said to its writer, what is typed meanwhile."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from content.editor import ArticleBodyField
from content.models import Author
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


class AutosaveForm(forms.Form):
    """The words of an article as they are typed; `seen` is the state of it that the page knows."""

    title = forms.CharField(
        max_length=160, error_messages={"required": "Give it a title, and it is saved as you write."}
    )
    excerpt = forms.CharField(max_length=300, required=False)
    body = ArticleBodyField(required=False)
    byline = forms.ModelChoiceField(Author.objects.all(), required=False)
    seen = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])

    @property
    def text(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in ("title", "excerpt", "body")}
