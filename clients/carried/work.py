"""A client's work as an export shows it: read client by client, with a constant number of queries each."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from clients.models import Assignment, CareRelation, Client, Occurrence, Response
from content.prompts.answers import shown

CHUNK = 100
# What was offered or taken instead has its own assignment, so it is shown there.
TOGETHER = ("version__exercise", "assigned_by", "noted_by")


def exported_clients() -> Iterator[Client]:
    care = CareRelation.objects.select_related("clinician").order_by("starts_at", "pk")
    clients = Client.objects.select_related("user").prefetch_related(Prefetch("care", care))
    return clients.order_by("last_name", "first_name", "pk").iterator(chunk_size=CHUNK)


def work_of(client: Client) -> list[Assignment]:
    """In the order in which it was given, with every time it was to be done."""
    responses = Response.objects.select_related("score", "review__by")
    occurrences = Occurrence.objects.order_by("number").prefetch_related(Prefetch("response", responses))
    work = client.assignments.select_related(*TOGETHER).prefetch_related(Prefetch("occurrences", occurrences))
    return list(work.order_by("assigned_at", "pk"))


def sent(occurrence: Occurrence) -> Response | None:
    """A draft is seen by nobody but the client."""
    response: Response | None = getattr(occurrence, "response", None)
    return response if response is not None and response.state == Response.State.SUBMITTED else None


def answers_in(response: Response, assignment: Assignment) -> Iterator[tuple[Any, Any, bool]]:
    """Each prompt that the client saw, its answer, and whether they keep that to themselves."""
    schema, answers, kept = assignment.version.parsed, response.answers, set(response.kept)
    seen = {prompt.id for prompt in shown(schema, answers)} | set(answers) | kept
    for prompt in schema.prompts:
        if prompt.id in seen:
            is_kept = prompt.id in kept
            yield prompt, None if is_kept else answers.get(prompt.id), is_kept
