"""A practice signs up by itself: a form, a mail, one link, and a page that says when it is ready."""

import re
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from practices.audit.models import Action, AuditEvent
from practices.console.models import OpeningRequest
from practices.console.services import asking
from practices.console.services.asking import SignUpClosedError, Wish, confirm_sign_up, sign_up
from practices.console.tasks import tidy_requests
from practices.models import Clinic, ClinicWakeup, Domain
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import hosts, inside
from tests.harness.browsers import Browser
from tests.harness.databases import Database, owner_rights

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
def platform(clinics: dict[str, Clinic], settings: Settings) -> Clinic:
    settings.SIGN_UP = True
    return clinics["platform"]


@pytest.fixture
def visitor(platform: Clinic) -> Browser:
    return Browser(platform)


def requests(platform: Clinic) -> list[OpeningRequest]:
    with inside(platform):
        return list(OpeningRequest.objects.order_by("made_at", "pk"))


def link(platform: Clinic) -> str:
    """In the newest mail."""
    with inside(platform):
        mail = OutboxMail.objects.filter(kind=MailKind.CONFIRM_CLINIC).order_by("-created_at", "-pk")[0]
        return str(mail.details["path"])


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_practice_is_opened_from_form_to_ready_page(fresh_database: Database, settings: Settings) -> None:
    settings.SIGN_UP = True
    platform = Clinic.objects.get(type="platform")
    visitor = Browser(platform)
    assert "Open your practice" in text(visitor.get("/open/"))

    sent = visitor.post("/open/", FORM, follow=True)

    assert "Look into your mail" in text(sent) and "quay" not in text(sent).lower()
    assert not Clinic.objects.filter(schema_name="quay_house").exists()
    address = link(platform)
    assert "Open Quay House" in text(visitor.get(address))
    assert not Clinic.objects.filter(schema_name="quay_house").exists()
    assert "is being opened" in text(visitor.post(address, {"label": "quay-house"}, follow=True))
    with owner_rights():
        call_command("open_requested")
    hosts.clear()
    ready = text(visitor.get(address))
    assert "Your practice is open" in ready and "http://quay-house.localhost" in ready
    assert visitor.get("/", headers={"host": "quay-house.localhost"}).status_code == 200
    assert "olga@example.org" not in ready
    with inside(platform):
        assert OpeningRequest.objects.get().address == ""
        assert AuditEvent.objects.filter(action=Action.CLINIC_OPENED).count() == 1


def test_nobody_learns_which_names_are_taken_before_they_confirm(visitor: Browser, platform: Clinic) -> None:
    free, taken = (visitor.post("/open/", FORM | {"label": label}, follow=True) for label in ("quay-house", "north"))

    assert free.status_code == taken.status_code == 200
    assert text(free) == text(taken)
    response = visitor.post(link(platform), {"label": "north"})
    assert response.status_code == 422
    assert "Somebody else was given this address" in text(response)
    assert [request.state for request in requests(platform)] == [State.UNCONFIRMED] * 2
    assert visitor.post(link(platform), {"label": "northern"}).status_code == 302
    assert Domain.objects.get(domain="northern.localhost").tenant.status == "provisioning"


def test_a_link_confirms_once_and_only_by_its_button(visitor: Browser, platform: Clinic) -> None:
    visitor.post("/open/", FORM)
    address = link(platform)

    for _ in range(3):
        visitor.get(address)
        visitor.head(address)
    assert requests(platform)[0].state == State.UNCONFIRMED
    visitor.post(address, {"label": "quay-house"})
    visitor.post(address, {"label": "another-house"})

    assert [request.label for request in requests(platform)] == ["quay-house"]
    assert Clinic.objects.filter(schema_name__in=["quay_house", "another_house"]).count() == 1


def test_of_two_presses_at_once_one_counts(fresh_database: Database, at: datetime) -> None:
    platform = Clinic.objects.get(type="platform")
    with inside(platform):
        request = sign_up(WISH, at=at)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(label: str) -> None:
        try:
            with inside(platform):
                together.wait()
                confirm_sign_up(request, label=label, at=at)
            outcomes.append("confirmed")
        except SignUpClosedError:
            outcomes.append("closed")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[label]) for label in ("quay-house", "elm-house")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["closed", "confirmed"]
    assert Clinic.objects.filter(schema_name__in=["quay_house", "elm_house"]).count() == 1


