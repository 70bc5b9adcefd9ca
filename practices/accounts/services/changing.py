"""What a member of staff is called and may do changes."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Act, Kind, Role, granted
from practices.accounts.services.accounts import end_sessions, keep_an_owner
from practices.accounts.services.invitations import revoke_invitation
from practices.accounts.services.supervising import end_unfitting_supervisions
from practices.audit.models import Action, record
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail


@transaction.atomic
def change_staff(
    user: User, *, display_name: str, credentials: str, roles: Collection[Role], by: User, at: datetime
) -> None:
    """Change name, credentials and roles; new roles end every session and the supervisions that don't fit them.

    The person is told. Whoever may invite nobody any more has their open invitations taken back: one of them could lead
    to themselves. Raises LastOwnerError.
    """
    roles_change = set(roles) != set(user.roles)
    if Role.OWNER not in roles:
        keep_an_owner(without=user)
    user.display_name, user.credentials, user.roles = display_name, credentials, sorted(roles)
    user.save(update_fields=["display_name", "credentials", "roles"])
    if roles_change:
        end_sessions(user)
        end_unfitting_supervisions(user, by=by, at=at)
        if Act.MANAGE_STAFF not in granted(Kind.STAFF, user.roles):
            take_back_invitations_of(user, by=by, at=at)
        queue_mail(MailKind.ROLES_CHANGED, to=user.email, path=reverse("start"), at=at)
    record(Action.STAFF_CHANGED, subject=user, by=by, at=at)


def take_back_invitations_of(user: User, *, by: User, at: datetime) -> None:
    """Those that they sent and nobody has used."""
    sent = Invitation.objects.pending().filter(invited_by=user).order_by("pk")
    for invitation in sent.select_for_update():
        revoke_invitation(invitation, by=by, at=at)
