"""Clients may choose a password; a code by mail works as before, and nobody learns who has chosen one."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from practices.accounts.models import Session, User
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from tests import factories
from tests.harness.browsers import Browser

PASSWORD, OTHER = "a boat is late in the harbour", "seven quiet lamps along a road"


@pytest.fixture
def cleo(north: Clinic) -> User:
    user = factories.client(email="cleo@example.org").user
    assert user is not None
    return user


@pytest.fixture
def at_home(north: Clinic, cleo: User) -> Browser:
    """The client's browser; they have just shown who they are."""
    return Browser(north).sign_in(cleo).confirm(cleo)


@pytest.fixture
def with_password(cleo: User) -> User:
    cleo.set_password(PASSWORD)
    cleo.save(update_fields=["password"])
    return cleo


def typed(north: Clinic, password: str, email: str = "cleo@example.org") -> Browser:
    browser = Browser(north)
    browser.post(reverse("account_login"), {"login": email, "password": password, "door": "client"})
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/portal/").status_code == 200


def chosen(browser: Browser, password: str, again: str = "") -> Any:
    form = {"password1": password, "password2": again or password}
    return browser.post(reverse("account_set_password"), form)


def test_a_client_chooses_a_password_and_signs_in_with_it(north: Clinic, cleo: User, at_home: Browser) -> None:
    assert "Choose a password" in at_home.get(reverse("mfa_index")).content.decode()

    assert chosen(at_home, PASSWORD)["Location"] == reverse("mfa_index")

    assert is_in(at_home)
    assert is_in(typed(north, PASSWORD))
    assert not is_in(typed(north, OTHER))
    assert "Remove the password" in at_home.get(reverse("mfa_index")).content.decode()


def test_a_choice_ends_other_sessions_is_recorded_and_told(north: Clinic, cleo: User, at_home: Browser) -> None:
    elsewhere = Browser(north).sign_in(cleo)

    chosen(at_home, PASSWORD)

    assert not is_in(elsewhere)
    assert Session.objects.filter(user_id=cleo.pk).count() == 1
    assert AuditEvent.objects.filter(action=Action.FACTORS_CHANGED, actor=cleo.pk).count() == 1
    assert OutboxMail.objects.get(kind=MailKind.SIGN_IN_CHANGED).details["to"] == cleo.email


def test_it_is_changed_by_who_knows_it(north: Clinic, with_password: User) -> None:
    browser = Browser(north).sign_in(with_password).confirm(with_password)
    address = reverse("account_change_password")

    browser.post(address, {"oldpassword": OTHER, "password1": OTHER, "password2": OTHER})
    assert is_in(typed(north, PASSWORD))
    browser.post(address, {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})

    assert not is_in(typed(north, PASSWORD))
    assert is_in(typed(north, OTHER))


def test_it_is_removed_and_the_client_is_still_there(north: Clinic, with_password: User) -> None:
    browser = Browser(north).sign_in(with_password).confirm(with_password)
    elsewhere = Browser(north).sign_in(with_password)
    address = reverse("account_remove_password")

    assert "Remove your password?" in browser.get(address).content.decode()
    assert browser.post(address)["Location"] == reverse("mfa_index")

    assert is_in(browser)
    assert not is_in(elsewhere)
    assert not is_in(typed(north, PASSWORD))
    assert not User.objects.get(pk=with_password.pk).has_usable_password()
    assert OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CHANGED).count() == 1


@pytest.mark.parametrize("name", ["account_set_password", "account_remove_password"])
def test_a_browser_that_was_left_open_is_not_enough(
    clock: time_machine.Traveller, north: Clinic, cleo: User, at_home: Browser, name: str
) -> None:
    clock.shift(timedelta(minutes=11))

    answer = at_home.post(reverse(name), {"password1": PASSWORD, "password2": PASSWORD})

    assert "/reauthenticate/" in answer["Location"]
    assert not User.objects.get(pk=cleo.pk).has_usable_password()


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("aaaaaaaaaaaaaaaaaa", ""), ("cleo cleo cleo cleo", ""), (PASSWORD, OTHER)],
)
def test_one_that_holds_nothing_is_refused_in_words(cleo: User, at_home: Browser, password: str, again: str) -> None:
    answer = chosen(at_home, password, again)

    assert answer.status_code in (200, 422)
    assert "error-text" in answer.content.decode()
    assert not User.objects.get(pk=cleo.pk).has_usable_password()


@pytest.mark.parametrize("name", ["account_set_password", "account_remove_password"])
def test_staff_neither_choose_a_first_one_nor_go_without(north: Clinic, name: str) -> None:
    clara = factories.staff()
    browser = Browser(north).sign_in(clara).confirm(clara)

    assert browser.get(reverse(name)).status_code == 403
    assert browser.post(reverse(name)).status_code == 403


def test_nobody_learns_who_has_chosen_one(north: Clinic, with_password: User) -> None:
    factories.client(email="cora@example.org")

    answers = {
        (answer.status_code, answer.content.decode().count("We know nobody with this address and password"))
        for email in ("cleo@example.org", "cora@example.org", "nobody@example.org")
        for answer in [
            Browser(north).post(reverse("account_login"), {"login": email, "password": "wrong", "door": "client"})
        ]
    }

    assert len(answers) == 1


def test_a_client_s_password_opens_nothing_at_the_desk(north: Clinic, with_password: User) -> None:
    browser = Browser(north)
    answer = browser.post(reverse("account_login"), {"login": "cleo@example.org", "password": PASSWORD})

    assert answer["Location"] == "/start/"
    assert browser.get("/admin/queue/").status_code in (302, 403)


def test_a_closed_account_does_not_come_in_by_password(north: Clinic, with_password: User) -> None:
    User.objects.filter(pk=with_password.pk).update(is_active=False)

    assert not is_in(typed(north, PASSWORD))
