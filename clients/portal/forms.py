"""Forms of the portal that are not work."""

from datetime import date, timedelta
from typing import Any

from django import forms

from clients.consent import current
from clients.models import Client, Occurrence
from practices.tenancy import current_clinic

SHORT = 500
LANGUAGES = list(Client.Language.choices)
FARTHEST = timedelta(days=366)
MOVED = "This text was changed while you were reading. Please read it again."


class NotNowForm(forms.Form):
    """Why not now."""

    PICK = "Pick what would help, then save it."
    reason = forms.ChoiceField(
        choices=Occurrence.NotNow.choices,
        label="What would help?",
        widget=forms.RadioSelect,
        error_messages={"required": PICK, "invalid_choice": PICK},
    )
    words = forms.CharField(
        required=False,
        max_length=SHORT,
        label="In your own words, if you like",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"max_length": "Keep it under 500 characters."},
    )


class PlanForm(forms.Form):
    """When and where, and how sure; both can be left out."""

    words = forms.CharField(
        required=False,
        max_length=SHORT,
        label="When and where could this fit?",
        help_text="For example: on Sunday after lunch, at the kitchen table.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Keep it under 500 characters."},
    )
    confidence = forms.TypedChoiceField(
        choices=[(str(number), str(number)) for number in range(11)],
        coerce=int,
        required=False,
        empty_value=None,
        label="How sure are you that you will get to it?",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose a number from 0 to 10."},
    )


class ContactForm(forms.Form):
    """How the client is told that something waits, and in which language, once there is a second one."""

    language = forms.ChoiceField(
        label="Language",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a language.", "invalid_choice": "Choose a language from the list."},
    )
    channel = forms.ChoiceField(
        choices=Client.Channel.choices,
        label="How may we tell you that something waits?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how.", "invalid_choice": "Choose one from the list."},
    )

    mail_hour = forms.TypedChoiceField(
        label="Not before",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="By your own clock. At night we never write.",
        error_messages={"invalid_choice": "Choose an hour from the list."},
    )
    no_mail_until = forms.DateField(
        label="No mails until the end of",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="For some days off. Your work stays where it is. Leave it empty to hear from us.",
        error_messages={"invalid": "Choose a day, or leave it empty."},
    )

    def __init__(self, posted: Any, *, client: Client, today: date | None = None) -> None:
        chosen = {name: getattr(client, name) for name in ("language", "channel", "mail_hour", "no_mail_until")}
        if today and client.no_mail_until and client.no_mail_until < today:
            chosen["no_mail_until"] = None
        super().__init__(posted, initial=chosen)
        self.today = today
        clinic = current_clinic()
        hours = [(hour, f"{hour}:00") for hour in range(clinic.quiet_until + 1, clinic.quiet_from)]
        self.fields["mail_hour"].choices = [("", f"{clinic.quiet_until}:00, as soon as there is something"), *hours]  # type: ignore[attr-defined]
        if len(LANGUAGES) > 1:
            self.fields["language"].choices = LANGUAGES  # type: ignore[attr-defined]
        else:
            del self.fields["language"]

    def clean_no_mail_until(self) -> date | None:
        day: date | None = self.cleaned_data["no_mail_until"]
        if day and self.today and not self.today <= day <= self.today + FARTHEST:
            raise forms.ValidationError("Choose a day from today on, within a year.")
        return day

    @property
    def chosen(self) -> dict[str, Any]:
        """What `choose_channel` takes."""
        names = ("language", "channel", "mail_hour", "no_mail_until")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


class WelcomeForm(ContactForm):
    """The same, with what the client says to what they are asked."""

    answer = forms.ChoiceField(
        choices=[("yes", "I agree"), ("no", "I do not agree")],
        label="Your answer",
        error_messages={"required": "Say whether you agree.", "invalid_choice": "Say whether you agree."},
    )
    version = forms.IntegerField(label="What we ask")

    def __init__(self, posted: Any, *, client: Client) -> None:
        super().__init__(posted, client=client)
        # One question less on the first visit: they are found under Settings.
        del self.fields["mail_hour"], self.fields["no_mail_until"]
        self.fields["version"].error_messages |= dict.fromkeys(("required", "invalid"), MOVED)

    def clean_version(self) -> int:
        """Nobody agrees to a text that they were not shown."""
        version: int = self.cleaned_data["version"]
        if version != current():
            raise forms.ValidationError(MOVED)
        return version
