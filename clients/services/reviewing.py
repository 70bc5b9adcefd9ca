"""A clinician reads, and answers in a line."""

from datetime import datetime

from django.db import transaction

from clients.models import Client, Response, Review
from clients.services.announcing import announce_words
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
