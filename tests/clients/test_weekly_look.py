"""The owner's weekly look: ready on Monday, told once, and what stands on its page."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connections, transaction
from time_machine import Traveller

from clients.models import CareRelation, Client
from clients.services.glass import break_glass
from clients.services.reviewing import open_client
from clients.services.weekly import WEEKLY_TASK, next_telling, tell_of_week
from clients.tasks import weekly_look
from config.celery import app
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.audit.models import Action, AuditEvent, record
from practices.models import Clinic, ClinicWakeup
from practices.opening import open_clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import send_due
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browsers
from tests.harness.databases import Database, owner_rights

# factories.AT is the Monday after the week that is looked at.
MONDAY = "2026-11-09"
PAGE = f"/admin/weekly/{MONDAY}/"
WEDNESDAY = datetime(2026, 11, 11, 14, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 11, 23, 15, tzinfo=UTC)


def told() -> list[str]:
    return list(AuditEvent.objects.filter(action=Action.WEEK_READY).values_list("purpose", flat=True))


def mails() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind=MailKind.WEEKLY_LOOK))


def test_each_owner_gets_one_mail_and_the_week_is_written_down(
    north: Clinic, owner: User, clinician: User, at: datetime
) -> None:
    factories.staff(Role.OWNER, Role.CLINICIAN, email="second@example.org")
    record(Action.SIGNED_IN, by=clinician, at=WEDNESDAY)

    assert tell_of_week(north, at=at)
    assert not tell_of_week(north, at=at + timedelta(days=3))

    assert {found.details["to"] for found in mails()} == {"owner@example.org", "second@example.org"}
    assert told() == [f"week of {MONDAY}"]


def test_the_mail_says_nothing_but_that_it_is_ready(
    north: Clinic, owner: User, clinician: User, client_person: Client, at: datetime
) -> None:
    open_client(client_person, by=clinician, at=NIGHT)
    tell_of_week(north, at=at)

    send_due(north, at=at)

    words = mail.outbox[-1].body
    assert mail.outbox[-1].subject == "Your weekly look at North"
    assert words.splitlines()[1].endswith(PAGE)
    assert not any(name in words for name in ("Clara", "Clinician", client_person.first_name, "night", "unusual"))


def test_a_week_is_told_after_eight_on_monday_by_the_clinics_clock(north: Clinic, owner: User) -> None:
    record(Action.SIGNED_IN, by=owner, at=WEDNESDAY - timedelta(weeks=1))
    north.timezone = "America/New_York"
    eight = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)

    assert tell_of_week(north, at=eight - timedelta(seconds=1))
    assert next_telling(north, at=eight - timedelta(seconds=1)) == eight
    assert tell_of_week(north, at=eight)

    assert told() == ["week of 2026-11-02", f"week of {MONDAY}"]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Pacific/Chatham", "Asia/Kolkata"])
def test_every_week_has_its_morning_whatever_the_clocks_do(north: Clinic, zone: str) -> None:
    north.timezone = zone
    moment = datetime(2026, 1, 7, tzinfo=UTC)

    for _ in range(60):
        after = next_telling(north, at=moment)
        local = after.astimezone(north.zone)
        assert (local.weekday(), local.hour, local.minute) == (0, 8, 0)
        assert timedelta(0) < after - moment <= timedelta(days=7, hours=1)
        moment = after


def test_a_clinic_in_which_nothing_had_happened_is_left_alone(north: Clinic, owner: User, at: datetime) -> None:
    record(Action.SIGNED_IN, by=owner, at=at)

    assert not tell_of_week(north, at=at)
    assert (told(), mails()) == ([], [])


def test_a_worker_that_is_killed_leaves_nothing_and_the_next_sends_one_mail(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(fresh_database.north) as clinic:
        owner = factories.staff(Role.OWNER)
        record(Action.SIGNED_IN, by=owner, at=WEDNESDAY)

        class KilledError(BaseException):
            pass

        with pytest.raises(KilledError), transaction.atomic():
            tell_of_week(clinic, at=factories.AT)
            raise KilledError
        assert (told(), mails()) == ([], [])

        assert tell_of_week(clinic, at=factories.AT)
        assert not tell_of_week(clinic, at=factories.AT)
        assert len(mails()) == len(told()) == 1


def test_of_two_workers_at_once_one_sends(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        factories.staff(Role.OWNER)
        record(Action.SIGNED_IN, by=None, at=WEDNESDAY)
    together, answers = threading.Barrier(4), []

    def work() -> None:
        try:
            with inside(fresh_database.north) as clinic:
                together.wait()
                answers.append(tell_of_week(clinic, at=factories.AT))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with inside(fresh_database.north):
        assert sorted(answers) == [False, False, False, True]
        assert len(mails()) == len(told()) == 1


def test_the_task_tells_and_comes_again_next_monday(north: Clinic, owner: User, clock: Traveller) -> None:
    record(Action.SIGNED_IN, by=owner, at=WEDNESDAY)

    weekly_look(clinic=str(north.pk))

    assert len(mails()) == 1
    due = ClinicWakeup.objects.get(clinic=north, kind=WEEKLY_TASK).due_at
    assert due == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_what_a_clinic_does_by_itself_begins_when_it_opens(fresh_database: Database) -> None:
    with owner_rights():
        west = open_clinic(schema_name="west", name="West", host="west.localhost")

    woken = set(ClinicWakeup.objects.filter(clinic=west).values_list("kind", flat=True))
    assert woken == set(settings.TENANT_TYPES["clinic"]["WAKES"])
    assert WEEKLY_TASK in woken


def test_tasks_that_are_woken_exist() -> None:
    app.loader.import_default_modules()

    for kind in ("clinic", "platform"):
        assert set(settings.TENANT_TYPES[kind]["WAKES"]) <= set(app.tasks)


def test_the_page_says_who_what_when_and_why(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client, clock: Traveller
) -> None:
    open_client(client_person, by=clinician, at=NIGHT)
    open_client(client_person, by=clinician, at=NIGHT + timedelta(minutes=5))

    page = browser_of(owner).get(PAGE).content.decode()

    assert "Between 22:00 and 06:00" in page
    assert "Wed 11 Nov, 23:15 to 23:20" in page
    assert "Clara Clinician" in page and "Looked at clients’ work 2 times" in page
    assert f'<a href="/admin/clients/client/{client_person.pk}/page/">{client_person.name}</a>' in page
    assert f"since=2026-11-11&amp;until=2026-11-11&amp;who={clinician.pk}" in page


def test_reading_under_a_glass_after_care_ended_is_shown_twice_over(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client, clock: Traveller
) -> None:
    CareRelation.objects.update(ends_at=WEDNESDAY - timedelta(days=1))
    break_glass(client_person, reason=factories.REASON, by=clinician, at=WEDNESDAY)
    open_client(client_person, by=clinician, at=WEDNESDAY, purpose="break-glass")

    page = browser_of(owner).get(PAGE).content.decode()

    assert "Opened with a reason" in page and "no longer in their care" in page
    assert factories.REASON not in page


def test_a_quiet_week_says_so(browser_of: Browsers, owner: User, clinician: User, clock: Traveller) -> None:
    record(Action.SIGNED_IN, by=clinician, at=WEDNESDAY)

    assert "Nothing unusual" in browser_of(owner).get(PAGE).content.decode()


def test_past_weeks_can_be_looked_at_and_those_to_come_cannot(
    browser_of: Browsers, owner: User, clinician: User, client_person: Client, clock: Traveller
) -> None:
    open_client(client_person, by=clinician, at=NIGHT - timedelta(weeks=1))
    browser = browser_of(owner)

    before = browser.get("/admin/weekly/2026-11-02/").content.decode()

    assert "Wed 4 Nov, 23:15" in before
    assert f'href="{PAGE}"' in before
    assert browser.get("/admin/weekly/")["Location"] == PAGE
    # Not over yet, to come, before the beginning, not a Monday, written another way, no day.
    for day in ("2026-11-16", "2031-01-06", "2024-01-01", "2026-11-10", "20261109", "9999-12-27", "0001-01-01", "x"):
        assert browser.get(f"/admin/weekly/{day}/").status_code == 404


def test_a_new_clinic_has_a_page_too(browser_of: Browsers, owner: User, clock: Traveller) -> None:
    assert browser_of(owner).get("/admin/weekly/", follow=True).status_code == 200


def test_a_person_who_is_not_on_the_list_is_no_link(
    browser_of: Browsers, owner: User, client_person: Client, clock: Traveller
) -> None:
    for second in range(5):
        record(Action.DENIED, by=client_person.user, at=WEDNESDAY + timedelta(seconds=second))

    page = browser_of(owner).get(PAGE).content.decode()

    assert "The client" in page and "Was refused 5 times" in page
    assert client_person.first_name not in page


def test_queries_are_the_same_however_much_happened(
    queries_of: Callable[[Callable[[], Any]], int],
    browser_of: Browsers,
    owner: User,
    clinician: User,
    client_person: Client,
    clock: Traveller,
) -> None:
    browser = browser_of(owner)
    open_client(client_person, by=clinician, at=NIGHT)
    few = queries_of(lambda: browser.get(PAGE))

    for number in range(20):
        for reader in (clinician, factories.staff()):
            open_client(factories.client(reader), by=reader, at=NIGHT + timedelta(minutes=number))

    assert queries_of(lambda: browser.get(PAGE)) == few
