"""Forms by which clients are added and changed."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from clients.models import Client
from practices.accounts.models import User
from practices.accounts.permissions import Role

phone_number = RegexValidator(r"^\+?[0-9][0-9 ()-]{3,28}$", "Write a telephone number, such as 01632 960 104.")


class ClinicianField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the clinic's clinicians, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.with_role(Role.CLINICIAN).staying().order_by("display_name"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.byline)


class NewClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A client and the address they will sign in with."""

    email = forms.EmailField(
        max_length=254,
        required=False,
        help_text="They sign in with a code that is sent there. Without one, print them a slip.",
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        max_length=30,
        required=False,
        validators=[phone_number],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    clinician = ClinicianField(required=False, empty_label="Not decided yet", help_text="Sees what the client sends.")

    class Meta:
        model = Client
        fields = ["first_name", "last_name", "pronouns"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and User.objects.by_email(email).exists():
            raise forms.ValidationError("Somebody here already has this mail address.")
        return email


class ChangeClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, pronouns and where they stand with the clinic."""

    class Meta:
        model = Client
        fields = ["first_name", "last_name", "pronouns", "status"]


class GiveCareForm(forms.Form):
    """Who is to care for the client from now on."""

    clinician = ClinicianField(
        empty_label="Choose a clinician",
        error_messages={
            "required": "Choose a clinician.",
            "invalid_choice": "Choose a clinician whose account is open.",
        },
    )
