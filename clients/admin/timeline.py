"""What happened with a client: given, put off, sent, read, opened by others, taken back; newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from clients.admin.queue import NOT_NOW, title_of
from clients.admin.words import capital, day_in_words, moment_in_words, often_in_words
from clients.models import Assignment, BreakGlass, Client, Occurrence, Response
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent

STEP, MOST = 15, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline."""

    at: datetime
    icon: str
    text: str
    when: str
    words: str | None = None
    url: str = ""
    new: bool = False


class Timeline:
    """The newest `shown` events, for somebody who may read the client; eight queries, however many there are.

    Why not now, in the client's own words, is for the clinician in care alone: so it was said to whoever wrote it.
    """

    def __init__(
        self, client: Client, *, reader: User, in_care: bool, zone: ZoneInfo, at: datetime, shown: int
    ) -> None:
        self.client, self.reader, self.in_care, self.zone, self.at = client, reader, in_care, zone, at
        self.shown = max(STEP, min(shown, MOST))
        found = [*self._given(), *self._put_off(), *self._sent(), *self._opened(), *self._broken()]
        found.sort(key=lambda event: event.at, reverse=True)
        self.events = found[: self.shown]
        self.earlier = min(self.shown + STEP, MOST) if len(found) > self.shown and self.shown < MOST else 0

    def _who(self, user: User) -> str:
        return "You" if user.pk == self.reader.pk else user.display_name

    def _when(self, moment: datetime) -> str:
        return capital(moment_in_words(moment, at=self.at, zone=self.zone))

    def _given(self) -> list[Event]:
        newest = (
            Assignment.objects.filter(client=self.client)
            .select_related("version", "assigned_by", "instead_of__assignment__version")
            .defer("version__schema", "note", "instead_of__assignment__note", "instead_of__assignment__version__schema")
            .order_by("-assigned_at")[: self.shown + 1]
        )
        events = []
        for assignment in newest:
            title, at = assignment.version.title, assignment.assigned_at
            often = often_in_words(assignment.rule, starts_on=assignment.starts_on)
            more = f". {capital(often)}" if assignment.times > 1 else ""
            given = f"{self._who(assignment.assigned_by)} gave “{title}”"
            if full := assignment.instead_of:
                given = f"{self.client.first_name} chose “{title}”, smaller than “{full.assignment.version.title}”"
            events.append(Event(at=at, icon="plus", text=given, when=f"{self._when(at)}{more}"))
            if taken := assignment.withdrawn_at:
                text = f"“{title}” was taken back"
                events.append(Event(at=taken, icon="close", text=text, when=self._when(taken)))
        return events

    def _put_off(self) -> list[Event]:
        newest = (
            Occurrence.objects.filter(assignment__client=self.client, not_now_at__isnull=False)
            .select_related("assignment__version")
            .defer("assignment__version__schema", "assignment__note")
            .order_by("-not_now_at")[: self.shown + 1]
        )
        return [
            Event(
                at=occurrence.not_now_at,
                icon="reply",
                text=f"{self.client.first_name} put off “{occurrence.assignment.version.title}”",
                when=f"{self._when(occurrence.not_now_at)}. “{NOT_NOW[Occurrence.NotNow(occurrence.not_now)]}”",
                words=occurrence.not_now_words if self.in_care else None,
            )
            for occurrence in newest
            if occurrence.not_now_at and occurrence.not_now
        ]

    def _sent(self) -> list[Event]:
        newest = (
            Response.objects.submitted()
            .filter(occurrence__assignment__client=self.client)
            .select_related("occurrence__assignment__version", "review__by")
            .defer("answers", "kept", "occurrence__assignment__version__schema", "occurrence__assignment__note")
            .order_by("-submitted_at")[: self.shown + 1]
        )
        events = []
        for response in newest:
            at, occurrence = response.submitted_at or self.at, response.occurrence
            title = title_of(occurrence.assignment, occurrence.number)
            url = reverse("admin:response", args=[response.pk])
            review = getattr(response, "review", None)
            late = f". Was due {day_in_words(occurrence.due_at, at=self.at, zone=self.zone)}"
            events.append(
                Event(
                    at=at,
                    icon="send",
                    text=f"{self.client.first_name} sent “{title}”",
                    when=f"{self._when(at)}{late if at > occurrence.due_at else ''}",
                    url=url,
                    new=review is None,
                )
            )
            if review:
                replied = " and replied" if review.reply else ""
                read = f"{self._who(review.by)} read “{title}”{replied}"
                words, when = review.reply, self._when(review.at)
                events.append(Event(at=review.at, icon="eye", text=read, when=when, words=words))
        return events

    def _broken(self) -> list[Event]:
        """Openings with a reason; the reason for those it concerns."""
        newest = BreakGlass.objects.filter(client=self.client).select_related("user").order_by("-starts_at")
        told = set(
            BreakGlass.objects.with_reason_for(self.reader).filter(client=self.client).values_list("pk", flat=True)
        )
        return [
            Event(
                at=glass.starts_at,
                icon="alert",
                text=f"{self._who(glass.user)} opened {self.client.first_name} with a reason, for an hour",
                when=self._when(glass.starts_at),
                words=glass.reason if glass.pk in told else None,
            )
            for glass in newest[: self.shown + 1]
        ]

    def _opened(self) -> list[Event]:
        """Openings by others, once per person and response and day; one's own are known from the reading."""
        read = AuditEvent.objects.openings_of(self.client.pk).filter(action=Action.RESPONSE_OPENED)
        newest = read.exclude(actor=self.reader.pk)[: self.shown + 1]
        openings: dict[tuple[UUID | None, UUID | None, object], AuditEvent] = {}
        for event in newest:
            openings.setdefault((event.actor, event.subject_id, event.at.astimezone(self.zone).date()), event)
        people = User.objects.in_bulk({actor for actor, _, _ in openings if actor})
        titles = Response.objects.filter(pk__in={subject for _, subject, _ in openings if subject}).titles()
        return [
            Event(
                at=event.at,
                icon="eye",
                text=f"{people[event.actor].display_name} opened “{titles[event.subject_id]}”",
                when=self._when(event.at),
            )
            for event in openings.values()
            if event.actor in people and event.subject_id in titles
        ]
