"""Articles: the one that is edited, and each revision as it was published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from content.models.pictures import Picture
from practices.models import ClinicModel


class Author(ClinicModel):
    """Whoever an article is by: a member of staff, or a guest without an account."""

    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=60, blank=True, help_text="As in a byline: MSW, LMFT, PhD.")
    bio = models.TextField(blank=True, max_length=600)
    photo = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
        published = self.published()
        return published if user.is_authenticated else published.filter(audience=Article.Audience.PUBLIC)


class Article(ClinicModel):
    """The article as staff edit it. Readers see its current revision, never these fields."""

    class Audience(models.TextChoices):
        PUBLIC = "public", "everybody"
        CLIENTS = "clients", "clients only"

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
    cover = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    audience = models.CharField(max_length=7, choices=Audience, default=Audience.PUBLIC)
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


class ArticleRevision(ClinicModel):
    """An article as it was published once. A trigger refuses UPDATE and DELETE: answers belong to what was read."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    byline = models.CharField(max_length=200)
    excerpt = models.CharField(max_length=300, blank=True)
    cover = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_revision_number")]
