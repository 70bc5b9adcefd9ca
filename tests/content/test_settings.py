"""The owner sets what the practice is called, how it is reached, and whom clients call."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from content.services.settings import SettingsChangedError, change_settings, edition_of, settings_now
from practices.accounts.models import User
from practices.audit.models import Action, AuditEvent
from practices.audit.wording import in_words
from practices.models import Clinic
from practices.places import countries, zones
from practices.tenancy import current_clinic, hosts, in_clinic, inside
from tests.harness.browsers import Browser, Browsers

PRACTICE, CONTACTS = "/admin/settings/", "/admin/settings/contacts/"
Send = Callable[..., Any]


@pytest.fixture
def desk(browser_of: Browsers, owner: User) -> Browser:
    return browser_of(owner)


def practice_form(**different: str) -> dict[str, str]:
    """The page as it stands, and what is written over it."""
    clinic = settings_now()
    names = (
        *("name", "address_line", "phone", "response_time", "leave_url"),
        *("country", "timezone", "locale", "quiet_from", "quiet_until", "alert_minutes"),
    )
    return {name: str(getattr(clinic, name)) for name in names} | {"edition": edition_of(clinic)} | different


def contacts_form(*rows: tuple[str, str], **different: str) -> dict[str, str]:
    form = {"edition": edition_of(settings_now())}
    for number, (label, telephone) in enumerate(rows):
        form |= {f"label_{number}": label, f"number_{number}": telephone}
    return form | different


@pytest.fixture
def send(desk: Browser, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Send:
    def send(address: str, form: dict[str, str]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return desk.post(address, form)

    return send


def told() -> list[str]:
    return sorted(AuditEvent.objects.filter(action=Action.SETTINGS_CHANGED).values_list("purpose", flat=True))


def test_what_is_saved_is_on_every_page_at_once_and_in_the_audit(visitor: Browser, send: Send, owner: User) -> None:
    assert "Quay House" not in visitor.get("/contact/").content.decode()

    response = send(PRACTICE, practice_form(name="Quay House", phone="01632 960 001", quiet_from="20"))

    page = visitor.get("/contact/").content.decode()
    assert response.status_code == 302
    assert "Quay House" in page and "01632 960 001" in page
    assert told() == ["name", "quiet hours", "telephone"]
    event = AuditEvent.objects.get(action=Action.SETTINGS_CHANGED, purpose="telephone")
    assert (event.actor, in_words(event)) == (owner.pk, "changed the practice’s settings: telephone")


def test_nothing_changed_is_no_event(send: Send) -> None:
    assert send(PRACTICE, practice_form()).status_code == 302

    assert told() == []


def test_a_process_with_an_old_row_keeps_no_page_for_those_with_the_new_one(
    visitor: Browser, send: Send, north: Clinic
) -> None:
    send(PRACTICE, practice_form(name="Quay House"))
    with inside(north):  # this row is from before
        old = current_clinic()
        assert old.name == "North"
        hosts._known["north.localhost"] = (float("inf"), old)
        assert "Quay House" not in visitor.get("/").content.decode()
    hosts.clear()

    assert "Quay House" in visitor.get("/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "required"),
        ({"name": "x" * 81}, "at most 80"),
        ({"phone": "ask for Ann"}, "Write a telephone number"),
        ({"leave_url": "javascript:alert(1)"}, "https address"),
        ({"leave_url": "http://example.org/"}, "https address"),
        ({"timezone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"locale": "tlh"}, "Select a valid choice"),
        ({"quiet_from": "7"}, "Select a valid choice"),
        ({"quiet_until": "soon"}, "Select a valid choice"),
        ({"edition": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(send: Send, wrong: dict[str, str], said: str) -> None:
    before = edition_of(settings_now())

    response = send(PRACTICE, practice_form(address_line="4 New Lane") | wrong)

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page and "4 New Lane" in page
    assert edition_of(settings_now()) == before


def test_of_two_owners_at_once_the_second_is_told_and_may_go_on(send: Send, browser_of: Browsers) -> None:
    first, second = practice_form(name="Quay House"), practice_form(phone="01632 960 001")
    send(PRACTICE, first)

    response = send(PRACTICE, second)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed these settings" in page and "01632 960 001" in page
    assert settings_now().name == "Quay House"
    assert send(PRACTICE, second | {"edition": edition_of(settings_now())}).status_code == 302
    assert settings_now().phone == "01632 960 001"


def test_the_service_refuses_an_old_edition(owner: User, at: Any, north: Clinic) -> None:
    with pytest.raises(SettingsChangedError):
        change_settings({"name": "Quay House"}, edition="old", by=owner, at=at)


def test_contacts_are_written_changed_and_taken_away_without_a_script(send: Send, desk: Browser) -> None:
    rows = (("Night line", "0800 1111"), ("Samaritans", "116 123"), ("", ""))
    assert send(CONTACTS, contacts_form(*rows)).status_code == 302
    assert settings_now().crisis_contacts == [
        {"label": "Night line", "number": "0800 1111"},
        {"label": "Samaritans", "number": "116 123"},
    ]

    send(CONTACTS, contacts_form(*rows, remove_0="on"))

    assert settings_now().crisis_contacts == [{"label": "Samaritans", "number": "116 123"}]
    assert told() == ["crisis contacts", "crisis contacts"]
    page = desk.get(CONTACTS).content.decode()
    assert 'name="label_1"' in page and 'name="label_2"' not in page
    assert 'name="remove_0"' in page and 'name="remove_1"' not in page


def test_another_row_keeps_what_was_written_and_saves_nothing(send: Send) -> None:
    before = settings_now().crisis_contacts

    response = send(CONTACTS, contacts_form(("Night line", ""), another="1"))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Night line" in page and 'name="label_1"' in page and "error-summary" not in page
    assert settings_now().crisis_contacts == before


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Night line", "")], "Write the number to call"),
        ([("", "116 123")], "Write who answers"),
        ([("Night line", "call us")], "Write a telephone number"),
        ([("", "")], "Keep at least one"),
        ([], "Keep at least one"),
    ],
)
def test_a_contact_must_be_whole_and_one_must_be_left(send: Send, rows: list[tuple[str, str]], said: str) -> None:
    before = settings_now().crisis_contacts

    response = send(CONTACTS, contacts_form(*rows))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert settings_now().crisis_contacts == before


def test_there_are_no_more_than_twelve_rows(send: Send) -> None:
    rows = [(f"Line {number}", "116 123") for number in range(40)]

    page = send(CONTACTS, contacts_form(*rows, another="1")).content.decode()

    assert 'name="label_11"' in page and 'name="label_12"' not in page and "Another row" not in page


def test_what_was_set_by_other_means_stays_when_something_else_is_saved(send: Send, north: Clinic) -> None:
    Clinic.objects.filter(pk=north.pk).update(timezone="UTC", locale="cy", country="XK")

    assert send(PRACTICE, practice_form(phone="01632 960 001")).status_code == 302

    now = settings_now()
    assert (now.timezone, now.locale, now.country) == ("UTC", "cy", "XK")


def test_a_form_from_elsewhere_is_refused(north: Clinic, owner: User) -> None:
    strict = Browser(north, enforce_csrf_checks=True).sign_in(owner)

    assert strict.post(PRACTICE, practice_form(name="Quay House")).status_code == 403
    assert settings_now().name == "North"


def test_another_clinic_is_as_it_was(send: Send, south: Clinic) -> None:
    before = json.dumps(Clinic.objects.values().get(pk=south.pk), default=str)

    send(PRACTICE, practice_form(name="Quay House"))

    assert json.dumps(Clinic.objects.values().get(pk=south.pk), default=str) == before


def test_all_settings_are_one_place_with_a_page_each(desk: Browser) -> None:
    for address in (PRACTICE, CONTACTS, f"{PRACTICE}look/", f"{PRACTICE}articles/", f"{PRACTICE}comments/"):
        page = desk.get(address).content.decode()
        assert f'<a href="{address}" aria-current="page">' in page
        assert page.count("/admin/settings/comments/") == 1


def test_there_are_places_to_choose_from() -> None:
    codes = [code for code, _ in countries()]
    names = [name for _, group in zones() for name, _ in group]

    assert len(codes) == len(set(codes)) == 249
    assert {"Europe/London", "America/New_York", "Pacific/Chatham"} <= set(names)
    assert "UTC" not in names


def test_the_clinic_a_task_enters_is_the_one_that_was_saved(send: Send, north: Clinic) -> None:
    send(PRACTICE, practice_form(name="Quay House"))

    with in_clinic(north.pk) as entered:
        assert entered.name == "Quay House"
