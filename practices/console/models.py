"""Clinics that somebody asked for: by the operator, or by signing up."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from practices.accounts.models import User
from practices.models import ClinicModel
from practices.vault import Purpose, SealedTextField


class OpeningRequestQuerySet(models.QuerySet["OpeningRequest"]):
    def confirmable(self, at: datetime) -> "OpeningRequestQuerySet":
        """Signed up for, and the link in the mail still works."""
        return self.filter(state=OpeningRequest.State.UNCONFIRMED, expires_at__gt=at)

    def past(self, at: datetime, *, kept: timedelta) -> "OpeningRequestQuerySet":
        """Signed up for and never confirmed, or fulfilled so long ago."""
        abandoned = Q(state=OpeningRequest.State.UNCONFIRMED, expires_at__lte=at)
        return self.filter(abandoned | Q(state=OpeningRequest.State.OPEN, opened_at__lte=at - kept))

    def to_open(self, at: datetime) -> "OpeningRequestQuerySet":
        """Asked for, and in nobody's hands; also those whose worker was not heard of again."""
        left = Q(state=OpeningRequest.State.OPENING, claimed_until__lte=at)
        return self.filter(Q(state=OpeningRequest.State.ASKED) | left)


class OpeningRequest(ClinicModel):
    """A clinic to be opened. The web's role of the database can make no schema, so a command of the owner's does it.

    The owner's address is kept until the invitation is sent, and then forgotten.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "waits for its confirmation"
        ASKED = "asked", "waits to be opened"
        OPENING = "opening", "being opened"
        OPEN = "open", "open"
        FAILED = "failed", "could not be opened"

    state = models.CharField(max_length=11, choices=State)
    name = models.CharField(max_length=80)
    label = models.CharField(max_length=40)
    timezone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    address = SealedTextField(purpose=Purpose.CONTACT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Of a sign-up: what the link in the mail holds, and until when it works.
    token_hash = models.BinaryField(max_length=32, null=True, unique=True)
    expires_at = models.DateTimeField(null=True)
    # The row in public, from the moment at which the name is taken.
    clinic = models.UUIDField(null=True, unique=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    objects = OpeningRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_state_known",
                condition=Q(state__in=["unconfirmed", "asked", "opening", "open", "failed"]),
            ),
            models.CheckConstraint(
                name="request_confirmed_has_its_name",
                condition=Q(state="unconfirmed", clinic=None, token_hash__isnull=False, expires_at__isnull=False)
                | (~Q(state="unconfirmed") & Q(clinic__isnull=False)),
            ),
        ]

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.ASKED, self.State.OPENING)
