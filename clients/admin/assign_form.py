"""The form by which work is given: who, what, when, and a note."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.dates import WEEKDAYS_ABBR

from clients.admin.smaller_field import SmallerField
from clients.models import Assignment, Client
from clients.recurrence import EVENING, MORNING, ONCE, Timing, daily, on_days, weekly
from clients.services.assigning import MOST_TIMES, CannotAssignError, check_timing
from content.models import Exercise
from practices.accounts.models import User

DAYS = [
    (1, "The same day"),
    (2, "Two days"),
    (3, "Three days"),
    (7, "A week"),
    (14, "Two weeks"),
    (28, "Four weeks"),
]
EVERY = [(1, "Every week"), *((number, f"Every {number} weeks") for number in range(2, 9))]
AROUND = [("from", "From that day on"), ("before", "Before that day, until the evening before")]
MOST_SESSIONS = 26
NOTE_LENGTH = 2000
A_YEAR = timedelta(days=366)
Repeat = Assignment.Repeat
# What is asked only if work is to be done so; what stands in the others is passed over.
ASKED_FOR: dict[str, tuple[str, ...]] = {
    "starts_on": (Repeat.ONCE, Repeat.DAILY, Repeat.WEEKLY),
    "times": (Repeat.DAILY, Repeat.WEEKLY),
    "on": (Repeat.WEEKLY,),
    "every": (Repeat.WEEKLY,),
    "dates": (Repeat.DATES,),
    "around": (Repeat.DATES,),
    "days": (Repeat.ONCE, Repeat.WEEKLY, Repeat.DATES),
}
TIMES = f"Choose 2 to {MOST_TIMES} times."


def caseload(staff: User) -> Any:
    """Whom this clinician can give work to, by name."""
    return (
        Client.objects.in_care_of(staff)
        .exclude(status=Client.Status.DISCHARGED)
        .only("first_name", "last_name", "status", "timezone", "pronouns", "pause_from", "pause_until")
        .order_by("first_name", "last_name")
    )


class SeveralDates(forms.DateInput):
    """Inputs of one name, each with a day; the page draws them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)


class DatesField(forms.Field):
    """Some days, in order; those that were left empty are passed over."""

    widget = SeveralDates
    default_error_messages = {
        "required": "Choose a day.",
        "invalid": "Write each day like 2026-11-30.",
        "most": f"Choose {MOST_SESSIONS} days at most.",
    }

    def to_python(self, value: Any) -> list[date]:
        try:
            days = {date.fromisoformat(day.strip()) for day in value or [] if day.strip()}
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        if len(days) > MOST_SESSIONS:
            raise forms.ValidationError(self.error_messages["most"])
        return sorted(days)


def hour(label: str) -> forms.TimeField:
    return forms.TimeField(
        required=False,
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the hour like 18:30."},
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
        choices=Repeat.choices,
        label="How often",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often."},
    )
    every = forms.TypedChoiceField(choices=EVERY, coerce=int, required=False, label="In which weeks")
    on = forms.TypedMultipleChoiceField(
        choices=list(WEEKDAYS_ABBR.items()),
        coerce=int,
        required=False,
        label="On",
        widget=forms.CheckboxSelectMultiple,
        help_text="Without a tick: the weekday on which it starts.",
    )
    times = forms.IntegerField(
        min_value=2,
        max_value=MOST_TIMES,
        required=False,
        label="How many times in all",
        error_messages={"min_value": TIMES, "max_value": TIMES, "invalid": "Write a number."},
    )
    starts_on = forms.DateField(
        required=False,
        label="Starts on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day like 2026-11-30."},
    )
    dates = DatesField(required=False, label="On these days")
    around = forms.ChoiceField(
        choices=AROUND, required=False, label="When around each", help_text="For work that goes with a session."
    )
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, required=False, label="Time for it")
    opens = hour("Opens at")
    due = hour("Due at")
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="A line from you",
        error_messages={"max_length": "Keep it under 2,000 characters."},
    )
    smaller = SmallerField(label="A smaller version", help_text="For days when it is too much. They choose each time.")
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

    def is_asked(self, name: str) -> bool:
        return self.cleaned_data.get("often") in ASKED_FOR[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ASKED_FOR:
            if name in self.errors and not self.is_asked(name):
                del self.errors[name]
        if self.is_asked("times") and values.get("times") is None and "times" not in self.errors:
            self.add_error("times", "Write how many times.")
        self._clean_days("starts_on", [values["starts_on"]] if values.get("starts_on") else [])
        self._clean_days("dates", values.get("dates") or [])
        if values.get("smaller") and values["smaller"] == values.get("exercise"):
            self.add_error("smaller", "That is the same exercise. Choose a smaller one.")
        if not self.errors:
            try:
                check_timing(self.timing)
            except CannotAssignError as error:
                self.add_error(None, str(error))
        return values

    def _clean_days(self, name: str, days: list[date]) -> None:
        """Days from today on, within a year; if they are asked for, there is one."""
        if not self.is_asked(name) or name in self.errors:
            return
        if not days:
            self.add_error(name, "Choose a day.")
        elif days[0] < self.today:
            self.add_error(name, "That day is over. Choose today or later.")
        elif days[-1] - self.today > A_YEAR:
            self.add_error(name, "Choose a day within a year.")

    @property
    def rule(self) -> str:
        values: Mapping[str, Any] = self.cleaned_data
        match values.get("often"):
            case Repeat.DAILY:
                return daily(values.get("times") or 4)
            case Repeat.WEEKLY:
                return weekly(values.get("times") or 4, on=values.get("on") or (), every=values.get("every") or 1)
            case Repeat.DATES:
                return on_days(values.get("dates") or [self.today])
        return ONCE

    @property
    def timing(self) -> Timing:
        """As far as it is known; what is missing or wrong counts as the usual."""
        values: Mapping[str, Any] = self.cleaned_data
        often = values.get("often")
        return Timing(
            starts_on=values.get("starts_on") or self.today,
            days=1 if often == Repeat.DAILY else values.get("days") or 7,
            rule=self.rule,
            opens=values.get("opens") or MORNING,
            due=values.get("due") or EVENING,
            before=often == Repeat.DATES and values.get("around") == "before",
        )
