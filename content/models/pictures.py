"""Pictures, re-encoded by us; the file lies in private storage and is served by a view."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from content.models.articles import Article, ArticleRevision, Author
from practices.models import ClinicModel

WIDTHS = (480, 960, 1600)


def revisions_showing() -> models.QuerySet[ArticleRevision]:
    """Published revisions that show the outer query's picture, as their cover or in their text."""
    in_text = Q(body__contains=Cast(OuterRef("pk"), TextField()))
    return ArticleRevision.objects.filter(Q(cover=OuterRef("pk")) | in_text)


class PictureQuerySet(models.QuerySet["Picture"]):
    def on_public_pages(self) -> "PictureQuerySet":
        """What anybody can see on the site now: covers, pictures in texts, photos of authors."""
        public = Article.objects.public()
        shown = revisions_showing().filter(pk__in=public.values("current"))
        team = Author.objects.on_team_page().filter(photo=OuterRef("pk"))
        return self.filter(Exists(shown) | Exists(public.filter(byline__photo=OuterRef("pk"))) | Exists(team))

    def visible_to(self, user: Any) -> "PictureQuerySet":
        """Staff see all; clients whatever was ever published, since their work shows an article as it was."""
        if not user.is_authenticated:
            return self.on_public_pages()
        if user.is_staff:
            return self
        photos = Article.objects.published().filter(byline__photo=OuterRef("pk"))
        return self.filter(Exists(revisions_showing()) | Exists(photos))


class Picture(ClinicModel):
    """One picture with its words. `widths` are the widths, in pixels, in which it is stored as WebP."""

    alt = models.CharField(
        "what it shows", max_length=250, help_text="For people who can't see it. One plain sentence."
    )
    credit = models.CharField(max_length=120, blank=True, help_text="Who made it, such as “Picture: Willow”.")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)
    added_at = models.DateTimeField(editable=False)

    objects = PictureQuerySet.as_manager()

    def file_name(self, width: int) -> str:
        """Where the file of one width lies, below the clinic's own folder."""
        return f"pictures/{self.pk}-{width}.webp"

    def url_at(self, width: int) -> str:
        return reverse("picture", kwargs={"pk": self.pk, "width": width})

    @property
    def url(self) -> str:
        return self.url_at(self.widths[-1])

    @property
    def thumbnail_url(self) -> str:
        return self.url_at(self.widths[0])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(width)} {width}w" for width in self.widths)
