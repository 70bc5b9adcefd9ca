"""The form that asks for a reason."""

from django import forms


class GlassForm(forms.Form):
    """Why a colleague's client must be read."""

    reason = forms.CharField(
        min_length=10,
        max_length=1000,
        label="Why must you read this client now?",
        help_text="You and the clinicians who care for the client can read this. The owner sees who and when, not why.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Say why.",
            "min_length": "Say a little more: at least ten characters.",
            "max_length": "Keep it under 1,000 characters.",
        },
    )
