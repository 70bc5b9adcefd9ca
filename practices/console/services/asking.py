"""Asking for a clinic: by the operator, who is believed at once, or by somebody who signs up and confirms by mail."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse

from practices.accounts.models import User, token_hash
from practices.audit.models import Action, record
from practices.console.models import OpeningRequest
from practices.console.names import host_of, schema_name_of
from practices.models import Clinic
from practices.opening import reserve_name
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.vault import plain_address
from practices.wakeups import wake

LIFETIME = timedelta(hours=24)
# For so long the page of a clinic that was opened says so; then nothing of it is left here, were the clinic to be erased.
KEPT = timedelta(days=7)
# So many sign-ups in an hour, from wherever they come.
MOST_AN_HOUR = 60
TIDY_TASK = "practices.console.tasks.tidy_requests"
State = OpeningRequest.State


class TooManySignUpsError(Exception):
    """More practices sign up than ever really would."""


class SignUpClosedError(Exception):
    """The link was used, or is too old."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The clinic that somebody would like: what it is called, where it answers, who owns it."""

    name: str
    label: str
    email: str
    timezone: str
    country: str


@transaction.atomic
def ask_for_clinic(wish: Wish, *, by: User, at: datetime) -> OpeningRequest:
    """Its name and address are taken from now on, and `open_requested` opens it. Raises NameTakenError."""
    request = as_row(wish, state=State.ASKED, at=at)
    request.made_by = by
    take_name(request, by=by, at=at)
    request.save(force_insert=True)
    return request


@transaction.atomic
def sign_up(wish: Wish, *, at: datetime) -> OpeningRequest:
    """Mail a link that confirms it, once, within a day. Until then nothing is taken, and nobody learns what is.

    Raises TooManySignUpsError.
    """
    if OpeningRequest.objects.filter(made_by=None, made_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooManySignUpsError
    token = secrets.token_urlsafe(32)
    request = as_row(wish, state=State.UNCONFIRMED, at=at)
    request.token_hash, request.expires_at = token_hash(token), at + LIFETIME
    request.save(force_insert=True)
    queue_mail(MailKind.CONFIRM_CLINIC, to=request.address, path=path_of(token), at=at)
    wake(current_clinic().pk, TIDY_TASK, due_at=request.expires_at)
    return request


def path_of(token: str) -> str:
    """On the platform's host, whichever the present request came to."""
    return reverse("sign_up_confirm", urlconf=settings.TENANT_TYPES[Clinic.Kind.PLATFORM]["URLCONF"], args=[token])


@transaction.atomic
def confirm_sign_up(request: OpeningRequest, *, label: str, at: datetime) -> None:
    """The name and address are taken, and `open_requested` opens it. Of two at once the second finds it confirmed.

    Raises SignUpClosedError, and NameTakenError if somebody was quicker: then the link works on, for another address.
    """
    claimed = OpeningRequest.objects.confirmable(at).select_for_update().filter(pk=request.pk).first()
    if claimed is None:
        raise SignUpClosedError
    claimed.label, claimed.state = label, State.ASKED
    take_name(claimed, by=None, at=at)
    claimed.save(update_fields=["label", "state", "clinic"])


@transaction.atomic
def ask_again(request: OpeningRequest, *, by: User, at: datetime) -> bool:
    """What failed is tried once more."""
    again = {"state": State.ASKED, "attempts": 0, "claimed_until": None}
    changed = bool(OpeningRequest.objects.filter(pk=request.pk, state=State.FAILED).update(**again))
    if changed:
        record(Action.CLINIC_ASKED, subject=request, by=by, at=at)
    return changed


def as_row(wish: Wish, *, state: OpeningRequest.State, at: datetime) -> OpeningRequest:
    return OpeningRequest(
        state=state,
        name=wish.name,
        label=wish.label,
        timezone=wish.timezone,
        country=wish.country,
        address=plain_address(wish.email),
        made_at=at,
    )


def take_name(request: OpeningRequest, *, by: User | None, at: datetime) -> None:
    """The clinic's row and host, in state `provisioning`."""
    clinic = reserve_name(
        schema_name=schema_name_of(request.label),
        name=request.name,
        host=host_of(request.label),
        timezone=request.timezone,
        country=request.country,
    )
    request.clinic = clinic.pk
    record(Action.CLINIC_ASKED, subject=clinic, by=by, at=at)


def forget_old(*, at: datetime) -> int:
    """Delete sign-ups that nobody confirmed, and requests that were fulfilled a week ago; how many those were."""
    deleted, _ = OpeningRequest.objects.past(at, kept=KEPT).delete()
    return deleted


def next_old() -> datetime | None:
    """When the next of these is to be deleted, if there is one."""
    found = OpeningRequest.objects.aggregate(
        unconfirmed=Min("expires_at", filter=Q(state=State.UNCONFIRMED)),
        opened=Min("opened_at", filter=Q(state=State.OPEN)),
    )
    moments = (found["unconfirmed"], found["opened"] and found["opened"] + KEPT)
    return min((moment for moment in moments if moment), default=None)
