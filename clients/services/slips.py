"""Printed slips are made, taken back, and used once."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from clients.models import Client, Slip
from clients.models.slips import VALID_FOR, plain_code
from practices.accounts.models import User
from practices.accounts.services import AddressTakenError
from practices.audit.models import Action, record
from practices.vault import blind_mark

# Without what is taken for something else on paper: 0 O, 1 I L. Sixteen of these 31 are 79 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, IN_A_GROUP = 4, 4


class SlipClosedError(Exception):
    """It was used, taken back, or its time is over."""


@transaction.atomic
def make_slip(client: Client, *, by: User, at: datetime) -> tuple[Slip, str]:
    """A new slip and its code, which nobody can look up again; an earlier slip that was not used is taken back."""
    Client.objects.select_for_update().get(pk=client.pk)
    Slip.objects.pending().filter(client=client).update(revoked_at=at)
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
    slip = Slip.objects.create(
        client=client,
        code_hash=blind_mark(plain_code(code)),
        made_by=by,
        made_at=at,
        expires_at=at + VALID_FOR,
    )
    record(Action.SLIP_MADE, subject=slip, client=client.pk, by=by, at=at)
    return slip, code


@transaction.atomic
def revoke_slip(slip: Slip, *, by: User, at: datetime) -> None:
    """It lets nobody in any more."""
    if Slip.objects.pending().filter(pk=slip.pk).update(revoked_at=at):
        record(Action.SLIP_REVOKED, subject=slip, client=slip.client_id, by=by, at=at)


@transaction.atomic
def use_slip(slip: Slip, *, email: str, by: User, at: datetime) -> User:
    """The client's account has this address from now on, which they have shown to be theirs.

    One conditional UPDATE settles two who use it at once. Raises SlipClosedError, and AddressTakenError.
    """
    if not Slip.objects.usable(at).filter(pk=slip.pk).update(used_at=at):
        raise SlipClosedError
    user = slip.client.user
    user.set_email(email)
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_index"])
    except IntegrityError:
        raise AddressTakenError from None
    record(Action.SLIP_USED, subject=slip, client=slip.client_id, by=by, at=at)
    return user
