"""Sign-in: each trap in the defaults that security.md names, sprung on purpose."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as CacheConnectionError

from clients.models import Client
from practices.accounts.addresses import client_address
from practices.accounts.models import Session, User
from practices.accounts.passwords import ArgonHasher
from practices.audit.models import Action, AuditEvent
from practices.cache import KeptClient
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.outbox.services import send_due
from practices.tenancy import inside
from tests import factories
from tests.factories import password_path
from tests.harness.browsers import Browser
from tests.harness.mail import Mailbox
from tests.harness.second_step import type_second_step, with_app

PASSWORD = "a boat is late in the harbour"
CODE_PAGE, CONFIRM_PAGE = "account_request_login_code", "account_confirm_login_code"
BrowserOf = Callable[..., Browser]


@pytest.fixture
def with_password(clinician: User) -> User:
    clinician.set_password(PASSWORD)
    clinician.save()
    return with_app(clinician)


def type_password(
    browser: Browser, *, email: str = "clinician@example.org", password: str = PASSWORD, **form: Any
) -> Any:
    """And the app's code, if it comes to that."""
    response = browser.post(reverse("account_login"), {"login": email, "password": password, **form})
    asked = response.status_code == 302 and response["Location"] == reverse("mfa_authenticate")
    return type_second_step(browser) if asked else response


def ask_for_code(browser: Browser, email: str = "cleo@example.org") -> str:
    """The code that was mailed, or nothing."""
    known = set(OutboxMail.objects.values_list("pk", flat=True))
    browser.post(reverse(CODE_PAGE), {"email": email})
    mail = OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CODE).exclude(pk__in=known).first()
    return str(mail.details["code"]) if mail else ""


def type_code(browser: Browser, code: str) -> Any:
    return browser.post(reverse(CONFIRM_PAGE), {"code": code})


def is_signed_in(browser: Browser) -> bool:
    return "/login/" not in browser.get("/start/")["Location"]


def test_staff_sign_in_with_their_password(with_password: User, visitor: Browser) -> None:
    type_password(visitor)

    assert is_signed_in(visitor)
    assert AuditEvent.objects.filter(action=Action.SIGNED_IN, actor=with_password.pk).count() == 1
    assert Session.objects.filter(user_id=with_password.pk).count() == 1


def test_a_client_signs_in_with_a_code(client_person: Client, visitor: Browser) -> None:
    code = ask_for_code(visitor, " CLEO@example.org")
    type_code(visitor, code)

    assert is_signed_in(visitor)
    assert visitor.get("/portal/").status_code == 200


def test_a_code_dies_after_three_wrong_tries(client_person: Client, visitor: Browser) -> None:
    code = ask_for_code(visitor)
    for _ in range(3):
        type_code(visitor, "WRONG1")
    type_code(visitor, code)

    assert not is_signed_in(visitor)


def test_a_code_dies_after_ten_minutes(client_person: Client, visitor: Browser, clock: time_machine.Traveller) -> None:
    code = ask_for_code(visitor)
    clock.shift(timedelta(minutes=10, seconds=1))
    type_code(visitor, code)

    assert not is_signed_in(visitor)


def test_a_code_works_only_in_the_browser_that_asked(client_person: Client, north: Clinic, visitor: Browser) -> None:
    code = ask_for_code(visitor)
    other = Browser(north)
    type_code(other, code)

    assert not is_signed_in(other)


def test_a_code_of_one_clinic_is_worthless_at_the_other(client_person: Client, south: Clinic, visitor: Browser) -> None:
    with inside(south):
        factories.client(email="cleo@example.org")
    code = ask_for_code(visitor)
    visitor.defaults["HTTP_HOST"] = "south.localhost"
    type_code(visitor, code)

    assert not is_signed_in(visitor)


def test_staff_cannot_sign_in_with_a_code(clinician: User, visitor: Browser) -> None:
    assert ask_for_code(visitor, "clinician@example.org") == ""


@pytest.mark.parametrize("page", [CODE_PAGE, "account_reset_password"])
def test_nobody_learns_who_has_an_account(client_person: Client, clinician: User, north: Clinic, page: str) -> None:
    answers = set()
    for email in ("cleo@example.org", "clinician@example.org", "nobody@example.org"):
        browser = Browser(north)
        response = browser.post(reverse(page), {"email": email})
        following = browser.get(response["Location"])
        answers.add((response.status_code, response["Location"], without_tokens(following.content.decode(), email)))

    assert len(answers) == 1


