"""What clients are given to do: assignments, and each time one is to be done."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from clients.models.people import NOBODY, Client, ClientQuerySet
from clients.recurrence import noun_of, times_of
from clients.states import ASSIGNMENT, OCCURRENCE, UNFINISHED, AssignmentState, Move, OccurrenceState
from content.models import Exercise, ExerciseVersion
from practices.accounts.models import User
from practices.models import ClinicModel
from practices.vault import Purpose, SealedJSONField, SealedTextField

# Begun, and nothing written for this long: the client may be stuck.
STUCK_AFTER = timedelta(days=3)

# The client said why not now, and nobody has made it easier since.
PUT_OFF = ~Q(not_now="") & (Q(eased_at=None) | Q(eased_at__lt=F("not_now_at")))
# Work that is due sooner than this after it opens is announced once, and that is enough.
LONG_ENOUGH = timedelta(days=2)
# When a client is reminded of what is due; and until when of what is late.
REMINDED_BEFORE, REMINDED_AFTER = timedelta(days=1), timedelta(days=2)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_care_of(self, staff: User) -> "AssignmentQuerySet":
        """The work of this clinician's own caseload, to be given and taken back."""
        return self.filter(client__in=Client.objects.in_care_of(staff))

    def standing(self, states: Collection[str]) -> "AssignmentQuerySet":
        """Those in one of these states."""
        wanted = NOBODY
        if AssignmentState.GIVEN in states:
            wanted |= Q(withdrawn_at=None)
        if AssignmentState.WITHDRAWN in states:
            wanted |= Q(withdrawn_at__isnull=False)
        return self.filter(wanted)

    def active(self) -> "AssignmentQuerySet":
        return self.standing([AssignmentState.GIVEN])

    def unfinished(self) -> "AssignmentQuerySet":
        """Something of it is still to be sent, now or later."""
        return self.active().filter(Exists(Occurrence.objects.unfinished().filter(assignment=OuterRef("pk"))))

    def holders_by_version(self, exercise: Exercise) -> dict[UUID, int]:
        """How many clients have unfinished work on each version of the exercise: a number for all staff, no names."""
        held = self.unfinished().filter(version__exercise=exercise).values_list("version")
        return dict(held.annotate(holders=Count("client", distinct=True)))


