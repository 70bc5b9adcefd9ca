"""What staff fill in: articles, pictures, authors."""

from typing import Any, cast

from django import forms
from django.db.models import Max, Model, Q
from django.http import QueryDict

from content.body import BodyError, make_prompt
from content.editor import ArticleBodyField
from content.models import Article, Author, Exercise, Picture, Series, Topic
from content.services.articles import ArticleNotReadyError, Guest, NewCover, check_ready
from content.workflow import Step
from practices.accounts.models import User
from practices.pictures import PictureFileField
from practices.tenancy import current_clinic

CHANGED_MEANWHILE = (
    "Somebody else saved this article while you were writing, so yours was not saved. Your text is still here. "
    "Open the article in another tab to see theirs and bring over what you want to keep. If you save again, yours replaces theirs."
)

TOPICS_HELP = "What it is about. Readers find other articles on the same topic. Add topics under Content, Topics."
RELATED_HELP = (
    "Shown below the article. On offer are articles that use the same words. "
    "If you choose none, readers see the newest on the same topics."
)
# How many articles about the same are offered.
ON_OFFER = 6


class AuthorChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, author: Model) -> str:
        assert isinstance(author, Author)
        return author.byline


class PictureChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, picture: Model) -> str:
        assert isinstance(picture, Picture)
        return picture.alt


class TopicsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, topic: Model) -> str:
        assert isinstance(topic, Topic)
        return topic.name


class SeriesChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, series: Model) -> str:
        assert isinstance(series, Series)
        return series.title


class RelatedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any article may be chosen; on offer are those chosen before and those about the same."""

    widget = forms.CheckboxSelectMultiple

    def offer_for(self, article: Article) -> None:
        offered: dict[Any, str] = {}
        if not article._state.adding:
            offered = dict(article.related.order_by("title", "pk").values_list("pk", "title"))
        alike = Article.objects.published().about_the_same_as(article, locale=current_clinic().locale)
        offered |= dict(alike.values_list("pk", "title")[:ON_OFFER])
        self.widget.choices = list(offered.items())


class GoesWithField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any exercise that can be given may be chosen; on offer are those chosen before and those about the same."""

    widget = forms.CheckboxSelectMultiple

    def offer_for(self, article: Article) -> None:
        offered: dict[Any, str] = {}
        if not article._state.adding:
            offered = dict(article.goes_with.order_by("title", "pk").values_list("pk", "title"))
        alike = Exercise.objects.assignable().about_the_same_as(article, locale=current_clinic().locale)
        offered |= dict(alike.values_list("pk", "title")[:ON_OFFER])
        self.widget.choices = list(offered.items())


class ExerciseChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, exercise: Model) -> str:
        assert isinstance(exercise, Exercise)
        return exercise.title


class StaffChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, user: Model) -> str:
        assert isinstance(user, User)
        return user.byline


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """An article with its author and cover, which may both be new."""

    body = ArticleBodyField(label="Text", required=False)
    byline = AuthorChoiceField(Author.objects.order_by("name", "pk"), label="Author", required=False)
    guest_name = forms.CharField(
        label="Or somebody new",
        max_length=120,
        required=False,
        help_text="Name of an author who is not in the list yet, such as a guest.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    guest_credentials = forms.CharField(
        label="Their credentials",
        max_length=60,
        required=False,
        help_text="As in a byline: MSW, LMFT, PhD.",
    )
    cover = PictureChoiceField(
        Picture.objects.order_by("-added_at", "-pk"), label="Cover", required=False, empty_label="No cover"
    )
    cover_file = PictureFileField(
        label="Or a new picture", required=False, help_text="A JPEG, PNG, WebP or GIF of up to 15 MB."
    )
    cover_alt = forms.CharField(
        label="What it shows",
        max_length=250,
        required=False,
        help_text="For people who can’t see it. One plain sentence. Needed with a new picture.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    cover_credit = forms.CharField(
        label="Who made it",
        max_length=120,
        required=False,
        help_text="Such as “Picture: Willow”. May be left out.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    topics = TopicsField(
        Topic.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple, help_text=TOPICS_HELP
    )
    series = SeriesChoiceField(
        Series.objects.order_by("title"),
        required=False,
        empty_label="No series",
        help_text="If it is read as part of several articles, in order.",
    )
    related = RelatedField(
        Article.objects.all(),
        label="To read next",
        required=False,
        help_text=RELATED_HELP,
    )
    related_more = forms.CharField(
        label="Or another one",
        required=False,
        max_length=200,
        help_text="The web address of an article of this site.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    goes_with = GoesWithField(
        Exercise.objects.defer("draft"),
        label="Exercises that go with it",
        required=False,
        help_text="For clinicians, who find them on the article’s page. On offer are exercises that use the same words.",
    )
    goes_with_more = ExerciseChoiceField(
        Exercise.objects.assignable().order_by("title", "pk"),
        label="Or another exercise",
        required=False,
        empty_label="No other",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = (
            *("title", "body", "byline", "cover", "excerpt", "audience", "commenting", "slug"),
            *("topics", "series", "part", "related", "goes_with"),
        )
        help_texts = {"part": "1 for the first. Left empty, it comes last."}
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "excerpt": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "audience": forms.RadioSelect,
            "commenting": forms.RadioSelect,
        }
        error_messages = {"slug": {"unique": "Another article has this address. Choose another one."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = self.fields["commenting"].required = False
        self.fields[
            "slug"
        ].help_text = "The last part of its web address. Left empty, a new article’s is made from its title."
        self.fields["seen"].initial = self.version()
        cast(RelatedField, self.fields["related"]).offer_for(self.instance)
        cast(GoesWithField, self.fields["goes_with"]).offer_for(self.instance)

    @property
    def is_to_be_ready(self) -> bool:
        """It is published, or somebody else is asked to, or it will be by itself."""
        asked = {"_publish", "_submit", "_schedule"} & set(self.data)
        return bool(asked) or self.instance.step == Step.SCHEDULED

    def version(self) -> str:
        """Which state of the article this form shows."""
        return "" if self.instance._state.adding else self.instance.changed_at.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.refuse_if_changed_meanwhile()
        if not cleaned.get("byline") and not cleaned.get("guest_name") and "byline" not in self.errors:
            self.add_error("byline", "Choose who wrote it, or write the name of somebody new.")
        if cleaned.get("guest_credentials") and not cleaned.get("guest_name") and "guest_name" not in self.errors:
            self.add_error("guest_name", "Write the name that these credentials belong to.")
        if cleaned.get("cover_file") and not cleaned.get("cover_alt") and "cover_alt" not in self.errors:
            self.add_error("cover_alt", "Say in one sentence what the new picture shows.")
        self.place_in_series(cleaned)
        self.add_another(cleaned)
        if cleaned.get("goes_with_more") and "goes_with" in cleaned:
            chosen = Q(pk__in=cleaned["goes_with"]) | Q(pk=cleaned["goes_with_more"].pk)
            cleaned["goes_with"] = Exercise.objects.filter(chosen)
        if self.is_to_be_ready and not self.errors:
            try:
                check_ready(body=cleaned["body"], cover=None if cleaned["cover_file"] else cleaned["cover"])
            except ArticleNotReadyError as error:
                self.add_error(None, str(error))
        return cleaned

    def place_in_series(self, cleaned: dict[str, Any]) -> None:
        """A part needs its series; without a part the article comes last."""
        series, part = cleaned.get("series"), cleaned.get("part")
        if part is not None and series is None:
            if "series" not in self.errors:
                self.add_error("part", "Choose the series that this is a part of.")
        elif part == 0:
            self.add_error("part", "The first part is 1.")
        elif series is not None and part is None and "part" not in self.errors:
            others = series.articles.exclude(pk=self.instance.pk)
            cleaned["part"] = (others.aggregate(last=Max("part"))["last"] or 0) + 1

    def add_another(self, cleaned: dict[str, Any]) -> None:
        """The article whose address was given is chosen too."""
        address = cleaned.get("related_more", "").strip().rstrip("/")
        if not address or "related" not in cleaned:
            return
        found = Article.objects.filter(slug=address.rpartition("/")[2]).exclude(pk=self.instance.pk).first()
        if found is None:
            self.add_error("related_more", "No other article has this address. Copy it from the article’s page.")
        else:
            cleaned["related"] = Article.objects.filter(Q(pk__in=cleaned["related"]) | Q(pk=found.pk))

    def clean_body(self) -> str:
        """The text; with the question as a prompt whose button sent the form."""
        body: str = self.cleaned_data["body"]
        if "_prompt" not in self.data:
            return body
        try:
            return make_prompt(body, str(self.data["_prompt"]))
        except BodyError as error:
            raise forms.ValidationError(str(error), code="body") from error

    def clean_slug(self) -> str:
        """An article that has an address keeps it: readers may have it."""
        slug: str = self.cleaned_data["slug"]
        return slug or ("" if self.instance._state.adding else self.instance.slug)

    def refuse_if_changed_meanwhile(self) -> None:
        """The row stays locked until the transaction ends, so of two saves at once the second one is refused."""
        if self.instance._state.adding:
            return
        self.instance.changed_at = Article.objects.select_for_update().get(pk=self.instance.pk).changed_at
        if self.data.get("seen") != self.version():
            self.add_error(None, CHANGED_MEANWHILE)
            # Having been told, they may decide that theirs is the one to keep.
            assert isinstance(self.data, QueryDict)
            posted = self.data.copy()
            posted["seen"] = self.version()
            self.data = posted

    def clean_commenting(self) -> str:
        """Unsaid, it stays as it is."""
        says: str = self.cleaned_data["commenting"]
        return says or self.instance.commenting

    @property
    def guest(self) -> Guest | None:
        name = self.cleaned_data["guest_name"]
        return Guest(name=name, credentials=self.cleaned_data["guest_credentials"]) if name else None

    @property
    def new_cover(self) -> NewCover | None:
        image = self.cleaned_data["cover_file"]
        if not image:
            return None
        return NewCover(image=image, alt=self.cleaned_data["cover_alt"], credit=self.cleaned_data["cover_credit"])


class PictureForm(forms.ModelForm):  # type: ignore[type-arg]
    """The words of a picture, and which part of it matters most."""

    class Meta:
        model = Picture
        fields = ("alt", "credit", "focus")
        widgets = {
            "alt": forms.TextInput(attrs={"class": "vTextField"}),
            "credit": forms.TextInput(attrs={"class": "vTextField"}),
            "focus": forms.RadioSelect(attrs={"class": "focus-places"}),
        }
        labels = {"credit": "Who made it", "focus": "Where what matters most is in it"}
        help_texts = {"credit": "Such as “Picture: Willow”. May be left out."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["focus"].required = False

    def clean_focus(self) -> str:
        """Unsaid, it stays where it is."""
        says: str = self.cleaned_data["focus"]
        return says or self.instance.focus


class NewPictureForm(PictureForm):
    """A picture to be taken in."""

    file = PictureFileField(label="Picture", help_text="A JPEG, PNG, WebP or GIF of up to 15 MB.")

    field_order = ("file",)


class ReplacementForm(NewPictureForm):
    """The file that takes a picture's place; its words are asked again, since they may not be true of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "The new picture"
        self.fields["alt"].help_text = "These are the words of the picture before. Are they true of this one?"


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]
    """What articles are about."""

    class Meta:
        model = Topic
        fields = ("name", "description", "slug")
        widgets = {"description": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})}
        help_texts = {"slug": "The last part of its web address. Left empty, it is made from the name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Articles that are read one after the other."""

    class Meta:
        model = Series
        fields = ("title", "description", "slug")
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "description": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }
        help_texts = {"slug": "The last part of its web address. Left empty, it is made from the title."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False


class AuthorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whoever an article is by."""

    photo = PictureChoiceField(
        Picture.objects.order_by("-added_at", "-pk"), required=False, empty_label="No photo, two letters instead"
    )
    user = StaffChoiceField(
        User.objects.active_staff().order_by("display_name"),
        label="Their account",
        required=False,
        empty_label="None, a guest",
        help_text="If they work here.",
        error_messages={"unique": "This account belongs to another author already."},
    )

    class Meta:
        model = Author
        fields = ("name", "credentials", "bio", "photo", "user", "is_on_team_page", "slug")
        help_texts = {
            "is_on_team_page": "For people who work here. Ask them first: the page shows name, credentials, bio and photo.",
            "slug": "The last part of the address of their page. Left empty, it is made from the name.",
        }
