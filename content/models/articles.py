"""Articles: the one that is edited, and each revision as it was published."""

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from content.body import Block, blocks, plain_text, reading_minutes
from practices.models import ClinicModel

if TYPE_CHECKING:
    from content.models.pictures import Picture

# How many characters of a text stand for it where no excerpt was written.
SUMMARY = 200


class Author(ClinicModel):
    """Whoever an article is by: a member of staff, or a guest without an account."""

    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=60, blank=True, help_text="As in a byline: MSW, LMFT, PhD.")
    bio = models.TextField(blank=True, max_length=600)
    photo = models.ForeignKey("content.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )

    @property
    def byline(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(status=Article.Status.PUBLISHED)

    def visible_to(self, user: Any) -> "ArticleQuerySet":
        """What this reader may read on the site: everybody the public ones, people of the clinic all that are published."""
        return self.published() if user.is_authenticated else self.public()

    def public(self) -> "ArticleQuerySet":
        """Published for everybody."""
        return self.published().filter(audience=Article.Audience.PUBLIC)

    def with_revision(self) -> "ArticleQuerySet":
        """Fetch what a page of the site shows in the same query."""
        return self.select_related("current__cover", "byline__photo", "posted_by")

    def newest_first(self) -> "ArticleQuerySet":
        return self.with_revision().order_by("-first_published_at", "-pk")


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
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.PUBLIC)
    commenting = models.CharField("comments", max_length=7, choices=Commenting, default=Commenting.INHERIT)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    current = models.OneToOneField(
        "content.ArticleRevision", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    first_published_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_published_has_revision",
                condition=~Q(status="published") | Q(current__isnull=False, first_published_at__isnull=False),
            )
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


class ArticleRevision(ClinicModel):
    """An article as it was published once. A trigger refuses UPDATE and DELETE: answers belong to what was read."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    byline = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=300, blank=True)
    cover = models.ForeignKey("content.Picture", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_revision_number")]

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
