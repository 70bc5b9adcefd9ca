"""Alerts: who is told when an answer trips a safety rule, who has seen it, and who is told when nobody has."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.urls import reverse

from clients.models import Response, SafetyAlert
from clients.models.people import acting_for, supervisions_of
from clients.services.moving import move
from clients.states import Move
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, record
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic
from practices.vault import sealed
from practices.wakeups import wake

ESCALATE_TASK = "clients.tasks.pass_alerts_on"
AT_ONCE = 200


def raise_alert(response: Response, *, at: datetime) -> SafetyAlert:
    """The clinicians who act for the client are mailed, without a word of what it is about; the clock starts.

    Where nobody acts for the client just now, the owners are: they can say who cares for the client.
    """
    client = response.occurrence.assignment.client
    alert = SafetyAlert.objects.create(response=response, raised_at=at)
    record(Action.ALERT_RAISED, subject=alert, client=client.pk, by=None, at=at)
    tell(list(acting_for(client)) or owners(), path=reverse("admin:index"), at=at)
    wake(current_clinic().pk, ESCALATE_TASK, due_at=at + timedelta(minutes=current_clinic().alert_minutes))
    return alert


@transaction.atomic
def acknowledge_alert(alert: SafetyAlert, *, note: str = "", by: User, at: datetime) -> None:
    """Somebody has seen it, and may say for the record what they did. The first acknowledgement counts."""
    alert.note = note.strip() or None
    fields = {"acknowledged_at": at, "acknowledged_by": by} | sealed(alert, "note")
    if move(SafetyAlert.objects.filter(pk=alert.pk), Move.ACKNOWLEDGE, **fields):
        client = alert.response.occurrence.assignment.client_id
        record(Action.ALERT_ACKNOWLEDGED, subject=alert, client=client, by=by, at=at)


@transaction.atomic
def pass_alerts_on(clinic: Clinic, *, at: datetime) -> int:
    """Of alerts that nobody has acknowledged in time, supervisors and owners are told, once; how many alerts that were.

    Each is claimed by a conditional UPDATE, so two workers tell once.
    """
    passed = 0
    waiting = SafetyAlert.objects.unacknowledged().since_before(at - timedelta(minutes=clinic.alert_minutes))
    for alert in waiting.filter(passed_on_at=None).select_related("response__occurrence__assignment__client")[:AT_ONCE]:
        if not move(SafetyAlert.objects.filter(pk=alert.pk, passed_on_at=None), Move.PASS_ON, passed_on_at=at):
            continue
        client = alert.response.occurrence.assignment.client
        record(Action.ALERT_PASSED_ON, subject=alert, client=client.pk, by=None, at=at)
        supervisors = [supervision.supervisor for supervision in supervisions_of(client)]
        tell(supervisors, path=reverse("admin:supervision"), at=at)
        tell([owner for owner in owners() if owner not in supervisors], path=reverse("admin:overview"), at=at)
        passed += 1
    return passed


def next_to_pass_on(clinic: Clinic) -> datetime | None:
    """When the oldest alert that nobody has acknowledged is to be passed on."""
    waiting = SafetyAlert.objects.unacknowledged().filter(passed_on_at=None)
    oldest: datetime | None = waiting.aggregate(oldest=Min("raised_at"))["oldest"]
    return oldest + timedelta(minutes=clinic.alert_minutes) if oldest else None


def owners() -> list[User]:
    return list(User.objects.with_role(Role.OWNER))


def tell(people: list[User], *, path: str, at: datetime) -> None:
    for person in people:
        queue_mail(MailKind.ALERT, to=person.email, path=path, at=at)
