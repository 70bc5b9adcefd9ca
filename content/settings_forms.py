"""What the owner fills in about the practice."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms

from content.services.settings import edition_of
from practices.models import Clinic, validate_leave_url, validate_timezone
from practices.places import LANGUAGES, countries, with_own, zones_with_own

CHANGED_MEANWHILE = (
    "Somebody else changed these settings while you were writing, so yours were not saved. What you wrote is still here. "
    "Open this page in another tab to see theirs. If you save again, yours replace theirs."
)
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,24}")
NO_TELEPHONE = "Write a telephone number: digits, spaces, brackets, - and a + in front."
MOST_CONTACTS = 12
Row = tuple[int, list[forms.BoundField]]


def long_text(label: str, help_text: str = "", **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "long"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, **options)


def hours(first: int, last: int) -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(first, last + 1)]


class SettingsForm(forms.Form):
    """What is set, as the page showed it: saved only if nobody else has changed it since."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=16)
    is_outdated = False

    def renew(self, clinic: Clinic) -> None:
        """The page is shown again: from here on it knows what somebody else has saved."""
        self.is_outdated = True
        self.data = {name: self.data[name] for name in self.data} | {"edition": edition_of(clinic)}
        self.add_error(None, CHANGED_MEANWHILE)


class PracticeForm(SettingsForm):
    """Name and ways to be reached; place and language; what clients are told."""

    name = long_text(
        "Name of the practice", max_length=80, help_text="As clients and readers see it, and as mails are signed."
    )
    address_line = long_text(
        "Address", required=False, max_length=200, help_text="In one line, at the foot of each page."
    )
    phone = forms.CharField(label="Telephone", required=False, max_length=30, help_text="Shown on the page Contact.")
    response_time = long_text(
        "How soon you answer",
        max_length=80,
        help_text="Ends the sentence “We answer …”, such as: within two working days.",
    )
    alert_minutes = forms.TypedChoiceField(
        label="An alert that nobody has seen is passed on",
        coerce=int,
        choices=[
            (15, "after 15 minutes"),
            (30, "after half an hour"),
            (60, "after an hour"),
            (240, "after four hours"),
        ],
        help_text="To the clinician’s supervisor and to the owners. They are told that something waits, and nothing else.",
    )
    leave_url = long_text(
        "Where “Leave” goes",
        max_length=200,
        help_text="A harmless page elsewhere, that somebody can be seen with. It takes the place of ours at one press.",
    )
    country = forms.ChoiceField(label="Country")
    timezone = forms.ChoiceField(
        label="Time zone", help_text="Times are shown by it. What was given to clients before keeps its days and times."
    )
    locale = forms.ChoiceField(
        label="Language you write in",
        help_text="Search knows its words. Articles of before are found once they are published again.",
    )
    quiet_from = forms.TypedChoiceField(label="No mail from", coerce=int, choices=hours(12, 24))
    quiet_until = forms.TypedChoiceField(
        label="until",
        coerce=int,
        choices=hours(0, 11),
        help_text="By each client’s own clock. Sign-in codes come at once.",
    )

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        initial = {name: getattr(clinic, name) for name in self.base_fields if name != "edition"}
        super().__init__(data, initial=initial | {"edition": edition_of(clinic)})
        self.offer("country", with_own(countries(), clinic.country))
        self.offer("timezone", zones_with_own(clinic.timezone))
        self.offer("locale", with_own(LANGUAGES, clinic.locale))

    def offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not TELEPHONE.fullmatch(phone):
            raise forms.ValidationError(NO_TELEPHONE)
        return phone

    def clean_response_time(self) -> str:
        """It goes on within a sentence."""
        return str(self.cleaned_data["response_time"]).rstrip(".")

    def clean_leave_url(self) -> str:
        url: str = self.cleaned_data["leave_url"]
        validate_leave_url(url)
        return url

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        validate_timezone(zone)
        return zone


class ContactsForm(SettingsForm):
    """Crisis contacts: a row each, and one that is empty."""

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        contacts = clinic.crisis_contacts
        super().__init__(data, initial={"edition": edition_of(clinic)})
        self.count = self.rows_in(data) if data is not None else min(len(contacts) + 1, MOST_CONTACTS)
        for number in range(self.count):
            known = contacts[number] if number < len(contacts) else {"label": "", "number": ""}
            self.fields[f"label_{number}"] = forms.CharField(
                label=f"Contact {number + 1}: who answers", required=False, max_length=60, initial=known["label"]
            )
            self.fields[f"number_{number}"] = forms.CharField(
                label=f"Contact {number + 1}: number to call", required=False, max_length=26, initial=known["number"]
            )
            self.fields[f"remove_{number}"] = forms.BooleanField(label="Take this one away", required=False)

    @staticmethod
    def rows_in(data: Any) -> int:
        """As many as were sent, and one more if that was asked for."""
        sent = next((number for number in range(MOST_CONTACTS) if f"label_{number}" not in data), MOST_CONTACTS)
        return min(sent + ("another" in data), MOST_CONTACTS)

    @property
    def can_grow(self) -> bool:
        return self.count < MOST_CONTACTS

    @property
    def rows(self) -> Iterator[Row]:
        for number in range(self.count):
            label, telephone = self[f"label_{number}"], self[f"number_{number}"]
            is_there = label.value() or telephone.value()
            yield number + 1, [label, telephone, *([self[f"remove_{number}"]] if is_there else [])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(self.count):
            if not cleaned.get(f"remove_{number}"):
                self.check_row(number, cleaned.get(f"label_{number}"), cleaned.get(f"number_{number}"))
        if not self.errors and not self.contacts:
            raise forms.ValidationError("Keep at least one: clients find these numbers on every page of theirs.")
        return cleaned

    def check_row(self, number: int, label: str | None, telephone: str | None) -> None:
        if label and telephone == "":
            self.add_error(f"number_{number}", "Write the number to call, or take the contact away.")
        if telephone and label == "":
            self.add_error(f"label_{number}", "Write who answers, such as: Samaritans, day and night.")
        if telephone and not TELEPHONE.fullmatch(telephone):
            self.add_error(f"number_{number}", NO_TELEPHONE)

    @property
    def contacts(self) -> list[dict[str, str]]:
        """As they are to be kept, in the order of the rows."""
        cleaned = self.cleaned_data
        kept = (number for number in range(self.count) if not cleaned.get(f"remove_{number}"))
        rows = ({part: cleaned.get(f"{part}_{number}") or "" for part in ("label", "number")} for number in kept)
        return [row for row in rows if row["label"]]
