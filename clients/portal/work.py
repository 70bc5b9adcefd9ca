"""One piece of work as the portal shows it: what it is, how far it is, and in which words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from clients.models import Occurrence, Response
from clients.portal import wording
from clients.scoring import safety_hits
from clients.services.answering import prompt_context, stored_answers
from content.models import Exercise, Picture
from content.prompts.answers import answered, shown
from content.prompts.context import PromptContext
from content.prompts.fields import Field, field_for
from content.prompts.kinds import DayLog, Prompt
from content.prompts.schema import Schema
from practices.tenancy import current_clinic

LONG = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Work:
    """An occurrence with its assignment, version and draft, at a moment."""

    occurrence: Occurrence
    at: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.occurrence.assignment.client.zone(current_clinic())

    @property
    def now(self) -> datetime:
        return self.at.astimezone(self.zone)

    @cached_property
    def schema(self) -> Schema:
        return self.occurrence.assignment.version.parsed

    @cached_property
    def response(self) -> Response | None:
        response: Response | None = getattr(self.occurrence, "response", None)
        return response

    @cached_property
    def answers(self) -> dict[str, Any]:
        return stored_answers(self.response)

    @cached_property
    def kept(self) -> set[str]:
        return set(self.response.kept) if self.response else set()

    @property
    def version(self) -> int:
        return self.response.version if self.response else 0

    @cached_property
    def context(self) -> PromptContext:
        return prompt_context(self.occurrence, at=self.at)

    @property
    def title(self) -> str:
        return self.occurrence.assignment.version.title

    @property
    def kind(self) -> str:
        return self.occurrence.assignment.version.exercise.kind

    @property
    def is_article(self) -> bool:
        return self.occurrence.assignment.version.revision_id is not None

    @property
    def cover(self) -> Picture | None:
        revision = self.occurrence.assignment.version.revision
        return revision.cover if revision else None

    @property
    def author(self) -> str:
        """Who wrote the article, without credentials."""
        revision = self.occurrence.assignment.version.revision
        return revision.byline.partition(",")[0] if revision else ""

    @property
    def is_check_in(self) -> bool:
        return self.kind in (Exercise.Kind.CHECK_IN, Exercise.Kind.MEASURE)

    @property
    def what_to_do(self) -> str:
        return wording.what_to_do(self.kind, self.title)

    @property
    def minutes(self) -> str:
        return "About 1 minute" if self.schema.minutes == 1 else f"About {self.schema.minutes} minutes"

    @property
    def due(self) -> str:
        return wording.due_in_words(self.occurrence.due_at.astimezone(self.zone), self.now)

    @property
    def is_long_late(self) -> bool:
        return self.occurrence.due_at <= self.at - LONG

    @property
    def giver(self) -> str:
        return self.occurrence.assignment.assigned_by.first_name

    @property
    def given(self) -> str:
        return self._on_day(self.occurrence.assignment.assigned_at)

    def _on_day(self, moment: datetime) -> str:
        return wording.on_day(moment.astimezone(self.zone).date(), self.now.date())

    @property
    def noted_by(self) -> str:
        """Whose note it is."""
        return self.occurrence.assignment.writer.display_name

    @property
    def noted(self) -> str:
        """ "Clara, with this, on Monday", and of a note that came later "Clara, yesterday"."""
        assignment = self.occurrence.assignment
        if assignment.noted_at is None:
            return f"{self.giver}, with this, {self.given}"
        return f"{assignment.writer.first_name}, {self._on_day(assignment.noted_at)}"

    @property
    def which(self) -> str:
        """ "Day 3 of 14"; nothing of what is done once."""
        which = self.occurrence.assignment.which(self.occurrence.number)
        return which[:1].upper() + which[1:]

    @property
    def saved(self) -> str:
        if self.response is None or not self.version:
            return ""
        return wording.saved_in_words(self.response.saved_at.astimezone(self.zone), self.now)

    @cached_property
    def questions(self) -> list[Prompt]:
        """What is counted: the shown prompts that are answered once, or the day log if there is nothing else."""
        asked = [prompt for prompt in shown(self.schema, self.answers) if prompt.takes_answer]
        return [prompt for prompt in asked if not isinstance(prompt, DayLog)] or asked

    @cached_property
    def done(self) -> int:
        with_answer = answered(self.schema, self.answers)
        return sum(prompt.id in with_answer for prompt in self.questions)

    @property
    def progress(self) -> str:
        """How far it is: "2 of 3 answered", or the day of a log that has nothing else."""
        log = self.questions[0]
        if len(self.questions) == 1 and isinstance(log, DayLog):
            day = (self.context.today - self.context.starts_on).days + 1
            return f"Day {min(max(day, 1), log.days)} of {log.days}"
        return wording.progress_in_words(self.done, len(self.questions))

    @property
    def is_started(self) -> bool:
        return bool(self.answers)

    @property
    def url(self) -> str:
        return reverse("portal:work", kwargs={"pk": self.occurrence.pk})

    @property
    def resume_url(self) -> str:
        """Back to the same spot: the first question without an answer after the last that has one."""
        return f"{self.url}#{self.spot}" if self.spot else self.url

    @property
    def start_url(self) -> str:
        """Where "Start" leads: before the first time, past what one plans; never twice."""
        if self.is_started or self.occurrence.assignment.asked_at:
            return self.resume_url
        return reverse("portal:plan", kwargs={"pk": self.occurrence.pk})

    @property
    def plan(self) -> dict[str, Any]:
        """When and where they mean to do it, and how sure they are."""
        return self.occurrence.assignment.plan or {}

    @cached_property
    def spot(self) -> str:
        last = max((place for place, prompt in enumerate(self.questions) if prompt.id in self.answers), default=-1)
        if last < 0:
            return ""
        following = self.questions[last + 1 :] or self.questions[last:]
        return f"q-{following[0].id}"

    @property
    def put_off(self) -> str:
        """The reason why not now, in the client's words, until they write on."""
        occurrence = self.occurrence
        lapsed = self.response and occurrence.not_now_at and self.response.saved_at > occurrence.not_now_at
        return "" if lapsed or not occurrence.is_put_off else str(Occurrence.NotNow(occurrence.not_now).label)

    @property
    def smaller(self) -> str:
        """What may be done instead: "“One question”, about 2 minutes"; nothing of what is the smaller version itself."""
        version = self.occurrence.assignment.smaller
        if version is None or self.is_smaller:
            return ""
        return f"“{version.title}”, about {wording.count_in_words(version.parsed.minutes, 'minute')}"

    @property
    def is_smaller(self) -> bool:
        return self.occurrence.assignment.instead_of_id is not None

    @property
    def full_title(self) -> str:
        full = self.occurrence.assignment.instead_of
        return full.assignment.version.title if full else ""

    @property
    def done_instead(self) -> Occurrence | None:
        """The smaller version, if that is done this time, or the full one, if that is done after all."""
        if self.occurrence.state != Occurrence.State.REPLACED:
            return None
        if self.is_smaller:
            return self.occurrence.assignment.instead_of
        return Occurrence.objects.filter(assignment__instead_of=self.occurrence).first()

    @property
    def eased(self) -> str:
        """That what they said was heard: "You said: I need more time. It was changed for you on Monday."."""
        occurrence = self.occurrence
        if not occurrence.not_now or occurrence.is_put_off or occurrence.eased_at is None or self.is_started:
            return ""
        said = Occurrence.NotNow(occurrence.not_now).label
        return f"You said: {said}. It was changed for you {self._on_day(occurrence.eased_at)}."

    @cached_property
    def practice(self) -> "Practice | None":
        """The work's day log, if it has one."""
        log = next((prompt for prompt in self.schema.prompts if isinstance(prompt, DayLog)), None)
        return Practice(work=self, field=field_for(log, self.answers, context=self.context)) if log else None

    @cached_property
    def tripping(self) -> dict[str, list[str]]:
        return wording.tripping_values(self.schema)

    @property
    def tripped(self) -> bool:
        return bool(safety_hits(self.schema, self.answers))


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The week of a day log, to be gone on with from Today."""

    work: Work
    field: Field

    @property
    def is_on(self) -> bool:
        """Today is one of its days."""
        return self.field.today is not None

    @property
    def last_day(self) -> date:
        return self.field.days[-1].date

    @property
    def has_days_left(self) -> bool:
        return self.field.days[-1].is_later

    @property
    def today_url(self) -> str:
        return f"{self.work.url}#{self.field.today.name}" if self.field.today else self.work.url


def first_next(works: list[Work]) -> list[Work]:
    """What to do next, first: what is due first, but what has long been late or was put off comes after the rest."""
    return sorted(works, key=lambda work: (bool(work.put_off), work.is_long_late, work.occurrence.due_at))
