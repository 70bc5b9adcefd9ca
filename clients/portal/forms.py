"""Forms of the portal that are not work."""

from typing import Any

from django import forms

from clients.models import Client


class ContactForm(forms.Form):
    """In which language, and how, the client is told that something waits."""

    language = forms.ChoiceField(
        choices=Client.Language.choices,
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


class WelcomeForm(ContactForm):
    """The same, with what the client says to what they are asked."""

    answer = forms.ChoiceField(
        choices=[("yes", "I agree"), ("no", "I do not agree")],
        error_messages={"required": "Say whether you agree.", "invalid_choice": "Say whether you agree."},
    )
