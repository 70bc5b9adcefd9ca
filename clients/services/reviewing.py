"""A clinician reads, answers in a line, and says that an alert was seen."""

from datetime import datetime

from django.db import transaction

from clients.models import Client, Response, Review, SafetyAlert
from clients.services.announcing import announce_words
from clients.services.moving import move
from clients.states import Move
from practices.accounts.models import User
from practices.audit.models import Action, record


@transaction.atomic
def open_response(response: Response, *, by: User, at: datetime, purpose: str = "review") -> Response:
    """Write down that this member of staff opened what the client sent; call it before anything of it is shown.

    The event is committed before the page is rendered: a page whose event can't be written is not shown.
    """
    record(
        Action.RESPONSE_OPENED,
        subject=response,
        client=response.occurrence.assignment.client_id,
        by=by,
        at=at,
        purpose=purpose,
    )
    return response


@transaction.atomic
def open_client(client: Client, *, by: User, at: datetime, purpose: str = "client page") -> None:
    """Write down that the client's page, with its scores, was opened."""
    record(Action.CLIENT_OPENED, subject=client, client=client.pk, by=by, at=at, purpose=purpose)


@transaction.atomic
def review_response(response: Response, *, reply: str = "", by: User, at: datetime) -> Review:
    """The response is read; the client sees that, and the reply. Reviewing again changes nothing and returns the first review."""
    review, made = Review.objects.get_or_create(
        response=response, defaults={"by": by, "at": at, "reply": reply.strip() or None}
    )
    if made:
        client = response.occurrence.assignment.client
        record(Action.RESPONSE_REVIEWED, subject=response, client=client.pk, by=by, at=at)
        if review.reply:
            announce_words(client, at=at)
    return review


@transaction.atomic
def acknowledge_alert(alert: SafetyAlert, *, by: User, at: datetime) -> None:
    """Somebody has seen it. The first acknowledgement counts."""
    if move(SafetyAlert.objects.filter(pk=alert.pk), Move.ACKNOWLEDGE, acknowledged_at=at, acknowledged_by=by):
        client = alert.response.occurrence.assignment.client_id
        record(Action.ALERT_ACKNOWLEDGED, subject=alert, client=client, by=by, at=at)
