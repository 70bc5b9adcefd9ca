"""Audit events: ids and codes, never content."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from practices.accounts.models import Origin, User
from practices.models import ClinicModel


class Action(StrEnum):
    """What can be recorded."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGNED_OUT = "signed out"
    FACTORS_CHANGED = "sign-in changed"
    SESSIONS_ENDED = "sessions ended"
    FACTORS_RESET = "second factor reset"
    DENIED = "denied"
    STAFF_INVITED = "staff invited"
    INVITATION_RESENT = "invitation sent again"
    INVITATION_REVOKED = "invitation taken back"
    STAFF_ADDED = "staff added"
    STAFF_CHANGED = "staff changed"
    STAFF_LEAVING = "staff leaving"
    STAFF_STAYS = "staff stays"
    SUPERVISION_BEGUN = "supervision begun"
    SUPERVISION_MOVED = "supervision’s end moved"
    SUPERVISION_ENDED = "supervision ended"
    STAFF_DEACTIVATED = "staff deactivated"
    STAFF_REACTIVATED = "staff reactivated"
    CLIENT_ADDED = "client added"
    CLIENT_INVITED = "client invited"
    CLIENT_REMINDED = "client reminded"
    CLIENT_CHANGED = "client changed"
    CLIENT_OPENED = "client opened"
    SLIP_MADE = "slip made"
    SLIP_REVOKED = "slip revoked"
    SLIP_USED = "slip used"
    CONSENT_GIVEN = "consent given"
    CONSENT_REFUSED = "consent refused"
    CONSENT_WITHDRAWN = "consent withdrawn"
    CARE_GIVEN = "care given"
    CARE_ENDED = "care ended"
    GLASS_BROKEN = "glass broken"
    GLASS_CLOSED = "glass closed"
    ARTICLE_SUBMITTED = "article sent for review"
    ARTICLE_SENT_BACK = "article sent back"
    ARTICLE_TAKEN_BACK = "article taken back"
    ARTICLE_SCHEDULED = "article scheduled"
    ARTICLE_PUBLISHED = "article published"
    ARTICLE_RESTORED = "article restored"
    ARTICLE_WITHDRAWN = "article withdrawn"
    PICTURE_REPLACED = "picture replaced"
    PICTURE_DELETED = "picture deleted"
    EXERCISE_PUBLISHED = "exercise published"
    ARTICLE_SETTINGS_CHANGED = "article settings changed"
    LOOK_CHANGED = "look changed"
    SETTINGS_CHANGED = "settings changed"
    CONTENT_IMPORTED = "content imported"
    CONTENT_EXPORTED = "content exported"
    COMMENT_SENT = "comment sent"
    COMMENT_HELD = "comment held again"
    COMMENT_APPROVED = "comment approved"
    COMMENT_SPAM = "comment marked as spam"
    COMMENT_REMOVED = "comment removed"
    COMMENT_ERASED = "comment erased"
    COMMENT_SETTINGS_CHANGED = "comment settings changed"
    WORK_ASSIGNED = "work assigned"
    WORK_WITHDRAWN = "work withdrawn"
    WORK_MOVED = "work’s day moved"
    NOTE_WRITTEN = "note to a client written"
    WORK_PLANNED = "work planned"
    SMALLER_OFFERED = "smaller version offered"
    SMALLER_TAKEN = "smaller version taken"
    FULL_TAKEN = "full version taken again"
    WORK_PAUSED = "work paused"
    WORK_RESUMED = "work’s pause ended"
    RESPONSE_SUBMITTED = "response submitted"
    RESPONSE_OPENED = "response opened"
    RESPONSE_REVIEWED = "response reviewed"
    ALERT_RAISED = "alert raised"
    ALERT_PASSED_ON = "alert passed on"
    ALERT_ACKNOWLEDGED = "alert acknowledged"
    AUDIT_VERIFIED = "audit verified"
    AUDIT_BROKEN = "audit broken"
    AUDIT_EXPORTED = "audit exported"
    WEEK_READY = "week ready"
    CLINIC_ASKED = "clinic asked for"
    CLINIC_OPENED = "clinic opened"
    CLINIC_RENAMED = "clinic renamed"
    HOST_ADDED = "host added"
    HOST_CHECKED = "host checked"
    HOST_MADE_PRIMARY = "host made primary"
    HOST_REMOVED = "host removed"
    CLINIC_SUSPENDED = "clinic suspended"
    CLINIC_RESUMED = "clinic resumed"
    CLINIC_CLOSING = "clinic closing"
    CLINIC_HELD = "clinic held"
    CLINIC_RELEASED = "clinic released"
    CLINIC_BACKED_UP = "clinic backed up"
    CLINIC_RESTORED = "clinic restored"
    CLINIC_EXPORTED = "clinic exported"
    CLINIC_IMPORTED = "clinic imported"
    CLINIC_ERASED = "clinic erased"
    KEYS_ROTATED = "keys rotated"
    KEYS_DESTROYED = "keys destroyed"


