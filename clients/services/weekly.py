"""The owner's weekly look at who opened what: when a week is ready, what was unusual about it, and who is told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import CareRelation
from clients.unusual import WATCHED, Care, Event, Finding, unusual
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent, record
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail

WEEKLY_TASK = "clients.tasks.weekly_look"
# On Monday, by the clinic's clock.
TOLD_AT = time(8)


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday to Sunday, by the clinic's clock."""

    monday: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.monday, time(), self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.monday + timedelta(weeks=1), time(), self.zone)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def told_at(self) -> datetime:
        """The morning after it."""
        return datetime.combine(self.monday + timedelta(weeks=1), TOLD_AT, self.zone)

    def moved(self, weeks: int) -> "Week":
        return Week(self.monday + timedelta(weeks=weeks), self.zone)


def week_with(at: datetime, zone: ZoneInfo) -> Week:
    day = at.astimezone(zone).date()
    return Week(day - timedelta(days=day.weekday()), zone)


def week_to_tell(at: datetime, zone: ZoneInfo) -> Week:
    """The newest week of which the owner should have been told by now."""
    week = week_with(at, zone).moved(-1)
    return week if week.told_at <= at else week.moved(-1)


def next_telling(clinic: Clinic, *, at: datetime) -> datetime:
    return week_to_tell(at, clinic.zone).moved(1).told_at


def first_week(zone: ZoneInfo) -> Week | None:
    """That of the oldest event; None if nothing has happened yet."""
    oldest = AuditEvent.objects.order_by("at").values_list("at", flat=True).first()
    return week_with(oldest, zone) if oldest else None


def findings_of(week: Week) -> list[Finding]:
    """What is unusual about this week. Two queries, however much happened."""
    events = [
        Event(*values)
        for values in AuditEvent.objects.between(week.since, week.until)
        .filter(action__in=WATCHED)
        .values_list(*Event._fields)
    ]
    readings = [event for event in events if event.is_reading]
    care: dict[tuple[object, object], list[Care]] = {}
    relations = CareRelation.objects.filter(
        clinician__in={event.actor for event in readings}, client__in={event.client_id for event in readings}
    )
    for clinician, client, *times in relations.values_list("clinician_id", "client_id", *Care._fields):
        care.setdefault((clinician, client), []).append(Care(*times))
    return unusual(events, zone=week.zone, care=care)  # type: ignore[arg-type]


@transaction.atomic
def tell_of_week(clinic: Clinic, *, at: datetime) -> bool:
    """Owners get a mail that their weekly look is ready, once for each week; False if they had it, or nothing happened by then.

    That they were told is an event, of which there is one a week: of two workers the second finds it, and one that is
    killed leaves neither event nor mail. Weeks that passed while nothing ran are not mailed; they stand on the page.
    """
    week = week_to_tell(at, clinic.zone)
    first = first_week(clinic.zone)
    if first is None or first.monday > week.monday:
        return False
    try:
        with transaction.atomic():
            record(Action.WEEK_READY, by=None, at=at, purpose=f"week of {week.monday.isoformat()}")
    except IntegrityError:
        return False
    path = reverse("admin:weekly_look", args=[week.monday.isoformat()])
    for owner in User.objects.with_role(Role.OWNER):
        queue_mail(MailKind.WEEKLY_LOOK, to=owner.email, path=path, at=at)
    return True
