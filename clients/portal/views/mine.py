"""Mine: everything I sent, as I sent it, what came back, and who opened it."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.models import Client, Response, SafetyAlert, Score
from clients.portal.charts import Chart, Reading, chart_of
from clients.portal.readers import readers_of
from clients.portal.seen import in_words
from clients.portal.sent import SENT_PARTS, Sent
from clients.portal.views.pages import page, visiting_client
from clients.services.answering import prompt_context, stored_answers
from content.prompts.answers import shown
from practices.accounts.access import UserRequest, allowed
from practices.accounts.permissions import Act
from practices.audit.models import AuditEvent
from practices.tenancy import current_clinic

A_PAGE = 20
MOST_SENT = 500
MOST_OPENINGS = 20
MOST_LOOKS = 5
MOST_SCORES = 200
VIEWS = {"sent": "Sent", "kept": "Only for me", "replies": "Replies"}


@dataclass(frozen=True, kw_only=True)
class View:
    """One of the ways to look at what was sent."""

    name: str
    label: str
    found: list[Sent]


@require_safe
@allowed(Act.USE_PORTAL)
def mine(request: UserRequest) -> HttpResponse:
    at = timezone.now()
    client = visiting_client(request, at=at)
    submitted = Response.objects.given_to(request.user).submitted().select_related(*SENT_PARTS)
    newest = submitted.defer("answers", "occurrence__assignment__version__schema").order_by("-submitted_at")
    sent = [Sent(response=response, at=at) for response in newest[:MOST_SENT]]
    found = {"sent": sent, "kept": [one for one in sent if one.kept], "replies": [one for one in sent if one.reply]}
    chosen = request.GET.get("show", "sent")
    chosen = chosen if chosen in VIEWS else "sent"
    listed = Paginator(found[chosen], A_PAGE).get_page(request.GET.get("page"))
    opened = AuditEvent.objects.openings_of(client.pk)
    context = {
        "title": "Mine",
        "views": [View(name=name, label=label, found=found[name]) for name, label in VIEWS.items()],
        "chosen": chosen,
        "page": listed,
        "months": by_month(listed),
        "looks": in_words(opened[:MOST_LOOKS], client=client, zone=client.zone(current_clinic())),
        "charts": charts(client),
    }
    return page(request, client, "mine.html", context)


def by_month(listed: Page[Sent]) -> list[tuple[str, list[Sent]]]:
    return [(month, list(group)) for month, group in groupby(listed, key=lambda one: one.month)]


def charts(client: Client) -> list[Chart]:
    """One chart for each exercise that was scored at least twice."""
    zone = client.zone(current_clinic())
    scores = (
        Score.objects.filter(response__occurrence__assignment__client=client)
        .select_related("response__occurrence__assignment__version")
        .defer("response__answers", "response__kept", "response__occurrence__assignment__version__schema")
        .order_by("-at", "-pk")
    )
    readings: dict[UUID, list[Reading]] = defaultdict(list)
    titles: dict[UUID, str] = {}
    for score in scores[:MOST_SCORES]:
        version = score.response.occurrence.assignment.version
        result = score.result
        on = (score.response.submitted_at or score.at).astimezone(zone).date()
        readings[version.exercise_id].append(Reading(on=on, total=result["total"], maximum=result["maximum"]))
        titles.setdefault(version.exercise_id, version.title)
    drawn = (chart_of(f"chart-{key.hex[-6:]}", titles[key], found[::-1]) for key, found in readings.items())
    return [chart for chart in drawn if chart]


@require_safe
@allowed(Act.USE_PORTAL)
def response(request: UserRequest, pk: UUID) -> HttpResponse:
    """What I sent, against the version that I answered; right after sending it also says what happens next."""
    at = timezone.now()
    client = visiting_client(request, at=at)
    parts = (*SENT_PARTS, "occurrence__assignment__assigned_by", "alert__acknowledged_by")
    submitted = Response.objects.given_to(request.user).submitted()
    sent = Sent(response=get_object_or_404(submitted.select_related(*parts), pk=pk), at=at)
    schema = sent.response.occurrence.assignment.version.parsed
    answers = stored_answers(sent.response)
    events = AuditEvent.objects.openings_of(client.pk).filter(subject_id=pk)[:MOST_OPENINGS]
    readers = readers_of(client)
    alert: SafetyAlert | None = getattr(sent.response, "alert", None)
    context = {
        "title": sent.title,
        "sent": sent,
        "prompts": [prompt for prompt in shown(schema, answers) if prompt.takes_answer],
        "answers": answers,
        "context": prompt_context(sent.response.occurrence, at=sent.sent_at),
        "looks": in_words(events, client=client, zone=client.zone(current_clinic())),
        "readers": readers,
        "told": readers.told,
        "alert": alert,
        "just_sent": request.GET.get("sent") == "now",
    }
    return page(request, client, "response.html", context)
