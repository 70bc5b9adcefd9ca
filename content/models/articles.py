"""Articles: the one that is edited, and each revision as it was published."""

from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Greatest
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse

from content.body import Block, blocks, plain_text, reading_minutes
from content.models.searching import (
    INDEXED,
    LIKE_ENOUGH,
    Holds,
    RevisionPicturesField,
    RevisionSearchField,
    TellingWords,
    WithoutMarkup,
    WordLikeness,
    configuration_of,
)
from content.workflow import Step
from practices.accounts.permissions import Kind
from practices.models import ClinicModel

if TYPE_CHECKING:
    from content.models.pictures import Picture

# How many characters of a text stand for it where no excerpt was written.
SUMMARY = 200
# How many words of a misspelt question are looked at one by one, and how short those are that are not.
MOST_TRIED, SHORT = 6, 3
# Around what was searched for, until it is shown: characters that no text has a use for.
MARK_START, MARK_END = "\ue000", "\ue001"


class AuthorQuerySet(models.QuerySet["Author"]):
    def on_team_page(self) -> "AuthorQuerySet":
        """Who works here now and chose to be shown, by name."""
        people = self.filter(is_on_team_page=True, user__is_active=True, user__kind=Kind.STAFF)
        return people.select_related("photo").order_by("name", "pk")

    def with_a_page(self, user: Any) -> "AuthorQuerySet":
        """Whoever has written something that this reader may read, or is on the team page."""
        articles = Article.objects.visible_to(user).filter(byline=OuterRef("pk"))
        return self.filter(Exists(articles) | Q(pk__in=self.on_team_page().values("pk"))).exclude(slug="")


