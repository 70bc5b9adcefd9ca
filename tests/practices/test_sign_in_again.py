"""Signing in again where one was: as whoever the page was made for, and as nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.urls import reverse

from clients.models import Client
from practices.accounts.models import Session, User
from practices.accounts.page_marks import mark_of, owner_of
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser


@pytest.fixture
def cleo(north: Clinic) -> User:
    user = factories.client().user
    assert user is not None
    return user


@pytest.fixture
def mark(cleo: User) -> str:
    return mark_of(cleo)


@pytest.fixture
def left_open(north: Clinic, cleo: User, mark: str) -> Browser:
    """The browser in which the page is open and the session is over."""
    return Browser(north)


def mailed(browser: Browser, mark: str) -> Any:
    return browser.post(reverse("account_mail_code_again"), headers={"x-page": mark})


def tried(browser: Browser, mark: str, code: str) -> Any:
    return browser.post(reverse("account_sign_in_again"), {"code": code}, headers={"x-page": mark})


def code_in_mail() -> str:
    return str(OutboxMail.objects.order_by("-created_at", "-pk")[0].details["code"])


def is_in(browser: Browser, user: User) -> bool:
    return Session.objects.filter(user_id=user.pk, session_key=browser.session.session_key).exists()


def test_a_code_from_the_mail_lets_whose_page_it_is_in_again(left_open: Browser, cleo: User, mark: str) -> None:
    assert mailed(left_open, mark).status_code == 200
    said = tried(left_open, mark, code_in_mail())

    assert said.status_code == 200
    assert said.json()["left"] == 60 * 60
    assert said.json()["token"]
    assert is_in(left_open, cleo)
    assert AuditEvent.objects.filter(action=Action.SIGNED_IN, actor=cleo.pk).count() == 1


def test_the_mail_goes_to_the_address_we_have(left_open: Browser, cleo: User, mark: str) -> None:
    mailed(left_open, mark)

    assert OutboxMail.objects.get().details["to"] == cleo.email


def test_a_code_holds_three_tries_and_ten_minutes(left_open: Browser, mark: str, cleo: User) -> None:
    mailed(left_open, mark)
    code = code_in_mail()

    answers = [tried(left_open, mark, "WRONG1") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "three times" in answers[-1].json()["message"]
    assert tried(left_open, mark, code).status_code == 422
    assert not is_in(left_open, cleo)


def test_a_code_that_is_too_old_is_said_to_be(
    left_open: Browser, mark: str, cleo: User, clock: time_machine.Traveller
) -> None:
    mailed(left_open, mark)
    clock.shift(timedelta(minutes=11))
    said = tried(left_open, mark, code_in_mail())

    assert said.status_code == 422
    assert "too old" in said.json()["message"]


def test_a_code_holds_only_in_the_browser_that_asked(north: Clinic, left_open: Browser, mark: str, cleo: User) -> None:
    mailed(left_open, mark)
    other = Browser(north)

    assert tried(other, mark, code_in_mail()).status_code == 422
    assert not Session.objects.filter(user_id=cleo.pk).exists()


def test_a_code_for_one_page_opens_no_other_ones(left_open: Browser, mark: str) -> None:
    other = factories.client().user
    assert other is not None
    mailed(left_open, mark)

    assert tried(left_open, mark_of(other), code_in_mail()).status_code == 422
    assert not Session.objects.filter(user_id=other.pk).exists()


@pytest.mark.parametrize("how", ["no mark", "made up", "staff", "closed account", "another clinic's", "too old"])
def test_pages_that_are_no_clients_own_get_no_code(
    left_open: Browser, cleo: User, south: Clinic, how: str, clock: time_machine.Traveller
) -> None:
    marks = {"no mark": "", "made up": signing.dumps(str(cleo.pk)), "staff": mark_of(factories.staff())}
    with inside(south):
        marks["another clinic's"] = mark_of(cleo)
    marks["closed account"] = marks["too old"] = mark_of(cleo)
    if how == "closed account":
        User.objects.filter(pk=cleo.pk).update(is_active=False)
    if how == "too old":
        clock.shift(timedelta(hours=25))

    assert mailed(left_open, marks[how]).status_code == 403
    assert tried(left_open, marks[how], "ABC123").status_code == 403
    assert not OutboxMail.objects.exists()


def test_mails_are_not_sent_without_end(left_open: Browser, mark: str) -> None:
    answers = [mailed(left_open, mark).status_code for _ in range(5)]

    assert answers[:3] == [200] * 3
    assert answers[3:] == [429] * 2
    assert OutboxMail.objects.count() == 3


def test_the_page_of_one_person_is_not_told_how_long_anothers_session_lasts(north: Clinic, mark: str) -> None:
    stranger = Browser(north).sign_in(factories.staff())

    said = stranger.get(reverse("account_session_clock"), headers={"x-page": mark})

    assert said.status_code == 409
    assert said.json()["left"] == 0
    assert mailed(stranger, mark).status_code == 403


def test_whoever_is_here_again_is_told_how_long_and_given_a_token(north: Clinic, cleo: User, mark: str) -> None:
    browser = Browser(north).sign_in(cleo)

    said = browser.get(reverse("account_session_clock"), headers={"x-page": mark}).json()

    assert said["left"] > 0
    assert said["token"]


def test_each_page_behind_the_sign_in_carries_its_owners_mark(north: Clinic, cleo: User) -> None:
    clara = factories.staff()
    pages = {cleo: "/portal/", clara: "/admin/clients/client/"}

    for user, path in pages.items():
        page = Browser(north).sign_in(user).get(path).content.decode()
        [found] = re.findall(r'data-mark="([^"]+)"', page)
        assert owner_of(found) == user.pk
        assert (reverse("account_sign_in_again") in page) == user.is_client
    assert Client.objects.filter(user=cleo).exists()
