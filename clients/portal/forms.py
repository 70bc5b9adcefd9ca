"""Forms of the portal that are not work."""

from typing import Any

from django import forms

from clients.consent import current
from clients.models import Client

LANGUAGES = list(Client.Language.choices)
MOVED = "This text was changed while you were reading. Please read it again."


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

    def __init__(self, posted: Any, *, client: Client) -> None:
        super().__init__(posted, initial={"language": client.language, "channel": client.channel})
        if len(LANGUAGES) > 1:
            self.fields["language"].choices = LANGUAGES  # type: ignore[attr-defined]
        else:
            del self.fields["language"]

    @property
    def chosen(self) -> dict[str, str]:
        """What `choose_channel` takes."""
        return {name: self.cleaned_data[name] for name in ("language", "channel") if name in self.fields}


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
        self.fields["version"].error_messages |= dict.fromkeys(("required", "invalid"), MOVED)

    def clean_version(self) -> int:
        """Nobody agrees to a text that they were not shown."""
        version: int = self.cleaned_data["version"]
        if version != current():
            raise forms.ValidationError(MOVED)
        return version
