"""Mails to send. Address and code are sealed; the words come from a template that can't reach anything clinical."""

from datetime import datetime
from enum import StrEnum

from django.db import models
from django.db.models import Q

from practices.models import ClinicModel
from practices.vault import Purpose, SealedJSONField


class MailKind(StrEnum):
    """Each is a template `outbox/<kind>.txt`: the subject on its first line, the text below."""

    SIGN_IN_CODE = "sign_in_code"
    PASSWORD_RESET = "password_reset"
    SIGN_IN_CHANGED = "sign_in_changed"
    STAFF_INVITATION = "staff_invitation"
    ROLES_CHANGED = "roles_changed"
    ACCOUNT_NOTE = "account_note"
    CLIENT_INVITATION = "client_invitation"
    SOMETHING_WAITS = "something_waits"
    TO_REVIEW = "to_review"
    ALERT = "alert"
    PLEASE_LOOK_IN = "please_look_in"
    DESK_NOTE = "desk_note"
    GLASS_BROKEN = "glass_broken"
    COMMENTS_WAIT = "comments_wait"
    WEEKLY_LOOK = "weekly_look"
    CONFIRM_CLINIC = "confirm_clinic"
    WEEK_AHEAD = "week_ahead"


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def unsent(self) -> "OutboxMailQuerySet":
        return self.filter(state=OutboxMail.State.QUEUED)

    def due(self, at: datetime) -> "OutboxMailQuerySet":
        """Queued, due, and not in the hands of another worker."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=at)
        return self.unsent().filter(free, due_at__lte=at)


class OutboxMail(ClinicModel):
    """One mail. `details` holds the address, the path to link to and the sign-in code, if any."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    kind = models.CharField(max_length=20)
    details = SealedJSONField(purpose=Purpose.CONTACT)
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    # Since when it waits to be sent: a mail for the morning waits from then on.
    created_at = models.DateTimeField()
    # Whose it is about, for mails that may be called off.
    about = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="outbox_due"),
            models.Index(fields=["about", "-created_at"], condition=Q(about__isnull=False), name="outbox_about"),
        ]
