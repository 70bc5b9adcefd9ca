"""Pictures, re-encoded by us; the file lies in private storage and is served by a view."""

from django.db import models
from django.urls import reverse

from practices.models import ClinicModel

WIDTHS = (480, 960, 1600)


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

    def file_name(self, width: int) -> str:
        """Where the file of one width lies, below the clinic's own folder."""
        return f"pictures/{self.pk}-{width}.webp"

    def url_at(self, width: int) -> str:
        return reverse("picture", kwargs={"pk": self.pk, "width": width})

    @property
    def url(self) -> str:
        return self.url_at(self.widths[-1])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(width)} {width}w" for width in self.widths)
