"""Whoever is invited in the tests, and the link that was mailed to them."""

from django.utils import timezone

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Role
from practices.outbox.models import MailKind, OutboxMail
from tests import factories

INES = "ines@example.org"


def path_to(email: str = INES) -> str:
    """The link of the newest mail to this address."""
    mails = OutboxMail.objects.filter(kind=MailKind.STAFF_INVITATION).order_by("pk")
    return str([mail.details["path"] for mail in mails if mail.details["to"] == email][-1])


def invite(*roles: Role, email: str = INES, by: User | None = None) -> Invitation:
    return factories.invitation(*roles, email=email, by=by, at=timezone.now())
