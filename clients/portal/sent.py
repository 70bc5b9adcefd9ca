"""Something that was sent, as the client finds it again."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from clients.models import Response, Review
from clients.portal import wording
from practices.tenancy import current_clinic

SENT_PARTS = ("occurrence__assignment__client", "occurrence__assignment__version", "review__by")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A submitted response and what its clinician made of it, at a moment."""

    response: Response
    at: datetime

    @cached_property
    def now(self) -> datetime:
        return self.at.astimezone(self.response.occurrence.assignment.client.zone(current_clinic()))

    @property
    def title(self) -> str:
        return self.response.occurrence.assignment.version.title

    @property
    def url(self) -> str:
        return reverse("portal:response", kwargs={"pk": self.response.pk})

    @cached_property
    def sent_at(self) -> datetime:
        assert self.response.submitted_at is not None
        return self.response.submitted_at.astimezone(self.now.tzinfo)

    @property
    def sent_on(self) -> str:
        return f"Sent {wording.on_day(self.sent_at.date(), self.now.date())}"

    @property
    def sent_exactly(self) -> str:
        return f"Sent {self.sent_at:%A} {self.sent_at.day}, {wording.clock(self.sent_at)}"

    @property
    def month(self) -> str:
        name = f"{self.sent_at:%B}"
        return name if self.sent_at.year == self.now.year else f"{name} {self.sent_at.year}"

    @cached_property
    def kept(self) -> set[str]:
        return set(self.response.kept)

    @property
    def kept_words(self) -> str:
        count = len(self.kept)
        return f"{wording.count_in_words(count, 'answer').capitalize()} only for you" if count else ""

    @cached_property
    def review(self) -> Review | None:
        review: Review | None = getattr(self.response, "review", None)
        return review

    @property
    def reader(self) -> str:
        return self.review.by.first_name if self.review else ""

    @cached_property
    def reply(self) -> str:
        return (self.review.reply or "") if self.review else ""

    @property
    def replied(self) -> str:
        if self.review is None:
            return ""
        return wording.moment_in_words(self.review.at.astimezone(self.now.tzinfo), self.now)
