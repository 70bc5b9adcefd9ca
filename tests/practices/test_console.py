"""The operator's console: which clinics there are and how they stand, and what is done about them."""

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.audit.models import Action, AuditEvent
from practices.console.models import OpeningRequest
from practices.console.services.asking import KEPT, TIDY_TASK, Wish, ask_again, ask_for_clinic, forget_old, next_old
from practices.console.services.fulfilling import MOST_ATTEMPTS, claim, fulfil, open_requested
from practices.console.standing import Standing, with_standing
from practices.models import Clinic, ClinicMigration, ClinicUsage, ClinicWakeup, Domain
from practices.opening import NameTakenError
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import SEND_TASK
from practices.tenancy import hosts, inside, migration_head
from tests.harness.browsers import Browser
from tests.harness.databases import Database, GoneError, gone_after, owner_rights

LIST = "/admin/practices/clinic/"
OPEN = "/admin/clinics/open/"
FORM = {
    "name": "Quay House",
    "label": "quay-house",
    "email": "olga@example.org",
    "country": "IE",
    "timezone": "Europe/Dublin",
}
WISH = Wish(**FORM)
State = OpeningRequest.State


@pytest.fixture
def platform(clinics: dict[str, Clinic]) -> Clinic:
    return clinics["platform"]


@pytest.fixture
def operator(platform: Clinic) -> User:
    with inside(platform):
        return make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)


@pytest.fixture
def console(platform: Clinic, operator: User) -> Browser:
    return Browser(platform).sign_in(operator)


def page_of(clinic: Clinic) -> str:
    return f"/admin/clinics/{clinic.pk}/"


