"""What moderators and owners fill in about comments."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from content.models import Comment, CommentSettings


class DecisionForm(forms.Form):
    """A decision, and the comments it is about: those that are ticked, or the one whose own button was pressed."""

    to = forms.ChoiceField(choices=Comment.State.choices, required=False)
    comments = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    one = forms.CharField(required=False, max_length=60)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        # Any id may be asked for; which of them there are is seen when they are fetched.
        self.fields["comments"].choices = [(pk, pk) for pk in data.getlist("comments")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state, _, pk = cleaned.get("one", "").partition(":")
        if state:
            try:
                cleaned["to"], cleaned["comments"] = Comment.State(state), [UUID(pk)]
            except ValueError:
                raise ValidationError("This is no decision.") from None
        if not cleaned.get("to") or not cleaned.get("comments"):
            raise ValidationError("Tick the comments first.")
        cleaned["to"] = Comment.State(cleaned["to"])
        return cleaned


class CommentSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the clinic takes comments. The key goes in, and is never shown again."""

    key = forms.CharField(
        label="Akismet key",
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Leave it empty to change nothing. Once saved it is sealed, and nobody sees it again.",
    )
    forget_key = forms.BooleanField(label="Forget the key, and send nothing to Akismet from now on", required=False)

    class Meta:
        model = CommentSettings
        fields = ("is_on", "closes_after_days", "blocked_words", "akismet_notice")
        labels = {
            "is_on": "Take comments below public articles",
            "closes_after_days": "Close after how many days",
            "blocked_words": "Words that make you look twice",
            "akismet_notice": "What readers are told about Akismet",
        }
        help_texts = {
            "is_on": "Each article can say otherwise. Nothing appears before one of you has read it.",
            "closes_after_days": "Counted from when the article first appeared. Left empty, it stays open.",
            "blocked_words": "One word or phrase a line. A comment with one of them is marked in the queue.",
            "akismet_notice": "Stands beside the form while a key is set. Say what is sent, and to whom.",
        }
        widgets = {
            "closes_after_days": forms.NumberInput(attrs={"min": 1, "max": 3650}),
            "blocked_words": forms.Textarea(attrs={"rows": 5}),
            "akismet_notice": forms.Textarea(attrs={"rows": 4}),
        }

    def clean_closes_after_days(self) -> int | None:
        days: int | None = self.cleaned_data["closes_after_days"]
        if days is not None and not 1 <= days <= 3650:
            raise ValidationError("Write a number from 1 to 3650, or nothing.")
        return days

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key and not key.isalnum():
            raise ValidationError("A key has only letters and digits.")
        return key

    @property
    def new_key(self) -> str | None:
        """None: leave the key as it is; empty: forget it."""
        if self.cleaned_data["forget_key"]:
            return ""
        return self.cleaned_data["key"] or None
