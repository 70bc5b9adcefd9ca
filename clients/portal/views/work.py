"""The work page and its autosave."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.models import Occurrence, Response
from clients.portal import wording
from clients.portal.questions import pieces, questions
from clients.portal.views.pages import closed_page, own_work, page
from clients.portal.views.put_by import puts_by, take_back
from clients.portal.views.swapping import SWAPS, swap
from clients.portal.work import Work
from clients.services.answering import (
    DraftConflictError,
    OccurrenceClosedError,
    save_draft,
    stored_answers,
    what_fits,
)
from clients.services.caseload import note_visit
from content.prompts.answers import AnswerError, AnswerErrors
from content.prompts.posted import Post, answers_from_post, kept_from_post, row_asked_for
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.json_gate import JSONRefusedError, json_body

NOT_A_VERSION = 2**31
CLOSED = "This was sent or taken back in the meantime, so it can’t be changed any more."
CONFLICT = "This was also changed in another window."


def version_number(sent: object) -> int:
    """The number that was sent; what is none, or too large to be one, fits no draft."""
    text = str(sent)
    return int(text) if text.isdecimal() and len(text) < len(str(NOT_A_VERSION)) else NOT_A_VERSION


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What the client typed, as it was posted."""

    answers: dict[str, Any]
    kept: set[str]
    version: int

    @classmethod
    def read(cls, work: Work, post: Post, version: object) -> "Typed":
        """An answer with a safety rule can't be kept to oneself: whoever must act on it would not see it."""
        kept = kept_from_post(work.schema, post) - set(work.tripping)
        return cls(answers=answers_from_post(work.schema, post), kept=kept, version=version_number(version))


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of it: the draft as it is stored now, and the answers that could not be taken."""

    response: Response
    errors: list[AnswerError]


def save(work: Work, typed: Typed) -> Saved:
    """Store what was typed. Raises DraftConflictError, OccurrenceClosedError."""
    store = partial(save_draft, work.occurrence, kept=typed.kept, expected_version=typed.version, at=work.at)
    try:
        return Saved(response=store(answers=typed.answers), errors=[])
    except AnswerErrors as errors:
        return Saved(response=store(answers=what_fits(work.occurrence, errors)), errors=errors.errors)


@require_http_methods(["GET", "HEAD", "POST"])
@puts_by
@allowed(Act.USE_PORTAL)
def work(request: UserRequest, pk: UUID) -> HttpResponse:
    """One piece of work: read it, answer it, save it, look it over."""
    at = timezone.now()
    found = own_work(request, pk, at=at)
    client = found.occurrence.assignment.client
    note_visit(client, at=at)
    if found.occurrence.state == Occurrence.State.SUBMITTED:
        return already_sent(request, found)
    if request.method != "POST" and (instead := found.done_instead):
        return redirect("portal:work", pk=instead.pk)
    # After a sign-in that came in between, what was posted before it is taken up where it was.
    post = request.POST if request.method == "POST" else take_back(request, pk)
    if post is None:
        closed = found.occurrence.why_closed(at)
        return closed_page(request, client, closed) if closed else work_page(request, found)
    typed = Typed.read(found, post, post.get("version", "0"))
    try:
        saved = save(found, typed)
    except OccurrenceClosedError as error:
        return closed_page(request, client, str(error))
    except DraftConflictError as conflict:
        return work_page(request, found, typed=replace(typed, version=conflict.stored.version), stored=conflict.stored)
    if saved.errors:
        typed = replace(typed, version=saved.response.version)
        return work_page(request, found, typed=typed, errors=saved.errors)
    if post.get("next") in SWAPS:
        return swap(request, found.occurrence, str(post["next"]))
    return redirect(where_next(found, post))


def where_next(work: Work, post: Post) -> str:
    """On to looking it over, or back to the same spot."""
    group = row_asked_for(work.schema, post)
    if group:
        return f"{work.url}#a-{group}"
    if post.get("next") == "look":
        return reverse("portal:send", kwargs={"pk": work.occurrence.pk})
    return Work(occurrence=work.occurrence, at=work.at).resume_url


def work_page(
    request: HttpRequest,
    work: Work,
    *,
    typed: Typed | None = None,
    errors: list[AnswerError] | None = None,
    stored: Response | None = None,
) -> HttpResponse:
    """The page, with what was typed when it could not be taken, and what another window stored instead."""
    revision = work.occurrence.assignment.version.revision
    answers = typed.answers if typed else work.answers
    context = {
        "title": work.title,
        "work": work,
        "answers": answers,
        "kept": typed.kept if typed else work.kept,
        "version": typed.version if typed else work.version,
        "errors": errors or [],
        "is_conflict": stored is not None,
        "other": differences(work, answers, stored) if stored else [],
        "revision": revision,
        "pieces": pieces(work, answers) if revision else [],
        "questions": [] if revision else questions(work, answers),
    }
    template = "article.html" if revision else "exercise.html"
    status = 409 if stored else 422 if errors else 200
    return page(request, work.occurrence.assignment.client, template, context, status=status)


def differences(work: Work, answers: dict[str, Any], stored: Response) -> list[dict[str, str]]:
    """What the other window says, for each question where it says something else."""
    theirs = stored_answers(stored)
    return [
        {"id": prompt.id, "text": prompt.text, "other": wording.answer_in_words(prompt, theirs.get(prompt.id))}
        for prompt in work.schema.questions()
        if theirs.get(prompt.id) != answers.get(prompt.id)
    ]


def already_sent(request: HttpRequest, work: Work) -> HttpResponse:
    if request.method == "POST":
        return closed_page(request, work.occurrence.assignment.client, work.occurrence.why_closed(work.at))
    assert work.response is not None
    return redirect("portal:response", pk=work.response.pk)


@require_http_methods(["GET", "POST"])
@allowed(Act.USE_PORTAL)
def draft(request: UserRequest, pk: UUID) -> HttpResponse:
    """Autosave. POST {"version": 3, "fields": {"a-rest": ["…"], "keep-rest": ["yes"]}}; GET gives a fresh CSRF token.

    200 {"version", "saved", "progress", "done", "problems": {field: words}}; 400 and 413 {"message"} for what can't be
    read; 409 {"reason": "closed"} or {"reason": "conflict", "version", "other": {prompt: words}}.
    """
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    at = timezone.now()
    parts = ("assignment__client", "assignment__version", "response")
    given = Occurrence.objects.ever_given_to(request.user).select_related(*parts).defer("assignment__version__schema")
    found = get_object_or_404(given, pk=pk)
    work = Work(occurrence=found, at=at)
    try:
        typed = read_typed(work, json_body(request))
        saved = save(work, typed)
    except JSONRefusedError as refused:
        return JsonResponse({"message": refused.message}, status=refused.status)
    except OccurrenceClosedError:
        return JsonResponse({"reason": "closed", "message": CLOSED}, status=409)
    except DraftConflictError as conflict:
        return conflict_answer(work, typed, conflict.stored)
    words = wording.saved_in_words(saved.response.saved_at.astimezone(work.zone), work.now)
    after = Work(occurrence=found, at=at)
    return JsonResponse(
        {
            "version": saved.response.version,
            "saved": words,
            "progress": after.progress,
            "done": after.done,
            "problems": {error.field: error.message for error in saved.errors},
        }
    )


def read_typed(work: Work, sent: dict[str, Any]) -> Typed:
    """The fields in their shape. Raises JSONRefusedError, which names a prompt that is not part of this work."""
    version, fields = sent.get("version"), sent.get("fields")
    if type(version) is not int or version < 0 or set(sent) != {"version", "fields"}:
        raise JSONRefusedError("Send the version that the page shows, and its fields.")
    if not isinstance(fields, dict) or not all(isinstance(values, list) for values in fields.values()):
        raise JSONRefusedError("Send each field with a list of its values.")
    if not all(isinstance(value, str) for values in fields.values() for value in values):
        raise JSONRefusedError("Send each value as text.")
    typed = Typed.read(work, fields, version)
    unknown = next((name for name in typed.answers if work.schema.prompt(name) is None), None)
    if unknown is not None:
        raise JSONRefusedError(f"“{unknown[:40]}” is no question of this work. Load the page again.")
    return typed


def conflict_answer(work: Work, typed: Typed, stored: Response) -> JsonResponse:
    other = {item["id"]: item["other"] for item in differences(work, typed.answers, stored)}
    return JsonResponse(
        {"reason": "conflict", "message": CONFLICT, "version": stored.version, "other": other}, status=409
    )
