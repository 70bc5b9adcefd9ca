"""An answer that trips a safety rule is seen by somebody: by their clinician, or, if nobody has in time, others are told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.models import Client, Response, SafetyAlert
from clients.services.alerts import ESCALATE_TASK, acknowledge_alert, next_to_pass_on, pass_alerts_on
from content.models import Exercise
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic, ClinicWakeup
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.factories import AT
from tests.harness.browsers import Browser

HOUR = timedelta(hours=1)
SAFETY: dict[str, Any] = {
    "format": 1,
    "minutes": 1,
    "introduction": "",
    "prompts": [{"id": "safe", "kind": "yes_no", "text": "Are you safe?"}],
    "safety": [{"prompt": "safe", "in": ["no"]}],
}


@pytest.fixture
def check_in(north: Clinic) -> Exercise:
    return factories.exercise(schema=SAFETY)


@pytest.fixture
def alert(client_person: Client, clinician: User, check_in: Exercise) -> SafetyAlert:
    work = factories.assignment(client_person, by=clinician, exercise=check_in)
    occurrence = work.occurrences.select_related("assignment__client__user", "assignment__version").get()
    sent: Response = factories.response(occurrence, answers={"safe": "no"})
    return SafetyAlert.objects.select_related("response__occurrence__assignment__client").get(response=sent)


def told() -> list[tuple[str, str]]:
    mails = OutboxMail.objects.filter(kind=MailKind.ALERT).order_by("created_at", "pk")
    return [(mail.details["to"], mail.details["path"]) for mail in mails]


def test_the_clinician_is_told_at_once_and_the_clock_starts(alert: SafetyAlert, clinician: User, north: Clinic) -> None:
    assert told() == [(clinician.email, reverse("admin:index"))]
    assert ClinicWakeup.objects.get(kind=ESCALATE_TASK).due_at == alert.raised_at + HOUR == next_to_pass_on(north)


def test_nobody_having_seen_it_in_time_supervisor_and_owner_are_told_once(
    alert: SafetyAlert, clinician: User, owner: User, supervisor: User, north: Clinic
) -> None:
    late = alert.raised_at + HOUR

    assert pass_alerts_on(north, at=late - timedelta(seconds=1)) == 0
    assert pass_alerts_on(north, at=late) == 1
    assert pass_alerts_on(north, at=late + HOUR) == 0

    assert set(told()[1:]) == {
        (supervisor.email, reverse("admin:supervision")),
        (owner.email, reverse("admin:overview")),
    }
    assert AuditEvent.objects.filter(action=Action.ALERT_PASSED_ON).count() == 1
    assert next_to_pass_on(north) is None


def test_what_somebody_has_seen_is_passed_on_to_nobody(
    alert: SafetyAlert, clinician: User, owner: User, north: Clinic
) -> None:
    acknowledge_alert(alert, by=clinician, at=alert.raised_at + timedelta(minutes=59))

    assert pass_alerts_on(north, at=alert.raised_at + HOUR) == 0
    assert len(told()) == 1
    assert next_to_pass_on(north) is None


def test_how_long_is_waited_is_the_practices_to_say(alert: SafetyAlert, owner: User, north: Clinic) -> None:
    north.alert_minutes = 15

    assert pass_alerts_on(north, at=alert.raised_at + timedelta(minutes=15)) == 1


def test_the_owner_sees_in_whose_queue_something_waits_and_nobodys_name_else(
    alert: SafetyAlert,
    client_person: Client,
    clinician: User,
    owner: User,
    north: Clinic,
    browser_of: Callable[..., Browser],
) -> None:
    desk = browser_of(owner)
    assert "Something urgent" not in desk.get(reverse("admin:overview")).content.decode()
    pass_alerts_on(north, at=alert.raised_at + HOUR)

    page = desk.get(reverse("admin:overview")).content.decode()

    assert f"Something urgent has waited for {clinician.display_name} since" in page
    assert client_person.first_name not in page.partition("Something urgent")[2].partition("</p>")[0]
    acknowledge_alert(alert, by=clinician, at=AT + 2 * HOUR)
    assert "Something urgent" not in desk.get(reverse("admin:overview")).content.decode()


def test_what_was_done_is_kept_for_the_record_and_is_not_the_clients_to_see(
    alert: SafetyAlert, client_person: Client, clinician: User, browser_of: Callable[..., Browser]
) -> None:
    desk = browser_of(clinician)
    response = reverse("admin:response", args=[alert.response_id])
    assert "What you did, or will do" in desk.get(response).content.decode()

    desk.post(reverse("admin:acknowledge", args=[alert.pk]), {"note": "Called her at six. <Safe>."})

    alert.refresh_from_db()
    assert (alert.note, alert.acknowledged_by) == ("Called her at six. <Safe>.", clinician)
    assert "Called her at six. &lt;Safe&gt;." in desk.get(response).content.decode()
    own = browser_of(client_person.user).get(reverse("portal:response", args=[alert.response_id])).content.decode()
    assert "Called her" not in own


def test_the_first_acknowledgement_counts_and_its_note_stays(
    alert: SafetyAlert, clinician: User, other_clinician: User, at: datetime
) -> None:
    acknowledge_alert(alert, note="Called.", by=clinician, at=at)
    acknowledge_alert(SafetyAlert.objects.get(pk=alert.pk), note="Nothing.", by=other_clinician, at=at)

    alert.refresh_from_db()
    assert (alert.note, alert.acknowledged_by) == ("Called.", clinician)
