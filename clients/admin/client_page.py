"""What the client page shows; to those who may not read the client only whether work is open or done."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, Prefetch
from django.utils.formats import date_format

from clients.admin.charts import ScoreChart, Sitting
from clients.admin.chips import chip_of, in_hand
from clients.admin.pause_page import PausePage
from clients.admin.timeline import Timeline
from clients.admin.words import capital, day_in_words, moment_in_words
from clients.completion import Week, added_up, by_week
from clients.models import Assignment, CareRelation, Client, Occurrence, Slip
from clients.models.people import supervisions_of
from clients.models.reading import Reading, reading_of
from clients.states import UNFINISHED
from practices.accounts.models import Supervision, User
from practices.outbox.models import OutboxMail
from practices.tenancy import current_clinic

WEEKS = 12
SITTINGS = 26
TONES = {
    Client.Status.INVITED: ("mail", ""),
    Client.Status.ACTIVE: ("check", "good"),
    Client.Status.PAUSED: ("clock", "warm"),
    Client.Status.DISCHARGED: ("close", ""),
}


@dataclass(frozen=True, slots=True)
class OpenWork:
    """An assignment that is not finished, and how its next time stands."""

    assignment: Assignment
    detail: str
    chip: str
    icon: str

    @property
    def plan(self) -> dict[str, Any]:
        """When and where the client means to do it, and how sure they are; for the clinician in care."""
        return self.assignment.plan or {}


@dataclass(frozen=True, slots=True)
class Measure:
    """An exercise that gives this client a score."""

    exercise: UUID
    title: str


@dataclass(frozen=True, slots=True)
class WeekCells:
    """A week of the completion strip, drawn from top to bottom, and said in words."""

    week: Week
    label: str
    now: bool
    often: bool

    @property
    def cells(self) -> list[str]:
        tally = self.week.tally
        missed = ["put"] * tally.put_off + ["miss"] * (tally.missed - tally.put_off)
        return ["open"] * tally.open + missed + ["late"] * tally.late + ["done"] * tally.on_time

    @property
    def words(self) -> str:
        tally = self.week.tally
        named = (
            (tally.on_time, "done"),
            (tally.late, "done late"),
            (tally.missed - tally.put_off, "not done"),
            (tally.put_off, "put off"),
            (tally.open, "open"),
        )
        said = [f"{number} {name}" for number, name in named if number]
        return f"Week of {date_format(self.week.starts_on, 'j F')}: {', '.join(said) or 'nothing due'}"


class ClientPage:
    """The page of one client, as this member of staff may see it."""

    def __init__(self, client: Client, *, reader: User, at: datetime, measure: str = "", events: int = 0) -> None:
        self.client, self.reader, self.at = client, reader, at
        self._measure, self._events = measure, events
        self.zone: ZoneInfo = current_clinic().zone

    @cached_property
    def reading(self) -> Reading | None:
        """Why the reader may see what was given, sent and scored, if they may."""
        return reading_of(self.client, staff=self.reader)

    @property
    def in_care(self) -> bool:
        """Whether the reader may also act on it."""
        return self.reading is not None and self.reading.is_care

    @cached_property
    def supervisions(self) -> list[Supervision]:
        return list(supervisions_of(self.client))

    @property
    def status(self) -> tuple[str, str]:
        """Icon and tone of the status chip."""
        return TONES[Client.Status(self.client.status)]

    @cached_property
    def relations(self) -> list[CareRelation]:
        care = CareRelation.objects.current().filter(client=self.client)
        return list(care.select_related("clinician").order_by("clinician__display_name"))

    @cached_property
    def slip(self) -> Slip | None:
        """A printed way in that has not been used yet."""
        return Slip.objects.usable(self.at).filter(client=self.client).first()

    @property
    def agreement(self) -> str:
        """What the client said to how their work is kept."""
        words, version = capital(str(Client.Consent(self.client.consent).label)), self.client.consent_version
        if not version:
            return words
        return f"{words}, version {version}" + ("" if self.client.is_asked else ". The text has changed since")

    @property
    def pause(self) -> str:
        """The pause from work that is on, or lies ahead."""
        return PausePage(self.client, at=self.at).present

    @property
    def last_seen(self) -> str:
        seen = self.client.last_seen_at
        return capital(moment_in_words(seen, at=self.at, zone=self.zone)) if seen else "Not yet"

    @cached_property
    def mail(self) -> tuple[str, bool]:
        """How the last mail to the client fared, and whether something is wrong with it."""
        last = OutboxMail.objects.filter(about=self.client.pk).order_by("-created_at").first()
        if last is None:
            return "None yet", False
        when = capital(moment_in_words(last.created_at, at=self.at, zone=self.zone))
        if last.state == OutboxMail.State.FAILED:
            return f"{when}: it could not be delivered. Ask {self.client.first_name} for another address.", True
        if last.state == OutboxMail.State.SENT:
            return when, False
        return (
            (f"{when}: not delivered yet, we keep trying", True) if last.attempts else (f"Goes {when.lower()}", False)
        )

    @cached_property
    def next_due(self) -> str:
        unfinished = Occurrence.objects.answerable(self.at).filter(assignment__client=self.client, due_at__gte=self.at)
        due = unfinished.aggregate(next=Min("due_at"))["next"]
        return capital(moment_in_words(due, at=self.at, zone=self.zone)) if due else "Nothing"

    @cached_property
    def _by_week(self) -> list[Week]:
        own = Occurrence.objects.filter(assignment__client=self.client)
        return by_week(own, weeks=WEEKS, zone=self.zone, at=self.at)

    @property
    def weeks(self) -> list[WeekCells]:
        return [
            WeekCells(
                week,
                label="Now" if number == WEEKS - 1 else f"{week.starts_on.day}/{week.starts_on.month}",
                now=number == WEEKS - 1,
                often=number % 3 == 0 or number == WEEKS - 1,
            )
            for number, week in enumerate(self._by_week)
        ]

    @property
    def work_in_words(self) -> str:
        tally = added_up(self._by_week)
        due = tally.done + tally.missed
        if not due:
            return "Nothing was due yet"
        return f"{tally.done} of {due} done{f', {tally.late} of them late' if tally.late else ''}"

    @cached_property
    def open_work(self) -> list[OpenWork]:
        next_times = Occurrence.objects.unfinished().order_by("number")
        assignments: Any = (
            Assignment.objects.unfinished()
            .filter(client=self.client)
            .select_related("version", "instead_of__assignment__version")
            .defer("version__schema", "note", "instead_of__assignment__note", "instead_of__assignment__version__schema")
            .prefetch_related(Prefetch("occurrences", next_times, to_attr="next_times"))
            .order_by("assigned_at")
        )
        found = ((assignment, in_hand(assignment.next_times, at=self.at)) for assignment in assignments)
        return [self._open(assignment, current) for assignment, current in found if current]

    def _open(self, assignment: Assignment, current: Occurrence) -> OpenWork:
        due = day_in_words(current.due_at, at=self.at, zone=self.zone)
        detail = f"{'Was due' if current.due_at < self.at else 'Due'} {due}"
        if full := assignment.instead_of:
            detail = f"The smaller version of “{full.assignment.version.title}”. {detail}"
        if which := assignment.which(current.number):
            detail = f"{capital(which)}. {detail}"
        if current.opens_at > self.at:
            opens = day_in_words(current.opens_at, at=self.at, zone=self.zone)
            detail = f"{detail}. Opens {opens}"
        return OpenWork(assignment, detail, *chip_of(current, at=self.at))

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(
            self.client, reader=self.reader, in_care=self.in_care, zone=self.zone, at=self.at, shown=self._events
        )

    @cached_property
    def measures(self) -> list[Measure]:
        """What gives this client scores, the most lately answered first."""
        scored = Occurrence.objects.filter(assignment__client=self.client, response__score__isnull=False)
        rows = scored.order_by("-submitted_at").values_list(
            "assignment__version__exercise", "assignment__version__exercise__title"
        )
        return [Measure(exercise, title) for exercise, title in dict.fromkeys(rows)]

    @cached_property
    def measure(self) -> Measure | None:
        """The one that is asked for, else the first."""
        asked = (measure for measure in self.measures if str(measure.exercise) == self._measure)
        return next(asked, self.measures[0] if self.measures else None)

    @cached_property
    def chart(self) -> ScoreChart | None:
        if self.measure is None:
            return None
        occurrences = list(
            Occurrence.objects.filter(
                assignment__client=self.client, assignment__version__exercise=self.measure.exercise
            )
            .counted()
            .exclude(state__in=UNFINISHED, due_at__gte=self.at)
            .select_related("assignment__version", "response__score")
            .defer("response__answers", "response__kept", "assignment__note")
            .order_by("-due_at")[:SITTINGS]
        )
        sittings = sorted((self._sitting(occurrence) for occurrence in occurrences), key=lambda sitting: sitting.on)
        scoring = occurrences[0].assignment.version.parsed.scoring
        if scoring is None or all(sitting.total is None for sitting in sittings):
            return None
        return ScoreChart(self.measure.title, sittings, maximum=scoring.maximum, bands=scoring.bands)

    def _sitting(self, occurrence: Occurrence) -> Sitting:
        on = (occurrence.submitted_at or occurrence.due_at).astimezone(self.zone).date()
        score = getattr(getattr(occurrence, "response", None), "score", None)
        result = score.result if score else {"total": None, "band": None}
        return Sitting(on, result["total"], result["band"] or "")

    @property
    def since(self) -> str:
        return date_format(self.client.since, "j F Y")
