"""Pictures, re-encoded by us; the files lie in private storage and are served by a view."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from content.body import figures_in
from content.models.articles import Article, ArticleRevision, Author
from practices.models import ClinicModel
from practices.pictures import Format

WIDTHS = (320, 480, 800, 1200, 1600)
# What browsers get that know neither AVIF nor WebP, and what other sites show when they link to an article.
FALLBACK_WIDTH, SHARED_WIDTH = 800, 1200


def widths_for(width: int) -> list[int]:
    """The widths in which a picture of this width is shown: never wider than it is."""
    return sorted({*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])})


def revisions_showing() -> models.QuerySet[ArticleRevision]:
    """Published revisions that show the outer query's picture, as their cover or in their text."""
    this = Func(
        Cast(OuterRef("pk"), TextField()), template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField())
    )
    return ArticleRevision.objects.filter(pictures__contains=this)


@dataclass(frozen=True, slots=True)
class Use:
    """Somewhere that a picture stands: a name, the admin page about it, and in which ways."""

    name: str
    page: str
    pk: UUID
    ways: list[str]


def uses_of(picture: "Picture") -> list[Use]:
    """Where the picture stands, is being put, or stood in what clients may have been given. Two queries."""
    text = Q(body__contains=str(picture.pk))
    shown = ArticleRevision.objects.filter(pictures__contains=[str(picture.pk)], article=OuterRef("pk"))
    articles = Article.objects.annotate(
        as_cover=Q(cover=picture),
        in_text=text,
        readers_see=Exists(shown.filter(pk=OuterRef("current"))),
        was_shown=Exists(shown),
    ).filter(Q(as_cover=True) | Q(in_text=True) | Q(was_shown=True))
    uses = [
        Use(article.title, "admin:content_article_change", article.pk, ways_of(article, picture))
        for article in articles.only("title", "body").order_by("title", "pk")
    ]
    authors = Author.objects.filter(photo=picture).order_by("name", "pk")
    return uses + [Use(one.name, "admin:content_author_change", one.pk, ["their photo"]) for one in authors]


def ways_of(article: Any, picture: "Picture") -> list[str]:
    ways = ["cover"] if article.as_cover else []
    if article.in_text:
        has_own_words = any(one.alt for one in figures_in(article.body) if one.picture == picture.pk)
        ways.append("in the text, with words of its own for it" if has_own_words else "in the text")
    if not ways:
        ways.append("in what readers see" if article.readers_see else "in an earlier revision")
    return ways


class PictureQuerySet(models.QuerySet["Picture"]):
    def on_public_pages(self) -> "PictureQuerySet":
        """What anybody can see on the site now: covers, pictures in texts, photos of authors."""
        public = Article.objects.public()
        shown = revisions_showing().filter(pk__in=public.values("current"))
        team = Author.objects.on_team_page().filter(photo=OuterRef("pk"))
        return self.filter(Exists(shown) | Exists(public.filter(byline__photo=OuterRef("pk"))) | Exists(team))

    def said(self, words: str) -> "PictureQuerySet":
        """Those whose own words, or whose maker's name, hold these; all of them for none."""
        return self.filter(Q(alt__icontains=words) | Q(credit__icontains=words)) if words else self

    def visible_to(self, user: Any) -> "PictureQuerySet":
        """Staff see all; clients whatever was ever published, since their work shows an article as it was."""
        if not user.is_authenticated:
            return self.on_public_pages()
        if user.is_staff:
            return self
        photos = Article.objects.published().filter(byline__photo=OuterRef("pk"))
        return self.filter(Exists(revisions_showing()) | Exists(photos))


class Picture(ClinicModel):
    """One picture with its words. Each edition is another file that took the place of the one before."""

    class Focus(models.TextChoices):
        TOP_LEFT = "top-left", "top left"
        TOP = "top", "top"
        TOP_RIGHT = "top-right", "top right"
        LEFT = "left", "left"
        MIDDLE = "middle", "middle"
        RIGHT = "right", "right"
        BOTTOM_LEFT = "bottom-left", "bottom left"
        BOTTOM = "bottom", "bottom"
        BOTTOM_RIGHT = "bottom-right", "bottom right"

    alt = models.CharField(
        "what it shows", max_length=250, help_text="For people who can't see it. One plain sentence."
    )
    credit = models.CharField(max_length=120, blank=True, help_text="Who made it, such as “Picture: Willow”.")
    focus = models.CharField(
        "what matters most is at the",
        max_length=12,
        choices=Focus,
        default=Focus.MIDDLE,
        db_default=Focus.MIDDLE.value,
        help_text="This part stays in sight where only a strip of the picture has room.",
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)
    edition = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    added_at = models.DateTimeField(editable=False)

    objects = PictureQuerySet.as_manager()

    @property
    def url(self) -> str:
        """Where it is found, whichever file stands for it now: the address that texts keep."""
        return reverse("picture", kwargs={"pk": self.pk})

    def file_url(self, width: int, format: Format) -> str:
        """Where one file is found; never another file, so that it can be kept for long."""
        return f"{self.url}{self.edition}/{width}.{format}"

    def srcset(self, format: Format) -> str:
        base = f"{self.url}{self.edition}/"
        return ", ".join(f"{base}{width}.{format} {width}w" for width in self.widths)

    @property
    def avif_srcset(self) -> str:
        return self.srcset(Format.AVIF)

    @property
    def webp_srcset(self) -> str:
        return self.srcset(Format.WEBP)

    @property
    def fallback_url(self) -> str:
        return self.file_url(self.widest_up_to(FALLBACK_WIDTH), Format.JPEG)

    @property
    def shared_url(self) -> str:
        return self.file_url(self.widest_up_to(SHARED_WIDTH), Format.JPEG)

    @property
    def thumbnail_url(self) -> str:
        return self.file_url(self.widths[0], Format.WEBP)

    def widest_up_to(self, most: int) -> int:
        return max((width for width in self.widths if width <= most), default=self.widths[0])  # type: ignore[no-any-return]

    @property
    def focus_class(self) -> str:
        """The class that keeps in sight what matters; nothing for the middle, which each place decides for itself."""
        return "" if self.focus == Picture.Focus.MIDDLE else f"focus-{self.focus}"