@pytest.mark.parametrize("page", [CODE_PAGE, "account_reset_password"])
def test_an_unknown_address_takes_the_work_of_a_known_one_and_mails_nobody(
    north: Clinic, visitor: Browser, at: datetime, mailbox: Mailbox, page: str
) -> None:
    visitor.post(reverse(page), {"email": "nobody@example.org"})

    assert OutboxMail.objects.unsent().count() == 1
    assert send_due(north, at=timezone.now()) == 1
    assert OutboxMail.objects.unsent().count() == 0
    assert mailbox.mails == []


def without_tokens(page: str, email: str) -> str:
    page = re.sub(r'(value|nonce|content)="[^"]*"', "", page)
    return page.replace(email, "the address")


def test_sign_up_is_closed_to_everybody(visitor: Browser) -> None:
    form = {"email": "new@example.org", "password1": PASSWORD}
    visitor.post(reverse("account_signup"), form)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://south.localhost/portal/",
        "//south.localhost/",
        "https://example.org/",
        "http://north.localhost.example.org/",
    ],
)
def test_next_never_leads_to_a_sibling_clinic_or_abroad(with_password: User, visitor: Browser, elsewhere: str) -> None:
    response = type_password(visitor, next=elsewhere)

    assert response["Location"] == "/start/"


def test_next_leads_on_within_the_clinic(with_password: User, visitor: Browser) -> None:
    assert type_password(visitor, next="/admin/assign/")["Location"] == "/admin/assign/"


