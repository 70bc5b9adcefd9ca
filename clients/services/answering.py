"""A client answers: drafts that are never lost, one response per occurrence, "not now" as easy as "start"."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from clients.models import Client, Occurrence, Response, Score
from clients.models.people import acting_for
from clients.scoring import safety_hits, score
from clients.services.alerts import raise_alert
from clients.services.announcing import call_off
from clients.services.moving import move
from clients.states import OCCURRENCE, RESPONSE, Move, StateError
from content.prompts.answers import AnswerErrors, clean_answers
from content.prompts.context import PromptContext
from content.prompts.schema import Schema
from practices.accounts.models import User
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.vault import sealed


class OccurrenceClosedError(StateError):
    """It was sent already, or taken back, or is not open yet: the text says which. Nothing that was typed is thrown away."""


class ConsentMissingError(Exception):
    """The client has not agreed to how their work is kept, or has taken it back. The draft is kept."""


class DraftConflictError(Exception):
    """Another tab saved since this one loaded; `stored` is what that one wrote."""

    def __init__(self, stored: Response) -> None:
        super().__init__("This was also changed in another window.")
        self.stored = stored


def prompt_context(occurrence: Occurrence, *, at: datetime) -> PromptContext:
    """The days that a day log of this occurrence covers, in the client's own zone."""
    zone = occurrence.assignment.client.zone(current_clinic())
    return PromptContext(starts_on=occurrence.opens_at.astimezone(zone).date(), today=at.astimezone(zone).date())


