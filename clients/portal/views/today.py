"""Today: the one next thing, what else is open, and what became of what was sent."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.models import Client, Occurrence, Response
from clients.models.work import OccurrenceQuerySet
from clients.portal import wording
from clients.portal.forms import NotNowForm
from clients.portal.sent import Sent
from clients.portal.views.pages import page, visiting_client
from clients.portal.work import Practice, Work, first_next
from content.published import attach_versions
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.tenancy import current_clinic

MOST_OPEN = 60
MOST_SENT = 4
# What the page says of open work and of what was sent; the versions are attached, and the client is known.
OPEN_COLUMNS = (
    *("number", "opens_at", "due_at", "state", "not_now", "not_now_at", "eased_at"),
    *("assignment__assigned_at", "assignment__rule", "assignment__version_id", "assignment__assigned_by__display_name"),
    *("assignment__note", "assignment__noted_at", "assignment__noted_by__display_name"),
    *("assignment__smaller_id", "assignment__instead_of_id", "assignment__asked_at", "assignment__plan"),
    *("response__answers", "response__kept", "response__version", "response__saved_at"),
)
SENT_COLUMNS = (
    *("kept", "submitted_at", "occurrence__assignment__version_id"),
    *("review__at", "review__reply", "review__by__display_name"),
)


@dataclass(frozen=True, kw_only=True)
class Day:
    """Everything on Today."""

    client: Client
    works: list[Work]
    sent: list[Sent]
    given: OccurrenceQuerySet
    at: datetime

    @property
    def now(self) -> datetime:
        return self.at.astimezone(self.client.zone(current_clinic()))

    @property
    def greeting(self) -> str:
        return f"{wording.greeting(self.now)}, {self.client.first_name}"

    @property
    def has_news(self) -> bool:
        """They agreed to a text that has changed since; sending waits for their answer."""
        return self.client.consent == Client.Consent.GIVEN and not self.client.is_asked

    @property
    def pause(self) -> str:
        """The last day of a pause that is on."""
        until, today = self.client.pause_until, self.now.date()
        return wording.plain_date(until, today) if until and self.client.is_paused(today) else ""

    @property
    def next(self) -> Work | None:
        return self.works[0] if self.works else None

    @property
    def others(self) -> list[Work]:
        return self.works[1:]

    @property
    def practices(self) -> list[Practice]:
        return [work.practice for work in self.works if work.practice and work.practice.is_on][:2]

    @property
    def lede(self) -> str:
        if self.next is None:
            return "Nothing is waiting for you."
        minutes = wording.count_in_words(self.next.schema.minutes, "minute")
        return f"One thing next. It takes about {minutes}."

    @property
    def upcoming_words(self) -> str:
        upcoming = self.given.unfinished().filter(opens_at__gt=self.at).order_by("opens_at").first()
        if upcoming is None:
            return "When your clinician gives you something, you find it here."
        opens = upcoming.opens_at.astimezone(self.now.tzinfo)
        return f"The next thing opens {wording.opens_in_words(opens, self.now)}."


@require_safe
@allowed(Act.USE_PORTAL)
def today(request: UserRequest) -> HttpResponse:
    at = timezone.now()
    client = visiting_client(request, at=at)
    if client.consent == Client.Consent.UNASKED:
        return redirect("portal:welcome")
    given = Occurrence.objects.given_to(request.user)
    open_now = (
        given.answerable(at)
        .select_related("assignment__assigned_by", "assignment__noted_by", "response")
        .only(*OPEN_COLUMNS)
    )
    unfinished = list(open_now.order_by("due_at")[:MOST_OPEN])
    submitted = Response.objects.given_to(request.user).submitted()
    newest = submitted.select_related("occurrence__assignment", "review__by").only(*SENT_COLUMNS)
    sent = list(newest.order_by("-submitted_at")[:MOST_SENT])
    assignments = [
        *(occurrence.assignment for occurrence in unfinished),
        *(response.occurrence.assignment for response in sent),
    ]
    attach_versions(assignments)
    attach_versions((one.assignment for one in unfinished), "smaller")
    for assignment in assignments:
        assignment.client = client
    day = Day(
        client=client,
        works=first_next([Work(occurrence=occurrence, at=at) for occurrence in unfinished]),
        sent=[Sent(response=response, at=at) for response in sent],
        given=given,
        at=at,
    )
    chosen = day.next.occurrence.not_now if day.next else ""
    context = {"title": "Today", "day": day, "form": NotNowForm(initial={"reason": chosen})}
    return page(request, client, "today.html", context)