class Assignment(ClinicModel):
    """An exercise version given to a client, with dates, repetition and a note."""

    class Repeat(models.TextChoices):
        ONCE = "once", "once"
        DAILY = "daily", "every day"
        WEEKLY = "weekly", "every week"
        DATES = "dates", "on certain days"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="assignments")
    version = models.ForeignKey(ExerciseVersion, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    note = SealedTextField(purpose=Purpose.NOTES, null=True)
    # If the note was written after the work was given: by whom, and when.
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(null=True)
    # When and where the client means to do it, and how sure they are (0 to 10), if they said so when they were asked: once.
    asked_at = models.DateTimeField(null=True)
    plan = SealedJSONField(purpose=Purpose.ANSWERS, null=True)
    planned_at = models.DateTimeField(null=True)
    # What the client may do instead, each time anew; and of what they took so, the time that it is done instead of.
    smaller = models.ForeignKey(ExerciseVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    instead_of = models.OneToOneField(
        "clients.Occurrence", null=True, on_delete=models.PROTECT, related_name="smaller_work"
    )
    repeat = models.CharField(max_length=6, choices=Repeat, default=Repeat.ONCE)
    # RFC 5545, as clients/recurrence.py writes it; its first day is starts_on.
    rule = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()
    machine = ASSIGNMENT

    class Meta:
        indexes = [models.Index(fields=["client", "-assigned_at"], name="assignment_client")]

    @property
    def writer(self) -> User:
        """Whose note it is."""
        return self.noted_by or self.assigned_by

    @property
    def state(self) -> AssignmentState:
        return AssignmentState.WITHDRAWN if self.withdrawn_at else AssignmentState.GIVEN

    @property
    def times(self) -> int:
        """How often it is to be done."""
        return times_of(self.rule)

    def which(self, number: int) -> str:
        """ "day 3 of 14", "week 2 of 4"; nothing of work that is done once."""
        return f"{noun_of(self.rule)} {number} of {self.times}" if self.times > 1 else ""


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def of(self, clients: ClientQuerySet) -> "OccurrenceQuerySet":
        """The work of these clients."""
        return self.filter(assignment__client__in=clients)

    def given_to(self, user: Any) -> "OccurrenceQuerySet":
        """What this client was given and has not had taken back."""
        return self.filter(assignment__client__user=user).exclude(state=Occurrence.State.WITHDRAWN)

    def ever_given_to(self, user: Any) -> "OccurrenceQuerySet":
        """What this client was given, taken back or not: whoever is writing must be told that it was."""
        return self.filter(assignment__client__user=user)

    def opened(self, at: datetime) -> "OccurrenceQuerySet":
        """Those whose time has come, in whatever state."""
        return self.filter(opens_at__lte=at)

    def standing(self, states: Collection[str]) -> "OccurrenceQuerySet":
        """Those in one of these states."""
        return self.filter(state__in=states)

    def unfinished(self) -> "OccurrenceQuerySet":
        return self.standing(UNFINISHED)

    def counted(self) -> "OccurrenceQuerySet":
        """Those that are to be done, or were: not left out for a pause, done in another version, or taken back."""
        return self.exclude(state__in=[Occurrence.State.SKIPPED, Occurrence.State.REPLACED, Occurrence.State.WITHDRAWN])

    def answerable(self, at: datetime) -> "OccurrenceQuerySet":
        """Open to be answered now. Being late closes nothing, and what was begun stays open.

        Only of repeated work, a time that was not begun closes when the next one opens.
        """
        return self.unfinished().opened(at).exclude(Q(state=Occurrence.State.OPEN, closes_at__lte=at))

    def overdue(self, at: datetime) -> "OccurrenceQuerySet":
        return self.unfinished().filter(due_at__lt=at)

    def needing_attention(self, at: datetime) -> "OccurrenceQuerySet":
        """Stuck or late: put off and not made easier since, begun and left lying, or due and not sent.

        Of each assignment the latest, unless the client has since sent a later one.
        """
        left = Q(state=Occurrence.State.STARTED, response__saved_at__lt=at - STUCK_AFTER)
        later = Occurrence.objects.filter(assignment=OuterRef("assignment"), number__gt=OuterRef("number"))
        overtaken = Exists(later.filter(state=Occurrence.State.SUBMITTED))
        troubled = self.answerable(at).filter(PUT_OFF | left | Q(due_at__lt=at)).exclude(overtaken)
        return troubled.order_by("assignment_id", "-due_at").distinct("assignment_id")

    def to_announce(self, at: datetime) -> "OccurrenceQuerySet":
        """Open now, and the client has not been told."""
        return self.answerable(at).filter(announced_at=None)

    def to_be_reminded_of(self) -> "OccurrenceQuerySet":
        """Unfinished work with some days to it, which the client has not put off."""
        return self.unfinished().filter(due_at__gte=F("opens_at") + LONG_ENOUGH).exclude(PUT_OFF)

    def due_soon(self, at: datetime) -> "OccurrenceQuerySet":
        """Due within a day, and the client has not been told so of this due moment."""
        told = Q(soon_for=F("due_at"))
        soon = self.answerable(at) & self.to_be_reminded_of()
        return soon.filter(due_at__gt=at, due_at__lte=at + REMINDED_BEFORE).exclude(told)

    def just_late(self, at: datetime) -> "OccurrenceQuerySet":
        """Late since a little while, and the client has not been told so of this due moment. Later than that, nobody is told."""
        late = self.answerable(at) & self.to_be_reminded_of()
        return late.filter(due_at__lte=at, due_at__gt=at - REMINDED_AFTER).exclude(Q(late_for=F("due_at")))

    def not_announced(self, at: datetime) -> "OccurrenceQuerySet":
        """Open or to come, and the client has not been told."""
        return self.unfinished().filter(announced_at=None).exclude(closes_at__lte=at)


class Occurrence(ClinicModel):
    """One time that an assignment is to be done. Upcoming and overdue are not stored: the clock decides."""

    State = OccurrenceState

    class NotNow(models.TextChoices):
        LATER = "later", "I need more time"
        SMALLER = "smaller", "It is too much for me"
        WHY = "why", "I am not sure what it is for"
        OTHER = "other", "Something else"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    # When a pause moved it: when it would have opened and been due without.
    planned_opens_at = models.DateTimeField(null=True)
    planned_due_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=9, choices=[(state.value, state.capitalize()) for state in State], default=State.OPEN.value
    )
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    # The due moment of which the client was reminded, before it and after it: one that is moved counts anew.
    soon_for = models.DateTimeField(null=True)
    late_for = models.DateTimeField(null=True)
    not_now = models.CharField(max_length=7, choices=NotNow, blank=True)
    not_now_at = models.DateTimeField(null=True)
    not_now_words = SealedTextField(purpose=Purpose.ANSWERS, null=True)
    # When a clinician last made it easier: gave more time, offered something smaller.
    eased_at = models.DateTimeField(null=True)

    objects = OccurrenceQuerySet.as_manager()
    machine = OCCURRENCE

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="occurrence_number"),
            models.CheckConstraint(name="occurrence_due_after_opening", condition=Q(due_at__gt=models.F("opens_at"))),
            models.CheckConstraint(
                name="occurrence_submitted_has_time",
                condition=Q(state="submitted", submitted_at__isnull=False)
                | (~Q(state="submitted") & Q(submitted_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="occurrence_due"),
            models.Index(
                fields=["opens_at"],
                condition=Q(announced_at=None, state__in=["open", "started"]),
                name="occurrence_to_announce",
            ),
        ]

    @property
    def is_put_off(self) -> bool:
        """The client said why not now, and nobody has made it easier since."""
        return self.not_now_at is not None and (self.eased_at is None or self.eased_at < self.not_now_at)

    def is_answerable(self, at: datetime) -> bool:
        """The same question as the QuerySet's, of a row that was read."""
        return not self.why_closed(at)

    def why_closed(self, at: datetime) -> str:
        """Why it can't be answered now; nothing if it can."""
        if not OCCURRENCE.may(Move.SAVE, self.state):
            return OCCURRENCE.reason(self.state)
        if self.opens_at > at:
            return "It is not open yet."
        overtaken = self.state == self.State.OPEN and self.closes_at is not None and self.closes_at <= at
        return "The next one has taken its place." if overtaken else ""