# Ways to open a client's content; whether it was a supervisor, a print or a copy stands in the event's purpose.
OPENINGS = (Action.RESPONSE_OPENED, Action.CLIENT_OPENED, Action.GLASS_BROKEN)

# What an event says of a nightly check: how far the chain was followed; that there is no anchor where there was one.
TO_EVENT, ANCHORS_MISSING = "to event ", "anchors missing"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def openings_of(self, client: UUID) -> "AuditEventQuerySet":
        """Each time staff opened anything of this client's, in whatever way, newest first."""
        return self.filter(client_id=client, action__in=OPENINGS).newest_first()

    def checks(self) -> "AuditEventQuerySet":
        """What came of looking whether the chain holds."""
        return self.filter(action__in=[Action.AUDIT_VERIFIED, Action.AUDIT_BROKEN])

    def between(self, since: datetime, until: datetime) -> "AuditEventQuerySet":
        """From the one moment up to, and without, the other."""
        return self.filter(at__gte=since, at__lt=until)

    def newest_first(self) -> "AuditEventQuerySet":
        return self.order_by("-at", "-pk")

    def before(self, event: UUID | None) -> "AuditEventQuerySet":
        """Those older than this event, if there is such a one; all of them if not.

        Not by page number: to skip a million rows takes as long as to read them.
        """
        last = AuditEvent.objects.filter(pk=event).first() if event else None
        return self.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else self


class AuditEvent(ClinicModel):
    """One thing that happened. Triggers refuse UPDATE, DELETE and TRUNCATE, and give it its place in the chain at commit."""

    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=30, blank=True)
    request_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    seq = models.BigIntegerField(null=True, editable=False)
    hash = models.BinaryField(null=True, max_length=32, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client_id", "-at"], name="audit_client_at"),
            models.Index(fields=["actor", "-at"], name="audit_actor_at"),
            models.Index(fields=["-at"], name="audit_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["seq"], name="audit_one_event_per_place"),
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(action=Action.WEEK_READY), name="audit_one_telling_per_week"
            ),
        ]


class AuditChain(models.Model):
    """The head of the clinic's chain: one row, which only the trigger moves on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_chain_has_one_head", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"AuditChain {self.seq}"


def record(
    action: Action,
    *,
    subject: models.Model | None = None,
    by: User | None,
    at: datetime,
    client: UUID | None = None,
    purpose: str = "",
) -> AuditEvent:
    """Write an event in the caller's transaction, with the request that the actor came by."""
    origin: Origin | None = by.origin if by else None
    fields: dict[str, Any] = {
        "actor": by.pk if by else None,
        "actor_role": by.roles_in_words if by else "",
        "subject_kind": type(subject).__name__ if subject else "",
        "subject_id": subject.pk if subject else None,
        "request_id": origin.request_id if origin else None,
        "address": origin.address if origin else None,
    }
    return AuditEvent.objects.create(action=action, at=at, client_id=client, purpose=purpose, **fields)
