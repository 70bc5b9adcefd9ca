"""The forms by which a client uses a printed slip."""

from django import forms

CODE = {"class": "input code-input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class SlipForm(forms.Form):
    """The code on the slip."""

    code = forms.CharField(
        max_length=40,
        label="The code on your slip",
        help_text="Sixteen letters and digits. Capital letters and dashes do not matter.",
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": "Type the code on your slip.", "max_length": "That is longer than a code."},
    )


class AddressForm(forms.Form):
    """Where the client's codes go from now on."""

    email = forms.EmailField(
        max_length=254,
        label="Your email address",
        help_text="You sign in with a code that we mail there. Nobody else should read its mail.",
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )


class MailedCodeForm(forms.Form):
    """The code in the mail."""

    code = forms.CharField(
        max_length=20,
        label="Code",
        widget=forms.TextInput(attrs={**CODE, "autocomplete": "one-time-code"}),
        error_messages={"required": "Type the code in the mail."},
    )