def test_a_link_is_too_old_after_a_day_and_what_was_written_is_forgotten(
    visitor: Browser, platform: Clinic, clock: Traveller
) -> None:
    visitor.post("/open/", FORM)
    address = link(platform)
    [request] = requests(platform)
    assert ClinicWakeup.objects.get(clinic=platform, kind=asking.TIDY_TASK).due_at == request.expires_at

    clock.shift(timedelta(hours=24, seconds=1))

    assert visitor.get(address).status_code == 410
    assert visitor.post(address, {"label": "quay-house"}).status_code == 410
    tidy_requests(clinic=str(platform.pk))
    assert requests(platform) == []
    assert visitor.get(address).status_code == 404
    assert not ClinicWakeup.objects.filter(clinic=platform, kind=asking.TIDY_TASK).exists()


def test_tidying_leaves_what_was_confirmed_and_what_is_new(
    visitor: Browser, platform: Clinic, clock: Traveller
) -> None:
    visitor.post("/open/", FORM)
    visitor.post(link(platform), {"label": "quay-house"})
    clock.shift(timedelta(hours=23))
    visitor.post("/open/", FORM | {"label": "elm-house"})
    clock.shift(timedelta(hours=23))

    tidy_requests(clinic=str(platform.pk))

    assert [request.label for request in requests(platform)] == ["quay-house", "elm-house"]
    assert ClinicWakeup.objects.get(clinic=platform, kind=asking.TIDY_TASK).due_at == requests(platform)[1].expires_at


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "x" * 81}, "at most 80"),
        ({"label": "Q"}, "3 to 40"),
        ({"label": "admin"}, "kept for the platform"),
        ({"email": "olga at example"}, "valid email"),
        ({"email": ""}, "required"),
        ({"timezone": "Moon"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    visitor: Browser, platform: Clinic, wrong: dict[str, str], said: str
) -> None:
    response = visitor.post("/open/", FORM | wrong)

    assert response.status_code == 422
    assert said in text(response)
    assert all(value in text(response) for name, value in FORM.items() if name not in wrong)
    assert requests(platform) == []


def test_one_address_is_mailed_three_times_a_day(visitor: Browser, platform: Clinic) -> None:
    statuses = [visitor.post("/open/", FORM).status_code for _ in range(4)]

    assert statuses == [302, 302, 302, 429]
    assert visitor.post("/open/", FORM | {"email": "OLGA@example.org"}).status_code == 429
    assert visitor.post("/open/", FORM | {"email": "other@example.org"}).status_code == 302


def test_one_browser_asks_ten_times_an_hour(visitor: Browser, platform: Clinic) -> None:
    statuses = [visitor.post("/open/", FORM | {"email": f"o{n}@example.org"}).status_code for n in range(11)]

    assert statuses == [302] * 10 + [429]


def test_all_together_ask_sixty_times_an_hour(
    visitor: Browser, platform: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_AN_HOUR", 2)
    answers = [visitor.post("/open/", FORM | {"email": f"o{n}@example.org"}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "That was often" in text(answers[2]) and "o2@example.org" in text(answers[2])
    assert len(requests(platform)) == 2


def test_a_form_from_elsewhere_is_refused(platform: Clinic) -> None:
    strict = Browser(platform, enforce_csrf_checks=True)

    assert strict.post("/open/", FORM).status_code == 403
    strict.get("/open/")
    assert requests(platform) == []


def test_the_mail_names_the_platform_and_a_link_and_nothing_that_was_written(
    visitor: Browser, platform: Clinic
) -> None:
    visitor.post("/open/", FORM | {"name": "BUY CHEAP WATCHES"})

    with inside(platform):
        [mail] = OutboxMail.objects.filter(kind=MailKind.CONFIRM_CLINIC)
        assert set(mail.details) == {"to", "path", "code"}
        assert "WATCHES" not in str(mail.details)
        assert re.fullmatch(r"/open/[\w-]{43}/", mail.details["path"])


def test_a_link_of_another_installation_opens_nothing(visitor: Browser, platform: Clinic, north: Clinic) -> None:
    visitor.post("/open/", FORM)

    assert visitor.get(link(platform), headers={"host": "north.localhost"}).status_code == 404
    assert visitor.get("/open/no-such-token/").status_code == 404


def test_the_address_is_sealed(visitor: Browser, platform: Clinic) -> None:
    visitor.post("/open/", FORM)

    with inside(platform):
        stored = OpeningRequest.objects.values_list("address", flat=True).get()
    assert b"olga" not in bytes(stored)
    assert requests(platform)[0].made_at <= timezone.now()