def test_the_admin_s_own_sign_in_is_the_guarded_one(with_password: User, visitor: Browser) -> None:
    answer = visitor.post("/admin/login/", {"username": "clinician@example.org", "password": PASSWORD})

    assert answer["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(visitor)


def test_guessing_a_password_is_slowed_down(with_password: User, visitor: Browser) -> None:
    for _ in range(5):
        type_password(visitor, password="wrong")
    type_password(visitor)

    assert not is_signed_in(visitor)


def test_guessing_at_one_clinic_slows_nobody_at_the_other(with_password: User, south: Clinic, visitor: Browser) -> None:
    with inside(south):
        twin = factories.staff(email="clinician@example.org")
        twin.set_password(PASSWORD)
        twin.save()
        with_app(twin)
    for _ in range(12):
        type_password(visitor, password="wrong")

    there = Browser(south)
    type_password(there)

    assert is_signed_in(there)


def test_an_address_that_a_client_writes_itself_is_never_believed(settings: Settings) -> None:
    forged = RequestFactory().get("/", headers={"x-forwarded-for": "203.0.113.9, 198.51.100.4"})

    assert client_address(forged) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client_address(forged) == "198.51.100.4"


def test_a_link_to_choose_a_password_works_once_and_only_at_its_clinic(
    clinician: User, south: Clinic, north: Clinic
) -> None:
    path = password_path(clinician)
    form = {"password1": PASSWORD, "password2": PASSWORD}

    there = Browser(south)
    there.post(there.get(path).headers.get("Location", path), form)
    here = Browser(north)
    here.post(here.get(path)["Location"], form)
    again = Browser(north)

    clinician.refresh_from_db()
    assert clinician.check_password(PASSWORD)
    assert again.get(path).status_code == 200  # says that the link is used up, and leads nowhere


def test_a_link_of_one_clinic_opens_nothing_for_a_twin_at_the_other(clinician: User, south: Clinic) -> None:
    path = password_path(clinician)
    with inside(south):
        twin = User(pk=clinician.pk, display_name="Twin", roles=["clinician"])
        twin.set_email("twin@example.org")
        twin.password = clinician.password
        twin.save(force_insert=True)
        before = twin.password

    there = Browser(south)
    there.post(there.get(path).headers.get("Location", path), {"password1": PASSWORD, "password2": PASSWORD})

    with inside(south):
        assert User.objects.get(pk=clinician.pk).password == before


def test_a_new_password_ends_other_sessions(with_password: User, visitor: Browser, north: Clinic) -> None:
    elsewhere = Browser(north)
    type_password(elsewhere)
    with_password.refresh_from_db()
    path = password_path(with_password)
    new = {"password1": PASSWORD + " again", "password2": PASSWORD + " again"}
    visitor.post(visitor.get(path)["Location"], new)

    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize("weak", ["fourteen chars", "1q2w3e4r5t6y7u8i9o0p", "clinician@example.org"])
def test_weak_passwords_are_refused(clinician: User, visitor: Browser, weak: str) -> None:
    location = visitor.get(password_path(clinician))["Location"]
    visitor.post(location, {"password1": weak, "password2": weak})

    clinician.refresh_from_db()
    assert not clinician.has_usable_password()


def test_sessions_end_even_if_somebody_is_busy(
    with_password: User, visitor: Browser, clock: time_machine.Traveller
) -> None:
    type_password(visitor)
    clock.shift(timedelta(hours=12, seconds=1))

    assert not is_signed_in(visitor)


def test_signing_out_ends_the_session_and_clears_the_browser(clinician: User, browser_of: BrowserOf) -> None:
    browser = browser_of(clinician)
    response = browser.post(reverse("account_logout"))

    assert "Clear-Site-Data" in response.headers
    assert not Session.objects.filter(user_id=clinician.pk).exists()


def test_a_closed_account_cannot_sign_in(with_password: User, visitor: Browser) -> None:
    User.objects.filter(pk=with_password.pk).update(is_active=False)
    type_password(visitor)

    assert not is_signed_in(visitor)


def test_what_was_typed_is_not_kept_when_sign_in_fails(with_password: User, visitor: Browser) -> None:
    type_password(visitor, email="boat.late.harbour@example.org")

    event = AuditEvent.objects.get(action=Action.SIGN_IN_REFUSED)
    assert (event.actor, event.subject_id, event.purpose) == (None, None, "")


def test_the_settings_that_the_traps_need() -> None:
    assert django_settings.ACCOUNT_EMAIL_CONFIRMATION_HMAC is False
    assert django_settings.EMAIL_TIMEOUT == 10
    assert django_settings.MESSAGE_STORAGE.endswith("SessionStorage")
    assert not getattr(django_settings, "CSRF_TRUSTED_ORIGINS", [])
    assert django_settings.SESSION_COOKIE_DOMAIN is None
    assert django_settings.CSRF_COOKIE_DOMAIN is None
    assert all("make_key" in cache["KEY_FUNCTION"] for cache in django_settings.CACHES.values())


def test_a_post_without_a_token_is_refused(client_person: Client, north: Clinic) -> None:
    browser = Browser(north, enforce_csrf_checks=True).sign_in(client_person.user)

    assert browser.post(reverse("account_logout")).status_code == 403


def test_no_cookie_names_a_domain(client_person: Client, visitor: Browser) -> None:
    visitor.get(reverse("account_login"))
    ask_for_code(visitor)

    assert all(not cookie["domain"] for cookie in visitor.cookies.values())
    assert all(cookie["httponly"] for cookie in visitor.cookies.values())


@pytest.mark.parametrize("page", [CODE_PAGE, "account_reset_password"])
def test_a_letter_that_only_looks_alike_mails_no_stranger(north: Clinic, visitor: Browser, page: str) -> None:
    """“ſ” folds to “s”, and the Kelvin sign is a capital “k”; either may be another mailbox."""
    make = factories.client if page == CODE_PAGE else factories.staff
    make(email="kim@example.org"), make(email="sam@example.org")
    for address in ("\u212aim@example.org", "\u017fam@example.org"):
        visitor.post(reverse(page), {"email": address})

    assert {mail.details["to"] for mail in OutboxMail.objects.all()} <= {"kim@example.org", ""}


@pytest.mark.parametrize("page", ["account_login", CODE_PAGE, "account_reset_password"])
def test_nobody_signs_in_uncounted_while_the_cache_server_is_away(
    with_password: User, visitor: Browser, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise CacheConnectionError

    for command in ("get", "set", "add", "delete"):
        monkeypatch.setattr(KeptClient, command, gone)

    assert visitor.get(reverse(page)).status_code == 200
    form = {"login": "clinician@example.org", "password": PASSWORD, "email": "cleo@example.org"}
    assert visitor.post(reverse(page), form).status_code == 503


def test_a_wrong_password_takes_the_same_work_and_answer_for_everybody(
    with_password: User, client_person: Client, north: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known, unknown, a client, a closed account: one hash each, and one page. Time is counted in hashes, not measured."""
    closed = with_app(factories.staff(email="closed@example.org"))
    closed.set_password(PASSWORD)
    closed.is_active = False
    closed.save()
    hashes: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(ArgonHasher, name)

        def counted(self: Any, *args: Any, real: Any = real, **kwargs: Any) -> Any:
            hashes.append("one")
            return real(self, *args, **kwargs)

        monkeypatch.setattr(ArgonHasher, name, counted)
    seen = set()
    for email in ("clinician@example.org", "nobody@example.org", "cleo@example.org", "closed@example.org"):
        hashes.clear()
        answer = type_password(Browser(north), email=email, password="wrong")
        seen.add((answer.status_code, len(hashes), without_tokens(answer.content.decode(), email)))

    assert len(seen) == 1


def test_the_second_step_is_asked_for_only_after_the_right_password(with_password: User, north: Clinic) -> None:
    browser = Browser(north)
    type_password(browser, password="wrong")

    assert browser.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")


def test_a_passkey_s_questions_name_nobody(with_password: User, visitor: Browser) -> None:
    options = visitor.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()

    asked = options["request_options"]["publicKey"]
    assert not asked.get("allowCredentials")
    assert (asked["rpId"], asked["userVerification"]) == ("north.localhost", "required")
