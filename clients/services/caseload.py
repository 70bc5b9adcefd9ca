"""Clients come, are cared for, and go."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from clients.models import CareRelation, Client
from practices.accounts.models import User
from practices.accounts.permissions import Act, Kind
from practices.accounts.services import make_user
from practices.audit.models import Action, record
from practices.identifiers import new_id
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic

# RFC 2606: no mail ever leaves for it. The address of an account whose client has not given one yet.
NOWHERE = "@no-address.invalid"


class NotInvitableError(Exception):
    """The client has come already or has left, or chose to get no mail."""


class NotAClinicianError(Exception):
    """Only an active clinician can care for clients."""


@transaction.atomic
def add_client(
    *,
    email: str,
    first_name: str,
    last_name: str,
    pronouns: str = "",
    phone: str = "",
    clinician: User | None,
    by: User | None,
    at: datetime,
    invite: bool = True,
) -> Client:
    """Make a place for a client and, unless told otherwise, mail them the way in. Without an address they need a slip.

    Raises AddressTakenError, and NotAClinicianError if the clinician is none.
    """
    name = f"{first_name} {last_name}".strip()
    user = make_user(email=email or f"{new_id()}{NOWHERE}", display_name=name, kind=Kind.CLIENT)
    client = Client.objects.create(
        user=user,
        first_name=first_name,
        last_name=last_name,
        pronouns=pronouns,
        since=at.astimezone(current_clinic().zone).date(),
        contact={"phone": phone},
        channel=Client.Channel.MAIL if email else Client.Channel.NONE,
    )
    record(Action.CLIENT_ADDED, subject=client, client=client.pk, by=by, at=at)
    if clinician:
        give_care(client, clinician=clinician, by=by, at=at)
    if invite and email:
        invite_client(client, by=by, at=at)
    return client


@transaction.atomic
def invite_client(client: Client, *, by: User | None, at: datetime) -> None:
    """Mail the client where their place is; they sign in with a code sent to the same address. Raises NotInvitableError."""
    if not client.waits_for_the_way_in:
        raise NotInvitableError
    queue_mail(MailKind.CLIENT_INVITATION, to=client.user.email, path=reverse("portal:today"), at=at)
    record(Action.CLIENT_INVITED, subject=client, client=client.pk, by=by, at=at)


@transaction.atomic
def give_care(
    client: Client, *, clinician: User, instead_of: CareRelation | None = None, by: User | None, at: datetime
) -> CareRelation:
    """From now on the clinician sees the client and what they sent; `instead_of` is the care that they take over.

    Both rows are locked: given twice, there is one relation, and one whose end was set goes on; nobody is given to a
    colleague who leaves in the same moment. Raises NotAClinicianError.
    """
    clinician = User.objects.select_for_update(no_key=True).get(pk=clinician.pk)
    if not clinician.may(Act.READ_RESPONSES):
        raise NotAClinicianError("Choose a clinician whose account is open.")
    if clinician.leaves_at:
        raise NotAClinicianError("Choose a colleague who stays.")
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    relation = CareRelation.objects.filter(client=client, clinician=clinician).going_on(at).first()
    if relation is not None and relation.ends_at is None:
        return relation
    if relation is not None:
        relation.ends_at = None
        relation.save(update_fields=["ends_at"])
    else:
        relation = CareRelation.objects.create(client=client, clinician=clinician, starts_at=at, instead_of=instead_of)
    record(Action.CARE_GIVEN, subject=relation, client=client.pk, by=by, at=at)
    return relation


@transaction.atomic
def end_care(relation: CareRelation, *, by: User, at: datetime) -> None:
    """From now on the clinician no longer sees the client, even if they were to read until a later day."""
    if CareRelation.objects.filter(pk=relation.pk).going_on(at).update(ends_at=at):
        record(Action.CARE_ENDED, subject=relation, client=relation.client_id, by=by, at=at)


def note_visit(client: Client, *, at: datetime) -> None:
    """The client was in the portal; noted at most once an hour. The first visit makes an invited client active."""
    if client.last_seen_at is None or (at - client.last_seen_at).total_seconds() > 3600:
        Client.objects.filter(pk=client.pk).update(last_seen_at=at)
    if client.status == Client.Status.INVITED:
        Client.objects.filter(pk=client.pk, status=Client.Status.INVITED).update(status=Client.Status.ACTIVE)


@transaction.atomic
def change_client(
    client: Client, *, first_name: str, last_name: str, pronouns: str, status: str, by: User, at: datetime
) -> None:
    """Change what the client is called, and where they stand with the clinic; their account bears the same name."""
    client.first_name, client.last_name = first_name, last_name
    client.pronouns, client.status = pronouns, status
    client.save(update_fields=["first_name", "last_name", "pronouns", "status"])
    User.objects.filter(pk=client.user_id).update(display_name=client.name)
    record(Action.CLIENT_CHANGED, subject=client, client=client.pk, by=by, at=at)
