"""Inviting staff: sent, sent again, taken back, accepted."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from practices.accounts.models import Invitation, Origin, User, token_hash
from practices.accounts.permissions import Kind, Role
from practices.accounts.services.accounts import AddressTakenError, make_user
from practices.accounts.services.photos import keep_photo
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.vault import blind_index, plain_address

LIFETIME = timedelta(days=7)


class AlreadyInvitedError(Exception):
    """This address has an invitation that was neither used nor taken back."""


class InvitationClosedError(Exception):
    """The invitation was used, taken back or has run out."""


@transaction.atomic
def invite_staff(*, email: str, roles: Collection[Role], by: User | None, at: datetime) -> Invitation:
    """Mail somebody a link by which they make their own account, once, within seven days.

    Raises AddressTakenError if the address has an account, AlreadyInvitedError if it has an open invitation.
    """
    if User.objects.by_email(email).exists():
        raise AddressTakenError("Somebody here already has this mail address.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        address=plain_address(email),
        address_index=blind_index(email),
        token_hash=token_hash(token),
        roles=sorted(roles),
        invited_by=by,
        sent_at=at,
        expires_at=at + LIFETIME,
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:
        if "invitation_one_open" not in str(error):
            raise
        raise AlreadyInvitedError("This address was invited already. You can send that invitation again.") from None
    record(Action.STAFF_INVITED, subject=invitation, by=by, at=at)
    _mail(invitation, token, at=at)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Mail a new link, good for seven days from now; the old one is dead. Raises InvitationClosedError."""
    token = secrets.token_urlsafe(32)
    renewed = {"token_hash": token_hash(token), "sent_at": at, "expires_at": at + LIFETIME}
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(**renewed):
        raise InvitationClosedError("This invitation was used or taken back meanwhile.")
    record(Action.INVITATION_RESENT, subject=invitation, by=by, at=at)
    _mail(invitation, token, at=at)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """The link opens nothing from now on. Raises InvitationClosedError if it was used or taken back already."""
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(revoked_at=at):
        raise InvitationClosedError("This invitation was used or taken back meanwhile.")
    record(Action.INVITATION_REVOKED, subject=invitation, by=by, at=at)


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    display_name: str,
    credentials: str,
    photo: Image.Image | None = None,
    password: str,
    origin: Origin | None = None,
    at: datetime,
) -> User:
    """Make the account that the invitation was for, with the address it was sent to.

    The row stays locked until the account stands, so of two browsers at once the second one finds it used. Raises
    InvitationClosedError, and AddressTakenError if the address got an account some other way.
    """
    claimed = Invitation.objects.acceptable(at).select_for_update().filter(pk=invitation.pk).first()
    if claimed is None:
        raise InvitationClosedError("This invitation was used, taken back or has run out.")
    user = make_user(
        email=claimed.address,
        display_name=display_name,
        kind=Kind.STAFF,
        roles=[Role(role) for role in claimed.roles],
        credentials=credentials,
    )
    user.origin = origin
    user.set_password(password)
    user.save(update_fields=["password"])
    if photo:
        keep_photo(user, photo)
    claimed.used_at, claimed.account = at, user
    claimed.save(update_fields=["used_at", "account"])
    record(Action.STAFF_ADDED, subject=user, by=user, at=at)
    return user


def _mail(invitation: Invitation, token: str, *, at: datetime) -> None:
    queue_mail(
        MailKind.STAFF_INVITATION, to=invitation.address, path=reverse("invitation", kwargs={"token": token}), at=at
    )
