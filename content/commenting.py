"""The comments of an article's page, and the form below them, which works without any cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

from content.models import Article, Comment, CommentSettings
from practices.accounts.models import User
from practices.tenancy import current_clinic

# How long a page may lie open before its form must be sent once more, and how soon nobody can have typed a comment.
TOKEN_LASTS = timedelta(hours=24)
TOO_FAST = timedelta(seconds=4)
MOST_SHOWN = 300
signer = Signer(salt="content.commenting")


def token_for(article: Article, *, at: datetime) -> str:
    """Says that a page of this clinic offered the form of this article, and when. The same for every reader of a kept page."""
    return signer.sign(f"{current_clinic().pk.hex}.{article.pk.hex}.{int(at.timestamp())}")


def token_age(token: str, article: Article, *, at: datetime) -> timedelta | None:
    """How old the token is; None if it is not one of this clinic's for this article, or too old."""
    try:
        clinic, about, issued = signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    age = timedelta(seconds=at.timestamp() - int(issued))
    is_ours = clinic == current_clinic().pk.hex and about == article.pk.hex
    return age if is_ours and timedelta(seconds=-1) <= age <= TOKEN_LASTS else None


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site's page sent this. Old browsers say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin", "")
    return origin not in ("", "null") and urlsplit(origin).netloc != request.get_host()


class CommentForm(forms.Form):
    """A name, the words, and a field that only machines fill in."""

    pseudonym = forms.CharField(
        label="Name to show",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": "Write a name to show; any name will do."},
    )
    body = forms.CharField(
        label="Your comment",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 3000}),
        error_messages={
            "required": "Write your comment first.",
            "max_length": "Make it shorter: a comment has up to 3000 characters.",
        },
    )
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    as_staff = forms.BooleanField(required=False)

    def __init__(self, *args: Any, article: Article, staff: User | None, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "comment-%s"
        self.fields["token"].initial = token_for(article, at=at)
        self.staff = staff
        if staff is None:
            del self.fields["as_staff"]
        else:
            self.fields["as_staff"].label = f"Show that I work here: as “{staff.byline}”"
        self._article, self._at = article, at
        self.age: timedelta | None = None

    def clean_pseudonym(self) -> str:
        return self.seen("pseudonym")

    def clean_body(self) -> str:
        return self.seen("body")

    def seen(self, name: str) -> str:
        """What was typed; as if nothing was if nobody could see it, as with spaces that take no room."""
        words: str = self.cleaned_data[name]
        if not any(character.isprintable() and not character.isspace() for character in words):
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return words

    def clean(self) -> dict[str, Any]:
        """A page that lay open too long needs another token; the text stays."""
        cleaned = super().clean() or {}
        self.age = token_age(self.data.get("token", ""), self._article, at=self._at)
        if self.age is None:
            self.add_error(None, "This page was open for a long time. Your comment is still here: send it once more.")
            assert isinstance(self.data, QueryDict)
            posted = self.data.copy()
            posted["token"] = self.fields["token"].initial
            self.data = posted
        return cleaned

    @property
    def is_fast(self) -> bool:
        return self.age is not None and self.age < TOO_FAST

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def named_staff(self) -> User | None:
        """The member of staff who sends it, if they want that to be seen."""
        return self.staff if self.cleaned_data.get("as_staff") else None


@dataclass(frozen=True, slots=True)
class Commenting:
    """What stands below an article."""

    article: Article
    comments: list[Comment]
    are_earlier_left_out: bool
    is_open: bool
    is_over: bool
    form: CommentForm | None
    notice: str
    is_client: bool

    @property
    def is_shown(self) -> bool:
        return self.is_open or bool(self.comments)


def commenting_on(article: Article, *, user: Any, at: datetime, form: CommentForm | None = None) -> Commenting:
    """Two queries: the clinic's settings, and what was approved."""
    rules = CommentSettings.here()
    newest = list(article.comments.approved().newest_first()[: MOST_SHOWN + 1])
    is_open = rules.is_open_on(article, at=at)
    if is_open and form is None:
        form = CommentForm(article=article, staff=staff_of(user), at=at)
    return Commenting(
        article=article,
        comments=newest[:MOST_SHOWN][::-1],
        are_earlier_left_out=len(newest) > MOST_SHOWN,
        is_open=is_open,
        is_over=rules.is_over_for(article, at=at),
        form=form,
        notice=rules.akismet_notice if rules.has_akismet else "",
        is_client=isinstance(user, User) and user.is_client,
    )


def staff_of(user: Any) -> User | None:
    return user if isinstance(user, User) and user.is_staff else None
