"""Without JavaScript, too, no word is lost when the session ends before Save is pressed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client, Occurrence, Response
from practices.accounts.models import Session
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from tests.harness.browsers import Browser, Browsers

WORDS = "The boat was late, and I stayed."


@pytest.fixture
def signed_out(clock: time_machine.Traveller, client_person: Client, browser_of: Browsers) -> Browser:
    browser = browser_of(client_person.user)
    clock.shift(timedelta(minutes=61))
    return browser


def work_of(occurrence: Occurrence) -> str:
    return reverse("portal:work", kwargs={"pk": occurrence.pk})


def sign_in(browser: Browser, client: Client, onward: str) -> str:
    browser.post(reverse("account_request_login_code"), {"email": client.user.email, "next": onward})
    code = OutboxMail.objects.filter(kind=MailKind.SIGN_IN_CODE).latest("created_at").details["code"]
    location: str = browser.post(reverse("account_confirm_login_code"), {"code": code, "next": onward})["Location"]
    return location


def test_what_was_posted_is_saved_after_the_sign_in(
    signed_out: Browser, client_person: Client, occurrence: Occurrence
) -> None:
    path = work_of(occurrence)
    asked = signed_out.post(path, {"version": "0", "a-words": WORDS, "next": "save"})
    onward = sign_in(signed_out, client_person, path)
    signed_out.get(onward)

    assert "/login/" in asked["Location"]
    assert onward == path
    assert Response.objects.get().answers["words"] == WORDS


def test_it_waits_sealed(signed_out: Browser, occurrence: Occurrence) -> None:
    signed_out.post(work_of(occurrence), {"version": "0", "a-words": WORDS})

    assert not any("boat" in str(session.get_decoded()) for session in Session.objects.all())


def test_somebody_else_on_the_same_device_never_sees_it(
    signed_out: Browser, other_client: Client, occurrence: Occurrence
) -> None:
    path = work_of(occurrence)
    signed_out.post(path, {"version": "0", "a-words": WORDS})
    sign_in(signed_out, other_client, path)

    assert signed_out.get(path).status_code == 404
    assert not Response.objects.exists()


def test_a_visitor_leaves_nothing_for_work_that_does_not_exist(north: Clinic, visitor: Browser) -> None:
    visitor.post(reverse("portal:work", kwargs={"pk": north.pk}), {"a-words": WORDS})

    assert not Session.objects.exists()
