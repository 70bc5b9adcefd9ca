"""Where articles stand: under topics, and in series that are read in order."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse

from content.models.articles import Article
from practices.models import ClinicModel


class TopicQuerySet(models.QuerySet["Topic"]):
    def with_articles_for(self, user: Any) -> "TopicQuerySet":
        """Those with something that this reader may read, by name."""
        articles = Article.topics.through.objects.filter(
            topic=OuterRef("pk"), article__in=Article.objects.visible_to(user)
        )
        return self.filter(Exists(articles)).order_by("name")


class Topic(ClinicModel):
    """What an article is about; readers find others on the same topic."""

    name = models.CharField(max_length=60, unique=True, help_text="One or two plain words: Sleep. Saying no.")
    slug = models.SlugField("address", max_length=60, unique=True, help_text="The last part of its web address.")
    description = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences at the top of the topic’s page."
    )

    objects = TopicQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("topic", kwargs={"slug": self.slug})


class Series(ClinicModel):
    """Articles that belong together and are read one after the other."""

    title = models.CharField(max_length=120, unique=True)
    slug = models.SlugField("address", max_length=80, unique=True, help_text="The last part of its web address.")
    description = models.CharField(
        max_length=300, blank=True, help_text="One or two sentences at the top of the series’ page."
    )

    class Meta:
        verbose_name_plural = "series"

    def get_absolute_url(self) -> str:
        return reverse("series", kwargs={"slug": self.slug})
