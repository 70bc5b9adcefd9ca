"""Printed slips: the way in for clients whose mail address nobody has at hand."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from clients.models.people import Client
from practices.accounts.models import User
from practices.models import ClinicModel
from practices.vault import blind_mark

VALID_FOR = timedelta(days=14)


def plain_code(typed: str) -> str:
    """A code in its one form, however it was typed."""
    return "".join(character for character in typed.upper() if character.isalnum())


class SlipQuerySet(models.QuerySet["Slip"]):
    def arranged_by(self, staff: User) -> "SlipQuerySet":
        """Those of clients whose way in this member of staff may arrange."""
        return self.filter(client__in=Client.objects.arranged_by(staff))

    def pending(self) -> "SlipQuerySet":
        """Neither used nor taken back; its time may be over."""
        return self.filter(used_at=None, revoked_at=None)

    def usable(self, at: datetime) -> "SlipQuerySet":
        return (
            self.pending()
            .filter(expires_at__gt=at, client__user__is_active=True)
            .exclude(client__status=Client.Status.DISCHARGED)
        )

    def by_code(self, typed: str) -> "SlipQuerySet":
        return self.filter(code_hash=blind_mark(plain_code(typed)))


class Slip(ClinicModel):
    """A code on paper that lets a client in once; here is only its hash, keyed with the clinic's own key."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="slips")
    code_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(used_at=None, revoked_at=None), name="slip_one_a_client"
            ),
            models.CheckConstraint(name="slip_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(name="slip_expires_later", condition=Q(expires_at__gt=models.F("made_at"))),
        ]