def split_kept(answers: dict[str, Any], kept: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is shared, and what the client keeps to themselves."""
    shared = {prompt: value for prompt, value in answers.items() if prompt not in kept}
    return shared, {prompt: value for prompt, value in answers.items() if prompt in kept}


@transaction.atomic
def save_draft(
    occurrence: Occurrence, *, answers: object, kept: Collection[str], expected_version: int, at: datetime
) -> Response:
    """Store the client's answers so far; on return they are on disk.

    `expected_version` is the version that the page was showing (0: nothing saved yet). One conditional UPDATE settles two
    tabs: the second raises DraftConflictError with what the first wrote. Raises AnswerErrors for answers that don't fit the
    version, OccurrenceClosedError for work that is no longer open.
    """
    schema = occurrence.assignment.version.parsed
    clean = clean_answers(schema, answers, final=False, context=prompt_context(occurrence, at=at))
    if OCCURRENCE.may(Move.BEGIN, occurrence.state):
        begin(occurrence, at=at)
    response = stored_draft(occurrence, at=at)
    shared, _ = split_kept(clean, kept)
    response.answers = shared
    # A tick "only for me" is kept before there is an answer to it.
    response.kept = {prompt.id: clean.get(prompt.id) for prompt in schema.questions() if prompt.id in kept}
    shown = Response.objects.filter(
        pk=response.pk, version=expected_version, occurrence__in=Occurrence.objects.answerable(at)
    )
    if not move(shown, Move.SAVE, version=expected_version + 1, saved_at=at, **sealed(response, "answers", "kept")):
        return what_was_saved(response, at=at)
    response.version, response.saved_at = expected_version + 1, at
    return response


def what_fits(occurrence: Occurrence, errors: AnswerErrors) -> dict[str, Any]:
    """The answers that clean_answers took; where it refused one, the one stored before stays."""
    stored = stored_answers(getattr(occurrence, "response", None))
    refused = {error.prompt_id for error in errors}
    return {name: value for name, value in stored.items() if name in refused} | errors.answers


def stored_answers(response: Response | None) -> dict[str, Any]:
    """All that the client wrote, shared or not."""
    if response is None:
        return {}
    return {name: value for name, value in {**response.answers, **response.kept}.items() if value is not None}


def begin(occurrence: Occurrence, *, at: datetime) -> None:
    """The first save starts the work. It touches the occurrence before the response, as sending does, so they can't deadlock."""
    move(Occurrence.objects.answerable(at).filter(pk=occurrence.pk), Move.BEGIN, started_at=at)


def stored_draft(occurrence: Occurrence, *, at: datetime) -> Response:
    """The occurrence's response row, made empty when first needed; two tabs that begin at once get the same one."""
    response: Response | None = getattr(occurrence, "response", None)
    if response is None:
        response, _ = Response.objects.get_or_create(
            occurrence=occurrence, defaults={"answers": {}, "kept": {}, "saved_at": at}
        )
    return response


def what_was_saved(attempt: Response, *, at: datetime) -> Response:
    """The stored draft, if it says the same: a save whose answer got lost was sent again.

    Raises OccurrenceClosedError if the work is no longer open, DraftConflictError if something else is stored.
    """
    stored = Response.objects.get(pk=attempt.pk)
    if closed := Occurrence.objects.get(pk=stored.occurrence_id).why_closed(at):
        raise OccurrenceClosedError(closed)
    if (stored.answers, stored.kept) != (attempt.answers, attempt.kept):
        raise DraftConflictError(stored)
    return stored


@transaction.atomic
def submit_response(
    response: Response, *, request_id: UUID, by: User, at: datetime, looked_over: int | None = None
) -> Response:
    """Close the occurrence with the client's answers; from now on they cannot change.

    One conditional UPDATE claims the occurrence, so of two tabs that send at once the first wins and the second gets the
    stored response back. The client's row is locked, so a consent that is withdrawn at the same moment counts or comes after.
    Raises AnswerErrors if something required is missing, OccurrenceClosedError if the work was taken back meanwhile,
    ConsentMissingError without consent to the text as it is now, DraftConflictError if the draft is no longer the version
    that the client looked over; the draft is kept in each case.
    """
    occurrence = Occurrence.objects.select_related("assignment__client", "assignment__version").get(
        pk=response.occurrence_id
    )
    claimed = Occurrence.objects.answerable(at).filter(pk=occurrence.pk)
    if not move(claimed, Move.SUBMIT, submitted_at=at):
        return already_submitted(occurrence, at=at)
    if not Client.objects.select_for_update(no_key=True).get(pk=occurrence.assignment.client_id).has_agreed:
        raise ConsentMissingError
    response = Response.objects.select_for_update().get(pk=response.pk)
    if looked_over not in (None, response.version):
        raise DraftConflictError(response)
    schema = occurrence.assignment.version.parsed
    context = prompt_context(occurrence, at=at)
    clean = clean_answers(schema, stored_answers(response), final=True, context=context)
    response.answers, response.kept = split_kept(clean, set(response.kept))
    response.state = RESPONSE.after(Move.SUBMIT, response.state)
    response.submitted_at, response.request_id = at, request_id
    response.save()
    keep_score(response, schema, at=at)
    record(Action.RESPONSE_SUBMITTED, subject=response, client=occurrence.assignment.client_id, by=by, at=at)
    tell_clinicians(response, schema, at=at)
    call_off(occurrence.assignment.client, at=at)
    return response


def already_submitted(occurrence: Occurrence, *, at: datetime) -> Response:
    """The response that closed the occurrence. Raises OccurrenceClosedError if none did."""
    response = Response.objects.submitted().filter(occurrence=occurrence).first()
    if response is None:
        raise OccurrenceClosedError(Occurrence.objects.get(pk=occurrence.pk).why_closed(at))
    return response


def keep_score(response: Response, schema: Schema, *, at: datetime) -> None:
    """Scores come from what is shared: an answer kept to oneself counts as not given."""
    result = score(schema, response.answers)
    if result is not None and schema.scoring is not None:
        kept = {
            "total": result.total,
            "band": result.band,
            "answered": result.answered,
            "expected": result.expected,
            "maximum": schema.scoring.maximum,
        }
        Score.objects.create(response=response, rule=schema.scoring.rule, result=kept, at=at)


def tell_clinicians(response: Response, schema: Schema, *, at: datetime) -> None:
    """Raise an alert if a safety rule was tripped; else mail the clinicians that there is something to read."""
    if safety_hits(schema, {**response.answers, **response.kept}):
        raise_alert(response, at=at)
        return
    for clinician in acting_for(response.occurrence.assignment.client):
        queue_mail(MailKind.TO_REVIEW, to=clinician.email, path=reverse("admin:index"), at=at)


@transaction.atomic
def put_off(occurrence: Occurrence, *, reason: Occurrence.NotNow, words: str = "", at: datetime) -> None:
    """The client says why not now; the clinician sees the reason, and nothing else happens. Raises OccurrenceClosedError."""
    occurrence.not_now_words = words.strip() or None
    rows = Occurrence.objects.answerable(at).filter(pk=occurrence.pk)
    if not move(rows, Move.PUT_OFF, not_now=reason, not_now_at=at, **sealed(occurrence, "not_now_words")):
        raise OccurrenceClosedError(Occurrence.objects.get(pk=occurrence.pk).why_closed(at))
