"""What an operator, or a practice that signs up, fills in."""

from typing import Any

from django import forms
from django.conf import settings

from practices.console.names import plain_host, validate_label
from practices.console.services.asking import Wish
from practices.places import countries, zones

LONG = {"class": "long"}


class LabelForm(forms.Form):
    """The first part of a clinic's address."""

    label = forms.CharField(label="Address", max_length=40, widget=forms.TextInput(attrs={"autocapitalize": "none"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "label"
        ].help_text = (
            f"Small letters, digits and hyphens. “quay-house” would be found at quay-house.{settings.CLINICS_DOMAIN}."
        )

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"].lower()
        validate_label(label)
        return label


class WishForm(LabelForm):
    """A clinic to be opened."""

    field_order = ("name", "label", "email", "country", "timezone")

    name = forms.CharField(label="Name of the practice", max_length=80, widget=forms.TextInput(attrs=LONG))
    email = forms.EmailField(
        label="The owner’s mail address",
        max_length=254,
        widget=forms.EmailInput(attrs=LONG | {"autocomplete": "email"}),
        help_text="The link by which the owner makes their account is sent there.",
    )
    country = forms.ChoiceField(label="Country", initial="GB")
    timezone = forms.ChoiceField(label="Time zone", initial="Europe/London")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("country", countries()), ("timezone", zones())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


class NameForm(forms.Form):
    """What a clinic is called from now on."""

    name = forms.CharField(label="Name", max_length=80, widget=forms.TextInput(attrs=LONG))


class HoldForm(forms.Form):
    """Why a clinic may not be erased."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput(attrs=LONG),
        help_text="A case or a letter, by its number; nothing about anybody.",
    )


class HostForm(forms.Form):
    """One more host name for a clinic."""

    host = forms.CharField(
        label="Host name",
        max_length=253,
        widget=forms.TextInput(attrs=LONG | {"autocapitalize": "none"}),
        help_text="Such as portal.example.org. Let its CNAME or A record lead here first.",
    )

    def clean_host(self) -> str:
        return plain_host(self.cleaned_data["host"])
