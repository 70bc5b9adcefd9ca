"""Forms by which work that was given is changed."""

from datetime import date
from typing import Any, cast

from django import forms

from clients.admin.assign_form import NOTE_LENGTH
from clients.admin.smaller_field import SmallerField
from clients.models import Assignment, Occurrence


class TimeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the times that are not sent yet, in words."""

    words: Any = None

    def label_from_instance(self, obj: Any) -> str:
        return str(self.words(obj))


class DueForm(forms.Form):
    """Which time, and until when."""

    time = TimeField(
        Occurrence.objects.none(),
        label="Which",
        empty_label=None,
        error_messages={
            "required": "Choose which.",
            "invalid_choice": "This was sent or taken back in the meantime, so its day stays.",
        },
    )
    to = forms.DateField(
        label="New day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Write the day like 2026-11-30."},
    )

    def __init__(
        self, posted: Any, *, assignment: Assignment, words: Any, first: Occurrence | None, today: date
    ) -> None:
        super().__init__(posted, initial={"time": first})
        field = cast(TimeField, self.fields["time"])
        field.queryset = Occurrence.objects.unfinished().filter(assignment=assignment).order_by("number")
        field.words = words
        self.fields["to"].widget.attrs["min"] = today.isoformat()


class SmallerForm(forms.Form):
    """What the client may do instead."""

    exercise = SmallerField(label="What they may do instead")

    def __init__(self, posted: Any, *, assignment: Assignment) -> None:
        offered = assignment.smaller.exercise_id if assignment.smaller else None
        super().__init__(posted, initial={"exercise": offered})
        field: Any = self.fields["exercise"]
        field.queryset = field.queryset.exclude(pk=assignment.version.exercise_id)


class NoteForm(forms.Form):
    """A line to the client."""

    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="A line from you",
        error_messages={"max_length": "Keep it under 2,000 characters."},
    )
