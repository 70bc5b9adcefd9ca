"""What somebody says of themselves when they accept an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from practices.accounts.models import User
from practices.pictures import PictureFileField


class AcceptForm(forms.Form):
    """Name, credentials, perhaps a photo, and a password that holds."""

    display_name = forms.CharField(
        max_length=120,
        label="Your name",
        help_text="As colleagues and clients read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    credentials = forms.CharField(
        max_length=60,
        required=False,
        label="Your credentials, if you have any",
        help_text="As in a byline: MSW, LMFT, PhD.",
        widget=forms.TextInput(attrs={"autocomplete": "honorific-suffix"}),
    )
    photo = PictureFileField(
        required=False,
        label="A photo of you, if you like",
        help_text="A JPEG, PNG, WebP or GIF. We keep a small square from its middle.",
    )
    password = forms.CharField(
        label="A password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    again = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password a second time."},
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(display_name=cleaned.get("display_name", ""), email=self.address))
            except ValidationError as error:
                self.add_error("password", error)
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", "The two passwords are not the same. Type both again.")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("display_name", "credentials", "photo", "password")}
