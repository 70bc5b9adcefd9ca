"""The form by which work is given: who, what, when, and a note."""

from datetime import date
from typing import Any, cast

from django import forms

from clients.models import Assignment, Client
from clients.services.assigning import MOST_WEEKS, Timing
from content.models import Exercise
from practices.accounts.models import User

DAYS = [
    (1, "Until the same evening"),
    (2, "Until the next evening"),
    (3, "Three days"),
    (7, "A week"),
    (14, "Two weeks"),
    (28, "Four weeks"),
]
NOTE_LENGTH = 2000


def caseload(staff: User) -> Any:
    """Whom this clinician can give work to, by name."""
    return (
        Client.objects.in_care_of(staff)
        .exclude(status=Client.Status.DISCHARGED)
        .only("first_name", "last_name", "status", "timezone", "pronouns")
        .order_by("first_name", "last_name")
    )


class AssignForm(forms.Form):
    """Checks what was chosen; the page draws the choices itself, since each says what the client had before."""

    client = forms.ModelMultipleChoiceField(
        Client.objects.none(),
        label="Who",
        error_messages={"required": "Choose who it is for.", "invalid_choice": "Choose among your own clients."},
    )
    exercise = forms.ModelChoiceField(
        Exercise.objects.none(),
        label="What",
        error_messages={
            "required": "Choose what to give.",
            "invalid_choice": "This can’t be given any more. Choose another.",
        },
    )
    often = forms.ChoiceField(
        choices=Assignment.Repeat.choices,
        label="How often",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose once or every week."},
    )
    weeks = forms.IntegerField(
        min_value=2,
        max_value=MOST_WEEKS,
        required=False,
        label="How many weeks",
        error_messages={
            "min_value": f"Choose 2 to {MOST_WEEKS} weeks.",
            "max_value": f"Choose 2 to {MOST_WEEKS} weeks.",
            "invalid": "Write a number.",
        },
    )
    starts_on = forms.DateField(
        label="Starts on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Write the day like 2026-11-30."},
    )
    days = forms.TypedChoiceField(
        choices=DAYS, coerce=int, label="Time for it", error_messages={"required": "Choose how long."}
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="A line from you",
        error_messages={"max_length": "Keep it under 2,000 characters."},
    )
    despite = forms.ModelMultipleChoiceField(Assignment.objects.none(), required=False)

    def __init__(self, *args: Any, staff: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.caseload = caseload(staff)
        self.exercises = Exercise.objects.assignable().select_related("current__revision__cover")
        choices = {"client": self.caseload, "exercise": self.exercises, "despite": Assignment.objects.in_care_of(staff)}
        for name, rows in choices.items():
            cast(Any, self.fields[name]).queryset = rows
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()

    def clean_starts_on(self) -> date:
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError("That day is over. Choose today or later.")
        if (starts_on - self.today).days > 366:
            raise forms.ValidationError("Choose a day within a year.")
        return starts_on

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("often") == Assignment.Repeat.WEEKLY and "weeks" in values and values["weeks"] is None:
            self.add_error("weeks", "Write how many weeks.")
        return values

    @property
    def timing(self) -> Timing:
        """As far as it is known; what is missing or wrong counts as the usual."""
        values = self.cleaned_data
        weekly = values.get("often") == Assignment.Repeat.WEEKLY
        return Timing(
            starts_on=values.get("starts_on") or self.today,
            days=values.get("days") or 7,
            weeks=(values.get("weeks") or 4) if weekly else 1,
        )