def read(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def recorded(platform: Clinic, *actions: Action) -> list[tuple[str, Any]]:
    with inside(platform):
        found = AuditEvent.objects.filter(action__in=actions).order_by("pk")
        return list(found.values_list("action", "subject_id"))


def now(clinic: Clinic) -> Clinic:
    found: Clinic = Clinic.objects.get(pk=clinic.pk)
    return found


def test_the_list_says_how_each_clinic_stands_and_nothing_of_what_is_in_it(
    console: Browser, clinics: dict[str, Clinic]
) -> None:
    north, at = clinics["north"], timezone.now()
    ClinicUsage.objects.create(
        clinic=north, clients=37, storage_bytes=5 * 2**20, mails=412, mails_failed=3, active_at=at, counted_at=at
    )
    ClinicWakeup.objects.create(clinic=north, kind=SEND_TASK, due_at=at, since=at - timedelta(hours=2))
    ClinicMigration.objects.filter(clinic=clinics["south"]).update(state="failed", error="psycopg.Error: secret")

    page = read(console, LIST)

    for words in ("North", "north.localhost", ">37<", "5.0\xa0MB", ">412<", ">3<", "2\xa0hours", ">failed<"):
        assert words in page
    assert "secret" not in page


def test_a_thousand_clinics_cost_as_many_queries_as_two(
    console: Browser, platform: Clinic, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        hosts.get("platform.localhost")
        with CaptureQueriesContext(connections["default"]) as captured:
            read(console, LIST)
        return len(captured)

    queries()
    few = queries()
    many = Clinic.objects.bulk_create(
        Clinic(schema_name=f"clinic_{number}", name=f"Clinic {number:04}", status="open") for number in range(1000)
    )
    Domain.objects.bulk_create(
        Domain(domain=f"{clinic.schema_name}.localhost", tenant=clinic, is_primary=True) for clinic in many
    )
    at = timezone.now()
    ClinicUsage.objects.bulk_create(
        ClinicUsage(clinic=clinic, clients=1, storage_bytes=1, mails=1, mails_failed=0, counted_at=at)
        for clinic in many
    )

    assert queries() == few
    assert "1 2 3" not in read(console, f"{LIST}?p=20")


def test_a_clinic_is_opened_by_the_console_and_the_owners_command(
    fresh_database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        operator = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
    console = Browser(platform).sign_in(operator)

    response = console.post(OPEN, FORM)

    quay = Clinic.objects.get(schema_name="quay_house")
    assert response["Location"] == page_of(quay)
    assert (quay.status, quay.country, quay.timezone) == ("provisioning", "IE", "Europe/Dublin")
    assert "waits to be opened" in read(console, page_of(quay))
    assert Browser(quay).get("/", headers={"host": "quay-house.localhost"}).status_code == 503

    with owner_rights():
        call_command("open_requested", json=True)
    hosts.clear()

    assert json.loads(capsys.readouterr().out) == {"opened": ["quay-house"], "failed": []}
    assert Browser(quay).get("/", headers={"host": "quay-house.localhost"}).status_code == 200
    page = read(console, page_of(quay))
    assert "The owner was invited by mail" in page and "olga@example.org" not in page
    with inside(now(quay)):
        invitation = Invitation.objects.get()
        assert (invitation.address, invitation.roles) == ("olga@example.org", [Role.OWNER])
        assert OutboxMail.objects.get().kind == MailKind.STAFF_INVITATION
    with inside(platform):
        request = OpeningRequest.objects.get()
        assert (request.state, request.address) == (State.OPEN, "")
    told = recorded(platform, Action.CLINIC_ASKED, Action.CLINIC_OPENED)
    assert told == [(Action.CLINIC_ASKED, quay.pk), (Action.CLINIC_OPENED, quay.pk)]


def test_the_web_cant_make_a_schema(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        ask_for_clinic(WISH, by=make_user(email="o@example.org", display_name="O", kind=Kind.OPERATOR), at=at)

    assert [is_open for _, is_open in open_requested(platform, clock=lambda: at)] == [False]

    with inside(platform):
        assert OpeningRequest.objects.get().state == State.ASKED


@dataclass
class SteppingClock:
    """Says what it was set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def test_opening_that_ends_at_any_statement_is_gone_on_with(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        operator = make_user(email="o@example.org", display_name="O", kind=Kind.OPERATOR)
        ask_for_clinic(WISH, by=operator, at=at)
    clock = SteppingClock(at)
    with owner_rights():
        call_command("fill_pool", size=1)
        # Every seventh statement: all of them take long.
        for statements in range(0, 10_000, 7):
            clock.now += timedelta(minutes=11)
            try:
                with connections["default"].execute_wrapper(gone_after(statements)):
                    list(open_requested(platform, clock=clock))
                break
            except GoneError:
                connections["default"].close()
                connections["default"].set_schema_to_public()  # type: ignore[attr-defined]
                with inside(platform):
                    OpeningRequest.objects.update(attempts=0)

    assert statements > 20
    quay = Clinic.objects.get(schema_name="quay_house")
    assert quay.status == "open"
    with inside(quay):
        assert Invitation.objects.count() == OutboxMail.objects.count() == 1
    assert len(recorded(platform, Action.CLINIC_OPENED)) == 1


def test_of_two_workers_each_opens_another_one(clinics: dict[str, Clinic], operator: User, at: datetime) -> None:
    platform = clinics["platform"]
    with inside(platform):
        first = ask_for_clinic(WISH, by=operator, at=at)
        second = ask_for_clinic(Wish(**FORM | {"label": "elm"}), by=operator, at=at + timedelta(seconds=1))

    found = [claim(platform, set(), at=at + timedelta(minutes=1)) for _ in range(3)]

    assert [request and request.pk for request in found] == [first.pk, second.pk, None]
    later = claim(platform, set(), at=at + timedelta(minutes=12))
    assert later and (later.pk, later.attempts) == (first.pk, 2)


def test_of_two_workers_that_see_the_same_request_one_takes_it(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        ask_for_clinic(WISH, by=make_user(email="o@example.org", display_name="O", kind=Kind.OPERATOR), at=at)
    have_looked = threading.Barrier(2)
    found: list[OpeningRequest | None] = []

    def once_both_have_looked(run: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith("UPDATE"):
            have_looked.wait()
        return run(sql, *arguments)

    def work() -> None:
        with connections["default"].execute_wrapper(once_both_have_looked):
            found.append(claim(platform, set(), at=at))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(request is None for request in found) == [False, True]


def test_what_fails_is_tried_again_and_then_shown(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        operator = make_user(email="o@example.org", display_name="O", kind=Kind.OPERATOR)
        request = ask_for_clinic(WISH, by=operator, at=at)
    page = page_of(Clinic.objects.get(pk=request.clinic))
    console = Browser(platform).sign_in(operator)

    for _ in range(MOST_ATTEMPTS):
        # With the rights of the web, which are not enough.
        assert [is_open for _, is_open in open_requested(platform, clock=lambda: at)] == [False]

    assert list(open_requested(platform, clock=lambda: at)) == []
    assert "could not be opened after 5 tries" in read(console, page)
    assert console.post(f"{page}again/").status_code == 302
    assert "waits to be opened" in read(console, page)
    with inside(platform):
        assert not ask_again(request, by=operator, at=at)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"label": "ab"}, "3 to 40 small letters"),
        ({"label": "quay--house"}, "3 to 40 small letters"),
        ({"label": "-quay"}, "3 to 40 small letters"),
        ({"label": "quay_house"}, "3 to 40 small letters"),
        ({"label": "quay.house"}, "3 to 40 small letters"),
        ({"label": "www"}, "kept for the platform"),
        ({"label": "postmaster"}, "kept for the platform"),
        ({"label": "spare-one"}, "kept for the platform"),
        ({"label": "north"}, "is taken"),
        ({"email": "olga"}, "valid email"),
        ({"country": "XX"}, "valid choice"),
        ({"timezone": "Europe/Atlantis"}, "valid choice"),
    ],
)
def test_what_is_wrong_with_a_new_clinic_is_said(console: Browser, wrong: dict[str, str], said: str) -> None:
    before = Clinic.objects.count()

    response = console.post(OPEN, FORM | wrong)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Clinic.objects.count() == before


def test_a_host_that_leads_elsewhere_is_taken_too(
    operator: User, platform: Clinic, clinics: dict[str, Clinic], at: datetime
) -> None:
    Domain.objects.create(domain="quay-house.localhost", tenant=clinics["north"], is_primary=False)

    with inside(platform), pytest.raises(NameTakenError):
        ask_for_clinic(WISH, by=operator, at=at)

    assert not Clinic.objects.filter(schema_name="quay_house").exists()


def test_of_two_who_ask_for_one_name_at_once_one_gets_it(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        operator = make_user(email="o@example.org", display_name="O", kind=Kind.OPERATOR)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def ask() -> None:
        try:
            with inside(platform):
                together.wait()
                ask_for_clinic(WISH, by=operator, at=at)
            outcomes.append("asked")
        except NameTakenError:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["asked", "taken"]
    assert Clinic.objects.filter(schema_name="quay_house").count() == 1


def test_a_clinic_rests_closes_is_held_and_goes_on_again(
    console: Browser, platform: Clinic, clinics: dict[str, Clinic]
) -> None:
    north = clinics["north"]
    page = page_of(north)
    for act, status in (("suspend", "suspended"), ("close", "closing"), ("resume", "open")):
        console.post(f"{page}rest/", {"act": act})
        assert now(north).status == status
    console.post(f"{page}hold/", {"reason": "case 17"})
    assert now(north).legal_hold == "case 17"
    assert "case 17" in read(console, page)
    console.post(f"{page}hold/", {"lift": "1"})
    assert now(north).legal_hold == ""
    console.post(f"{page}rename/", {"name": "Northern Practice"})
    assert now(north).name == "Northern Practice"

    told = [action for action, _ in recorded(platform, *Action)]
    assert told[-6:] == [
        *(Action.CLINIC_SUSPENDED, Action.CLINIC_CLOSING, Action.CLINIC_RESUMED),
        *(Action.CLINIC_HELD, Action.CLINIC_RELEASED, Action.CLINIC_RENAMED),
    ]


def test_what_changes_nothing_is_said_and_not_recorded(
    console: Browser, platform: Clinic, clinics: dict[str, Clinic]
) -> None:
    page = page_of(clinics["north"])
    before = len(recorded(platform, *Action))

    for address, form in (("rest/", {"act": "resume"}), ("hold/", {"lift": "1"}), ("rename/", {"name": "North"})):
        assert "Nothing was changed" in console.post(f"{page}{address}", form, follow=True).content.decode()

    assert len(recorded(platform, *Action)) == before


@pytest.mark.parametrize(
    ("address", "form"), [("rename/", {"name": " "}), ("hold/", {"reason": "x" * 201}), ("hosts/", {"host": "no host"})]
)
def test_what_was_written_wrongly_is_shown_again(
    console: Browser, clinics: dict[str, Clinic], address: str, form: dict[str, str]
) -> None:
    response = console.post(f"{page_of(clinics['north'])}{address}", form)

    assert response.status_code == 422
    assert "error-text" in response.content.decode()


def test_acts_from_elsewhere_are_refused(platform: Clinic, operator: User, clinics: dict[str, Clinic]) -> None:
    strict = Browser(platform, enforce_csrf_checks=True).sign_in(operator)
    page = page_of(clinics["north"])

    for address, form in ((OPEN, FORM), (f"{page}rest/", {"act": "suspend"}), (f"{page}hosts/", {"host": "a.example"})):
        assert strict.post(address, form).status_code == 403

    assert now(clinics["north"]).status == "open"


def test_the_commands_list_and_rename(fresh_database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with owner_rights():
        call_command("rename_clinic", "north", "Northern Practice", json=True)
        assert json.loads(capsys.readouterr().out)["changed"]
        call_command("list_clinics", json=True)
        found = {line["schema"]: line for line in json.loads(capsys.readouterr().out)["clinics"]}
        call_command("list_clinics")
        assert "north: Northern Practice, north.localhost, open, migrations done" in capsys.readouterr().out
        with pytest.raises(CommandError, match="1 to 80"):
            call_command("rename_clinic", "north", " ")

    assert set(found) == {"north", "south", "platform"}
    assert found["north"]["hosts"] == [{"host": "north.localhost", "primary": True, "checked": True}]
    assert found["north"]["clients"] is None


def test_a_request_without_a_name_of_its_own_cant_be_kept(platform: Clinic, at: datetime) -> None:
    with inside(platform), pytest.raises(IntegrityError), transaction.atomic():
        OpeningRequest.objects.create(
            state=State.ASKED, name="Q", label="q", timezone="UTC", country="GB", address="a@example.org", made_at=at
        )


def test_fulfilling_twice_invites_once(
    operator: User, platform: Clinic, clinics: dict[str, Clinic], at: datetime
) -> None:
    """As after a worker that was too slow: the second finds an open clinic and an invited owner."""
    north = clinics["north"]
    with inside(platform):
        request = ask_for_clinic(WISH, by=operator, at=at)
        OpeningRequest.objects.update(clinic=north.pk)
        request.refresh_from_db()

    assert fulfil(request, platform, clock=lambda: at)
    with inside(platform):
        request.address = "olga@example.org"
    assert fulfil(request, platform, clock=lambda: at)

    with inside(north):
        assert Invitation.objects.count() == 1


def test_the_page_costs_the_same_with_many_hosts(console: Browser, clinics: dict[str, Clinic]) -> None:
    page = page_of(clinics["north"])

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as captured:
            read(console, page)
        return len(captured)

    queries()
    few = queries()
    for number in range(20):
        Domain.objects.create(domain=f"n{number}.example.org", tenant=clinics["north"], is_primary=False)

    assert queries() == few


def test_a_fulfilled_request_is_forgotten_after_a_week(
    operator: User, platform: Clinic, clinics: dict[str, Clinic], at: datetime
) -> None:
    with inside(platform):
        request = ask_for_clinic(WISH, by=operator, at=at)
        OpeningRequest.objects.update(clinic=clinics["north"].pk)
        request.refresh_from_db()
    assert fulfil(request, platform, clock=lambda: at)
    assert ClinicWakeup.objects.get(clinic=platform, kind=TIDY_TASK).due_at == next_in(platform) == at + KEPT

    with inside(platform):
        assert forget_old(at=at + KEPT - timedelta(seconds=1)) == 0
        assert forget_old(at=at + KEPT) == 1
    assert next_in(platform) is None


def next_in(platform: Clinic) -> datetime | None:
    with inside(platform):
        return next_old()


def test_an_operator_is_mailed_the_way_in(fresh_database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    platform = Clinic.objects.get(type="platform")
    operator = {"host": "platform.localhost", "operator_email": "Opal@example.org"}
    with owner_rights():
        call_command("open_platform", json=True, **operator)
    assert json.loads(capsys.readouterr().out) == {"platform": "platform", "status": "open"}
    with inside(platform):
        [mail] = OutboxMail.objects.all()
        assert (mail.kind, mail.details["to"].lower()) == (MailKind.PASSWORD_RESET, "opal@example.org")
        assert User.objects.get().kind == Kind.OPERATOR
    way_in = Browser(platform).get(mail_path(platform), follow=True)
    assert way_in.status_code == 200 and "password" in way_in.content.decode()
    with owner_rights():
        call_command("open_platform", **operator)
    with inside(platform):
        assert (User.objects.count(), OutboxMail.objects.count()) == (1, 2)


def mail_path(platform: Clinic) -> str:
    with inside(platform):
        return str(OutboxMail.objects.get().details["path"])


def test_a_platform_is_opened_where_there_is_none(fresh_database: Database) -> None:
    Clinic.objects.filter(type="platform").delete()
    with owner_rights():
        with connections["default"].cursor() as cursor:
            cursor.execute("DROP SCHEMA platform CASCADE")
        call_command("open_platform", host="console.localhost", operator_email="opal@example.org")
    hosts.clear()

    platform = Clinic.objects.get(type="platform")
    assert Browser(platform).get("/admin/", headers={"host": "console.localhost"}).status_code == 302


@pytest.mark.parametrize(
    ("head", "before", "said"),
    [("", "", "done"), ("next release", "", "ahead"), ("earlier release", "older still", "behind")],
)
def test_migrations_are_said_to_be_done_ahead_or_behind(
    clinics: dict[str, Clinic], head: str, before: str, said: str
) -> None:
    here = migration_head("clinic")
    ClinicMigration.objects.filter(clinic=clinics["north"]).update(head=head or here, before=before or here)

    north = with_standing(Clinic.objects.filter(pk=clinics["north"].pk), at=timezone.now()).get()

    assert Standing(north).migrated == said
