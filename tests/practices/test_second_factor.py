"""Second factors: nobody who works here gets in without one, and what is stored opens for nobody else."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from clients.models import Client
from practices.accounts.factors import add_authenticator_app, open_seed, reset_second_factor
from practices.accounts.models import Session, User
from practices.accounts.permissions import Kind
from practices.accounts.services import make_user
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from practices.vault import VaultError
from tests.harness.browsers import Browser
from tests.harness.second_step import SEED, app_code, type_second_step, with_app

PASSWORD = "a boat is late in the harbour"
BrowserOf = Callable[..., Browser]


@pytest.fixture
def newcomer(clinician: User) -> User:
    """A clinician with a password and nothing else yet."""
    clinician.set_password(PASSWORD)
    clinician.save()
    return clinician


@pytest.fixture
def equipped(newcomer: User) -> User:
    return with_app(newcomer)


def type_password(browser: Browser, email: str = "clinician@example.org") -> Any:
    return browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def recovery_codes(browser: Browser) -> list[str]:
    return list(browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"])


def is_in(browser: Browser) -> bool:
    return browser.get(reverse("admin:queue")).status_code == 200


def test_without_a_second_factor_the_password_leads_only_to_setting_one_up(newcomer: User, visitor: Browser) -> None:
    response = type_password(visitor)

    assert response["Location"] == reverse("account_set_up")
    assert visitor.get(reverse("account_set_up")).status_code == 200
    assert not Session.objects.filter(user_id=newcomer.pk).exists()
    for address in ("admin:queue", "admin:index", "mfa_index", "mfa_view_recovery_codes", "mfa_activate_totp"):
        assert "/login/" in visitor.get(reverse(address))["Location"]


def test_setting_up_an_app_shows_codes_once_and_lets_in(newcomer: User, visitor: Browser) -> None:
    type_password(visitor)
    seed = visitor.get(reverse("account_set_up")).context["form"].secret
    response = visitor.post(reverse("account_set_up"), {"code": app_code(seed=seed)})

    assert response["Location"].startswith(reverse("mfa_view_recovery_codes"))
    assert len(recovery_codes(visitor)) == 10
    assert set(recovery_codes(visitor)) == {"****"}
    assert is_in(visitor)
    assert AuditEvent.objects.filter(action=Action.FACTORS_CHANGED, actor=newcomer.pk).count() == 1
    assert OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CHANGED).count() == 1


def test_a_wrong_first_code_leaves_everything_as_it_was(newcomer: User, visitor: Browser) -> None:
    type_password(visitor)
    seed = visitor.get(reverse("account_set_up")).context["form"].secret
    response = visitor.post(reverse("account_set_up"), {"code": "000000"})

    assert response.status_code == 422
    assert response.context["form"].secret == seed
    assert not Authenticator.objects.exists()


def test_a_seed_lies_sealed_while_it_is_set_up_and_after(newcomer: User, visitor: Browser) -> None:
    type_password(visitor)
    seed = visitor.get(reverse("account_set_up")).context["form"].secret
    kept = [json.dumps(dict(session.get_decoded())) for session in Session.objects.all()]
    visitor.post(reverse("account_set_up"), {"code": app_code(seed=seed)})

    assert seed not in "".join(kept)
    for factor in Authenticator.objects.all():
        assert seed not in json.dumps(factor.data)
    assert open_seed(Authenticator.objects.get(type="totp").data["secret"], user=newcomer) == seed


def test_the_password_alone_opens_nothing(equipped: User, visitor: Browser) -> None:
    response = type_password(visitor)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(visitor)
    assert not Session.objects.filter(user_id=equipped.pk).exists()


def test_the_app_s_code_lets_in_and_works_once(equipped: User, visitor: Browser, north: Clinic) -> None:
    code = app_code()
    type_password(visitor)
    visitor.post(reverse("mfa_authenticate"), {"code": code})
    again = Browser(north)
    type_password(again)
    again.post(reverse("mfa_authenticate"), {"code": code})

    assert is_in(visitor)
    assert not is_in(again)


def test_a_code_that_was_used_is_refused_for_as_long_as_it_lives(
    equipped: User, visitor: Browser, north: Clinic, clock: time_machine.Traveller
) -> None:
    code = app_code(steps=1)
    type_password(visitor)
    visitor.post(reverse("mfa_authenticate"), {"code": code})
    clock.shift(timedelta(seconds=45))
    # The cache server has a clock of its own: what allauth keeps for 30 seconds is gone by now.
    cache.delete(f"allauth.mfa.totp.used?user={equipped.pk}&code={code}")
    again = Browser(north)
    type_password(again)
    again.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})

    assert is_in(visitor)
    assert not is_in(again)


def test_a_recovery_code_lets_in_once(newcomer: User, visitor: Browser, north: Clinic) -> None:
    type_password(visitor)
    seed = visitor.get(reverse("account_set_up")).context["form"].secret
    visitor.post(reverse("account_set_up"), {"code": app_code(seed=seed)})
    code = recovery_codes(visitor)[0]
    first, second = Browser(north), Browser(north)
    for browser in (first, second):
        type_password(browser)
        browser.post(reverse("mfa_authenticate"), {"code": code})

    assert is_in(first)
    assert not is_in(second)


def test_guessing_the_second_step_is_slowed_down(equipped: User, visitor: Browser) -> None:
    type_password(visitor)
    for _ in range(5):
        visitor.post(reverse("mfa_authenticate"), {"code": "000000"})
    type_second_step(visitor)

    assert not is_in(visitor)


def test_a_seed_copied_to_somebody_else_opens_nothing(equipped: User, other_clinician: User, visitor: Browser) -> None:
    other_clinician.set_password(PASSWORD)
    other_clinician.save()
    data = Authenticator.objects.get(user_id=equipped.pk, type="totp").data
    Authenticator.objects.create(user_id=other_clinician.pk, type="totp", data=data)
    type_password(visitor, other_clinician.email)

    assert visitor.post(reverse("mfa_authenticate"), {"code": app_code()}).status_code == 503
    assert not Session.objects.filter(user_id=other_clinician.pk).exists()


def test_a_seed_copied_to_another_clinic_opens_nothing(equipped: User, south: Clinic) -> None:
    sealed = Authenticator.objects.get(user_id=equipped.pk, type="totp").data["secret"]

    with inside(south), pytest.raises(VaultError):
        open_seed(sealed, user=User(pk=equipped.pk))


def test_no_session_of_staff_begins_without_the_second_step(newcomer: User, visitor: Browser) -> None:
    """Whatever flow comes to sign-in by another way ends at the adapter."""
    from allauth.account.adapter import get_adapter
    from allauth.core.context import request_context
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from practices.accounts.sessions import SessionStore

    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    with request_context(request), pytest.raises(PermissionDenied):
        get_adapter(request).login(request, newcomer)


def test_the_last_factor_of_staff_stays(equipped: User, visitor: Browser) -> None:
    type_password(visitor)
    type_second_step(visitor)
    visitor.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user_id=equipped.pk, type="totp").exists()


def test_new_recovery_codes_end_the_other_sessions_and_are_told(
    equipped: User, visitor: Browser, browser_of: BrowserOf
) -> None:
    elsewhere = browser_of(equipped)
    type_password(visitor)
    type_second_step(visitor)
    visitor.post(reverse("mfa_generate_recovery_codes"))

    assert is_in(visitor)
    assert not is_in(elsewhere)
    assert AuditEvent.objects.filter(action=Action.FACTORS_CHANGED, actor=equipped.pk).exists()
    assert OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CHANGED).exists()


def test_a_change_to_sign_in_asks_who_is_there_after_a_while(
    equipped: User, visitor: Browser, clock: time_machine.Traveller
) -> None:
    type_password(visitor)
    type_second_step(visitor)
    at_once = visitor.get(reverse("mfa_add_webauthn"))
    clock.shift(timedelta(minutes=5, seconds=1))
    later = visitor.get(reverse("mfa_add_webauthn"))
    clock.shift(timedelta(minutes=5))
    sent = visitor.post(reverse("mfa_generate_recovery_codes"))

    assert at_once.status_code == 200
    assert later["Location"].startswith(reverse("account_reauthenticate"))
    assert sent["Location"].startswith(reverse("account_reauthenticate"))


def test_the_owner_resets_a_colleague_s_second_step(equipped: User, owner: User, browser_of: BrowserOf) -> None:
    signed_in = browser_of(equipped)
    response = (
        browser_of(owner).confirm(owner).post(reverse("admin:accounts_user_reset_factor", kwargs={"pk": equipped.pk}))
    )

    assert response.status_code == 302
    assert not is_in(signed_in)
    assert not Authenticator.objects.filter(user_id=equipped.pk).exists()
    assert AuditEvent.objects.filter(action=Action.FACTORS_RESET, actor=owner.pk, subject_id=equipped.pk).exists()
    assert OutboxMail.objects.get(kind=MailKind.SIGN_IN_CHANGED).details["to"] == equipped.email


def test_an_open_browser_of_the_owner_is_not_enough_to_reset_it(
    equipped: User, owner: User, browser_of: BrowserOf
) -> None:
    address = reverse("admin:accounts_user_reset_factor", kwargs={"pk": equipped.pk})
    browser = browser_of(owner)

    for response in (browser.get(address), browser.post(address)):
        assert "/reauthenticate/" in response["Location"] or "/login" in response["Location"]
    assert Authenticator.objects.filter(user_id=equipped.pk).exists()


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "5",
        "[]",
        "{}",
        '{"response": 1}',
        '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}',
        "null",
        '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"eA","attestationObject":"eA"}}',
        '{"id":"eA","rawId":"eA","type":"public-key","response":{"clientDataJSON":"eA","authenticatorData":"eA",'
        '"signature":"eA","userHandle":"AAAA"}}',
    ],
)
def test_junk_is_no_passkey(equipped: User, visitor: Browser, junk: str) -> None:
    assert visitor.post(reverse("mfa_login_webauthn"), {"credential": junk})["Location"] == reverse("account_login")
    type_password(visitor)
    assert visitor.post(reverse("mfa_authenticate"), {"credential": junk}).status_code == 200
    type_second_step(visitor)
    assert visitor.post(reverse("mfa_add_webauthn"), {"credential": junk, "name": "x"}).status_code == 200


def test_a_client_is_asked_for_no_second_step(client_person: Client, visitor: Browser) -> None:
    add_authenticator_app(client_person.user, seed=SEED)
    visitor.post(reverse("account_request_login_code"), {"email": client_person.user.email})
    code = OutboxMail.objects.get(kind=MailKind.SIGN_IN_CODE).details["code"]
    visitor.post(reverse("account_confirm_login_code"), {"code": code})

    assert visitor.get("/portal/").status_code == 200


def test_reset_takes_only_this_person_s_factors(equipped: User, other_clinician: User, owner: User, at: Any) -> None:
    with_app(other_clinician)

    reset_second_factor(equipped, by=owner, at=at)

    assert set(Authenticator.objects.values_list("user_id", flat=True)) == {other_clinician.pk}


def test_an_operator_needs_a_second_step_too(clinics: dict[str, Clinic]) -> None:
    platform = clinics["platform"]
    with inside(platform):
        operator = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
        operator.set_password(PASSWORD)
        operator.save()
    browser = Browser(platform)

    assert type_password(browser, "operator@example.org")["Location"] == reverse("account_set_up")


def test_the_demo_s_inbox_shows_what_the_apps_show(equipped: User, visitor: Browser) -> None:
    page = visitor.get(reverse("inbox")).content.decode()

    assert app_code() in page
    assert SEED not in page


def test_a_client_confirms_with_a_code_from_a_mail(
    client_person: Client, browser_of: BrowserOf, clock: time_machine.Traveller
) -> None:
    browser = browser_of(client_person.user)
    wanted = reverse("mfa_add_webauthn")
    asked = browser.get(wanted)["Location"]
    page = browser.get(asked, follow=True)
    here = page.redirect_chain[-1][0] if page.redirect_chain else asked
    browser.post(here, {"action": "mail"})
    code = OutboxMail.objects.get(kind=MailKind.SIGN_IN_CODE).details["code"]
    done = browser.post(here, {"code": code, "next": wanted})

    assert here.startswith(reverse("account_confirm_by_code"))
    assert done["Location"] == wanted
    assert browser.get(wanted).status_code == 200


def test_a_mailed_code_dies_after_three_wrong_tries_and_ten_minutes(
    client_person: Client, browser_of: BrowserOf, clock: time_machine.Traveller
) -> None:
    browser, here = browser_of(client_person.user), reverse("account_confirm_by_code")
    browser.post(here, {"action": "mail"})
    code = OutboxMail.objects.get(kind=MailKind.SIGN_IN_CODE).details["code"]
    for _ in range(3):
        browser.post(here, {"code": "WRONG1"})
    after_three = browser.post(here, {"code": code})
    browser.post(here, {"action": "mail"})
    newest = OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CODE).latest("created_at").details["code"]
    clock.shift(timedelta(minutes=10, seconds=1))
    too_late = browser.post(here, {"code": newest})

    assert (after_three.status_code, too_late.status_code) == (200, 200)
    assert not browser.session.get("account_authentication_methods")