class Author(ClinicModel):
    """Whoever an article is by: a member of staff, or a guest without an account."""

    name = models.CharField(max_length=120)
    slug = models.SlugField("address", max_length=80, blank=True, default="", db_default="")
    credentials = models.CharField(max_length=60, blank=True, help_text="As in a byline: MSW, LMFT, PhD.")
    bio = models.TextField(blank=True, max_length=600)
    photo = models.ForeignKey("content.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )
    is_on_team_page = models.BooleanField("on the team page", default=False, db_default=False)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=~Q(slug=""),
                name="author_slug",
                violation_error_message="Another author has this address. Choose another one.",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The author's own page; nothing for somebody who has no address yet."""
        return reverse("author", kwargs={"slug": self.slug}) if self.slug else ""

    @property
    def byline(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(status=Article.Status.PUBLISHED)

    def visible_to(self, user: Any) -> "ArticleQuerySet":
        """What this reader may read on the site: everybody the public ones, people of the clinic all that are published."""
        return self.published() if user.is_authenticated else self.public()

    def to_appear(self, at: datetime) -> "ArticleQuerySet":
        """Scheduled for a moment that has come."""
        return self.filter(step=Step.SCHEDULED, publish_at__lte=at)

    def to_be_read(self) -> "ArticleQuerySet":
        """Somebody asks whoever publishes here to read it."""
        return self.filter(step=Step.IN_REVIEW)

    def public(self) -> "ArticleQuerySet":
        """Published for everybody."""
        return self.published().filter(audience=Article.Audience.PUBLIC)

    def gone_from(self, slug: str) -> "ArticleQuerySet":
        """What everybody could read at this address, now or formerly its own, and what was withdrawn since."""
        at_address = models.Q(slug=slug) | models.Q(former_addresses__slug=slug)
        withdrawn = self.filter(status=Article.Status.WITHDRAWN, audience=Article.Audience.PUBLIC)
        return withdrawn.filter(at_address).exclude(first_published_at=None)

    def with_revision(self) -> "ArticleQuerySet":
        """Fetch what a page of the site shows in the same query."""
        return self.select_related("current__cover", "byline__photo", "posted_by").defer("current__search")

    def found_by(self, words: str, *, locale: str) -> "ArticleQuerySet":
        """Those that hold the words, in any form that the language has for them; the best match first."""
        query = SearchQuery(words, config=configuration_of(locale), search_type="websearch")
        return (
            self.with_revision()
            .filter(current__search=query)
            .annotate(
                rank=SearchRank(F("current__search"), query),
                passage=SearchHeadline(
                    WithoutMarkup("current__body"),
                    query,
                    config=configuration_of(locale),
                    start_sel=MARK_START,
                    stop_sel=MARK_END,
                    max_words=34,
                    min_words=18,
                    # With fragments the words stand in the middle of their passage, else at its beginning.
                    max_fragments=1,
                    short_word=1,  # type: ignore[arg-type]  # a number, whatever its type says
                ),
            )
            .order_by("-rank", "-first_published_at", "-pk")
        )

    def sounding_like(self, words: str) -> "ArticleQuerySet":
        """Those whose title or author looks like the words, for when they are misspelt; the most alike first."""
        text = Concat("current__title", Value(" "), "current__byline")
        # All of them in a row, or, of several, the one that was meant best.
        several = words.split()[:MOST_TRIED] if " " in words else []
        tried = [words, *(word for word in several if len(word) > SHORT)]
        likenesses = [WordLikeness(each, text) for each in tried]
        likeness = Greatest(*likenesses) if len(likenesses) > 1 else likenesses[0]
        alike = self.filter(GreaterThanOrEqual(likeness, LIKE_ENOUGH))
        return alike.with_revision().order_by(likeness.desc(), "-first_published_at", "-pk")

    def about_the_same_as(self, article: "Article", *, locale: str) -> "ArticleQuerySet":
        """Those that say the words which this one, as it is being written, says most; the nearest first."""
        text = f"{article.title} {article.title} {article.excerpt} {plain_text(article.body)}"
        words = TellingWords(text[:INDEXED], configuration=configuration_of(locale))
        others = self.exclude(pk=article.pk).filter(Holds("current__search", words))
        return others.annotate(rank=SearchRank(F("current__search"), words)).order_by("-rank", "pk")

    def newest_first(self) -> "ArticleQuerySet":
        return self.with_revision().order_by("-first_published_at", "-pk")

    def in_order(self) -> "ArticleQuerySet":
        """The parts of a series, the first one first."""
        return self.with_revision().order_by("part", "first_published_at", "pk")

    def to_read_after(self, article: "Article") -> "ArticleQuerySet":
        """Those that staff chose to go with this one, then the newest on its topics."""
        chosen = Article.related.through.objects.filter(from_article=article.pk, to_article=OuterRef("pk"))
        same_topic = Article.topics.through.objects.filter(
            article=OuterRef("pk"), topic__in=Article.topics.through.objects.filter(article=article.pk).values("topic")
        )
        return (
            self.exclude(pk=article.pk)
            .filter(Exists(chosen) | Exists(same_topic))
            .with_revision()
            .order_by(Exists(chosen).desc(), "-first_published_at", "-pk")
        )


class Article(ClinicModel):
    """The article as staff edit it. Readers see its current revision, never these fields."""

    class Audience(models.TextChoices):
        PUBLIC = "public", "everybody"
        CLIENTS = "clients", "clients only"

    class Commenting(models.TextChoices):
        INHERIT = "inherit", "as the practice has set"
        OFF = "off", "off"
        ON = "on", "on"

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    title = models.CharField(max_length=160, help_text="A question works well.")
    slug = models.SlugField("address", max_length=80, unique=True, help_text="The last part of its web address.")
    byline = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="articles")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    excerpt = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences below the title and in lists."
    )
    cover = models.ForeignKey("content.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    topics = models.ManyToManyField("content.Topic", blank=True, related_name="articles")
    series = models.ForeignKey(
        "content.Series", null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    part = models.PositiveSmallIntegerField("which part", null=True, blank=True)
    related = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="+")
    # What a clinician may give beside it; readers don't see it.
    goes_with = models.ManyToManyField("content.Exercise", blank=True, related_name="+")
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.PUBLIC)
    commenting = models.CharField("comments", max_length=7, choices=Commenting, default=Commenting.INHERIT)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    current = models.OneToOneField(
        "content.ArticleRevision", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    first_published_at = models.DateTimeField(null=True, editable=False)
    # What becomes of what is being written, whatever readers see meanwhile; see content/workflow.py.
    step = models.CharField(
        max_length=9, choices=[(step, step.value) for step in Step], default="", db_default="", editable=False
    )
    step_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    step_at = models.DateTimeField(null=True, editable=False)
    publish_at = models.DateTimeField(null=True, editable=False)
    # To whoever writes it, from whoever read it.
    note = models.CharField(max_length=600, blank=True, default="", db_default="", editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_published_has_revision",
                condition=~Q(status="published") | Q(current__isnull=False, first_published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="article_scheduled_has_moment",
                condition=Q(step="scheduled", publish_at__isnull=False) | (~Q(step="scheduled") & Q(publish_at=None)),
            ),
            models.CheckConstraint(
                name="article_part_is_of_a_series",
                condition=Q(series=None, part=None) | Q(series__isnull=False, part__isnull=False, part__gte=1),
            ),
        ]
        indexes = [models.Index(fields=["status", "-first_published_at"], name="article_published")]

    def get_absolute_url(self) -> str:
        return reverse("article", kwargs={"slug": self.slug})

    @property
    def revision(self) -> "ArticleRevision":
        """What readers see of a published article."""
        assert self.current is not None
        return self.current

    @property
    def is_for_clients(self) -> bool:
        return self.audience == Article.Audience.CLIENTS

    @property
    def shown_photo(self) -> "Picture | None":
        """The author's photo, as long as the author is the one that was published."""
        return self.byline.photo if self.byline.byline == self.revision.byline else None

    @property
    def author_url(self) -> str:
        """The author's page, as long as the author is the one that was published."""
        return self.byline.get_absolute_url() if self.byline.byline == self.revision.byline else ""

    @property
    def question_count(self) -> int:
        """How many questions to the reader the draft has; in text a “<” is always escaped."""
        return self.body.count("<p data-prompt=")

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether readers see something else than what is being written."""
        seen = self.current
        if seen is None:
            return True
        draft = (self.title, self.byline.byline, self.excerpt, self.cover_id, self.body)
        return draft != (seen.title, seen.byline, seen.excerpt, seen.cover_id, seen.body)

    @property
    def poster(self) -> str:
        """Who put the article up, if that is somebody else than who wrote it."""
        if self.posted_by is None or self.revision.byline.startswith(self.posted_by.display_name):
            return ""
        return self.posted_by.byline


class FormerAddress(ClinicModel):
    """Where an article was found before: links that readers kept lead on to where it is now."""

    slug = models.SlugField(max_length=80, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_addresses")


class FormerPath(ClinicModel):
    """Where an article was found on the site that it came from; see content/moved.py."""

    path = models.CharField(max_length=300)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_paths")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path"], name="former_path")]


def plain_path(path: str) -> str:
    """A path as it is kept: with or without a slash at its end, it is the same."""
    return "/" + path.strip("/")


def path_of_number(number: str) -> str:
    """How an address is kept that is only a number."""
    return f"?p={number}"


class ArticleRevision(ClinicModel):
    """An article as it was published once. A trigger refuses UPDATE and DELETE: answers belong to what was read."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    byline = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=300, blank=True)
    cover = models.ForeignKey("content.Picture", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    language = models.CharField(max_length=12, default="english", db_default="english")
    search = RevisionSearchField()
    pictures = RevisionPicturesField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_revision_number")]
        indexes = [
            GinIndex(fields=["search"], name="article_revision_search"),
            GinIndex(fields=["pictures"], name="article_revision_pictures"),
        ]

    @property
    def author_name(self) -> str:
        """The byline without credentials."""
        return self.byline.partition(",")[0]

    @property
    def summary(self) -> str:
        """What the article is about in a line or two: the excerpt, else how it begins."""
        return self.excerpt or shorten(plain_text(self.body), SUMMARY, placeholder=" …")

    @property
    def blocks(self) -> list[Block]:
        return blocks(self.body)

    @property
    def minutes(self) -> int:
        return reading_minutes(self.body)
