"""What clients wrote, what was computed from it, and what staff made of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Min, Q
from django.db.models.functions import Now

from clients.models.people import NOBODY, Client, ClientQuerySet
from clients.models.work import Occurrence
from clients.states import ALERT, RESPONSE, AlertState, ResponseState
from practices.accounts.models import User
from practices.models import ClinicModel
from practices.vault import Purpose, SealedJSONField, SealedTextField


class ResponseQuerySet(models.QuerySet["Response"]):
    def standing(self, states: Collection[str]) -> "ResponseQuerySet":
        """Those in one of these states."""
        return self.filter(state__in=states)

    def submitted(self) -> "ResponseQuerySet":
        return self.filter(state=Response.State.SUBMITTED)

    def sent_by(self, clients: ClientQuerySet) -> "ResponseQuerySet":
        """What these clients sent. A draft is never visible to staff."""
        return self.submitted().filter(occurrence__assignment__client__in=clients)

    def visible_to(self, staff: User) -> "ResponseQuerySet":
        """What this member of staff may read."""
        return self.sent_by(Client.objects.read_by(staff))

    def in_care_of(self, staff: User) -> "ResponseQuerySet":
        """What this clinician's own caseload sent, to be read and answered."""
        return self.sent_by(Client.objects.in_care_of(staff))

    def given_to(self, user: Any) -> "ResponseQuerySet":
        """The client's own, drafts included."""
        return self.filter(occurrence__assignment__client__user=user)

    def to_review(self) -> "ResponseQuerySet":
        return self.submitted().filter(review=None)

    def waiting(self) -> "ResponseQuerySet":
        """Not read yet, or with an alert that nobody has acknowledged."""
        alert = Q(alert__isnull=False, alert__acknowledged_at=None)
        return self.submitted().filter(Q(review=None) | alert)

    def titles(self) -> dict[UUID, str]:
        """What was answered, by response."""
        return dict(self.values_list("pk", "occurrence__assignment__version__title"))


class Response(ClinicModel):
    """What a client wrote for an occurrence: a draft until submitted; after that a trigger refuses every change.

    `answers` holds what is shared, `kept` what the client keeps to themselves; both by prompt id. `version` counts the
    autosaves, so that of two tabs the second is told.
    """

    State = ResponseState

    occurrence = models.OneToOneField(Occurrence, on_delete=models.PROTECT, related_name="response")
    answers = SealedJSONField(purpose=Purpose.ANSWERS)
    kept = SealedJSONField(purpose=Purpose.ANSWERS)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=9, choices=[(state.value, state.capitalize()) for state in State], default=State.DRAFT.value
    )
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    # Made by the browser for one "Send": the same one twice gives one response.
    request_id = models.UUIDField(null=True, unique=True)

    objects = ResponseQuerySet.as_manager()
    machine = RESPONSE

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="response_submitted_has_time",
                condition=Q(state="draft", submitted_at=None) | Q(state="submitted", submitted_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["-submitted_at"], name="response_submitted")]


class Score(ClinicModel):
    """What a version's rule made of a response. `result` is {"total", "band", "answered", "expected"}."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="score")
    rule = models.CharField(max_length=20)
    result = SealedJSONField(purpose=Purpose.ANSWERS)
    at = models.DateTimeField()


class Review(ClinicModel):
    """“I have read this”, with a line that the client sees."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="review")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reply = SealedTextField(purpose=Purpose.NOTES, null=True)


class SafetyAlertQuerySet(models.QuerySet["SafetyAlert"]):
    def in_care_of(self, staff: User) -> "SafetyAlertQuerySet":
        """The alerts that this clinician is to acknowledge."""
        return self.filter(response__in=Response.objects.in_care_of(staff))

    def standing(self, states: Collection[str]) -> "SafetyAlertQuerySet":
        """Those in one of these states."""
        wanted = NOBODY
        if AlertState.RAISED in states:
            wanted |= Q(acknowledged_at=None)
        if AlertState.ACKNOWLEDGED in states:
            wanted |= Q(acknowledged_at__isnull=False)
        return self.filter(wanted)

    def passed_on_to_owners(self) -> list[tuple[str, datetime]]:
        """Whose queue they wait in, and since when: those that were passed on and that nobody has seen yet."""
        waiting = self.unacknowledged().exclude(passed_on_at=None)
        relation = "response__occurrence__assignment__client__care"
        acting = {f"{relation}__ends_at": None, f"{relation}__starts_at__lte": Now()}
        by_name = waiting.filter(**acting).values_list(f"{relation}__clinician__display_name")
        return list(by_name.annotate(since=Min("raised_at")).order_by("since"))

    def since_before(self, moment: datetime) -> "SafetyAlertQuerySet":
        return self.filter(raised_at__lte=moment)

    def unacknowledged(self) -> "SafetyAlertQuerySet":
        return self.standing([AlertState.RAISED])


class SafetyAlert(ClinicModel):
    """An answer tripped a safety rule; a clinician must say that they have seen it."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="alert")
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # For the record, by whoever acknowledged it: what they did. The client does not see it.
    note = SealedTextField(purpose=Purpose.NOTES, null=True)
    # When supervisors and owners were told that nobody had acknowledged it.
    passed_on_at = models.DateTimeField(null=True)

    objects = SafetyAlertQuerySet.as_manager()
    machine = ALERT

    @property
    def state(self) -> AlertState:
        return AlertState.ACKNOWLEDGED if self.acknowledged_at else AlertState.RAISED
