"""A response as its clinician reads it: against the version that was answered, without what was kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.admin.queue import title_of
from clients.admin.words import against_due, moment_in_words
from clients.models import Client, Response
from clients.models.reading import Reading
from content.prompts.answers import shown
from content.prompts.context import PromptContext
from content.prompts.kinds import Prompt
from practices.models import Clinic


@dataclass(frozen=True, slots=True)
class Line:
    """One prompt and its answer; of what was kept there is no value, only the mark."""

    prompt: Prompt
    number: int | None
    value: Any
    kept: bool


class Opened:
    """What the page needs to know of an opened response."""

    def __init__(self, response: Response, *, reading: Reading, clinic: Clinic, at: datetime) -> None:
        self.response, self.reading = response, reading
        self.occurrence = response.occurrence
        self.assignment = self.occurrence.assignment
        self.client: Client = self.assignment.client
        self.version = self.assignment.version
        self.alert = getattr(response, "alert", None)
        self.review = getattr(response, "review", None)
        self.score = response.score.result if hasattr(response, "score") else None
        self.title = title_of(self.assignment, self.occurrence.number)
        self._clinic = clinic
        self._at = at

    @property
    def sent(self) -> str:
        moment = self.response.submitted_at or self._at
        when = moment_in_words(moment, at=self._at, zone=self._clinic.zone)
        return f"Sent {when}, {against_due(moment, self.occurrence.due_at, zone=self._clinic.zone)}."

    @property
    def read(self) -> str:
        return moment_in_words(self.review.at, at=self._at, zone=self._clinic.zone) if self.review else ""

    @property
    def context(self) -> PromptContext:
        """The days of a day log, as they stood when it was sent."""
        zone = self.client.zone(self._clinic)
        sent = self.response.submitted_at or self._at
        return PromptContext(
            starts_on=self.occurrence.opens_at.astimezone(zone).date(), today=sent.astimezone(zone).date()
        )

    @property
    def lines(self) -> list[Line]:
        """The prompts that the client saw, in order; questions are numbered."""
        schema, answers, kept = self.version.parsed, self.response.answers, set(self.response.kept)
        seen = {prompt.id for prompt in shown(schema, answers)} | set(answers) | kept
        lines: list[Line] = []
        number = 0
        for prompt in schema.prompts:
            if prompt.id in seen:
                number += prompt.takes_answer
                value = None if prompt.id in kept else answers.get(prompt.id)
                lines.append(Line(prompt, number if prompt.takes_answer else None, value, prompt.id in kept))
        return lines
