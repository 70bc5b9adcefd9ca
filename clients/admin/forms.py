"""Forms of the review queue."""

from typing import Any

from django import forms

from content.models import Exercise

SEND = "send"


class ExerciseField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An exercise, by title."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class ReplyForm(forms.Form):
    """A line to the client, and perhaps what they get next. The button says whether the reply is sent."""

    reply = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Keep it under 4,000 characters."},
    )
    next = ExerciseField(
        Exercise.objects.assignable().order_by("title"),
        required=False,
        label="Assign next",
        empty_label="Nothing for now",
        error_messages={"invalid_choice": "This can't be given any more. Choose another."},
    )
    do = forms.ChoiceField(choices=[(SEND, "Send and mark read"), ("read", "Mark read only")])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("do") == SEND and "reply" in values and not values["reply"].strip():
            self.add_error("reply", "Write a line first, or choose “Mark read only”.")
        return values

    @property
    def words(self) -> str:
        """What is sent: nothing, unless that button was pressed."""
        return str(self.cleaned_data["reply"]).strip() if self.cleaned_data["do"] == SEND else ""
