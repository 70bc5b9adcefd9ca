"""Sessions end by the clock, on the server; their owner sees them and ends them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from clients.models import Client
from practices.accounts.models import Session, User
from practices.accounts.sessions import browser_in_words
from practices.audit.models import Action, AuditEvent
from tests.harness.browsers import Browser

BrowserOf = Callable[..., Browser]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def at_work(clock: time_machine.Traveller, clinician: User, browser_of: BrowserOf) -> Browser:
    return browser_of(clinician)


@pytest.fixture
def at_home(clock: time_machine.Traveller, client_person: Client, browser_of: BrowserOf) -> Browser:
    return browser_of(client_person.user)


def is_in(browser: Browser) -> bool:
    return "/login/" not in browser.get("/start/")["Location"]


@pytest.mark.parametrize(("who", "minutes"), [("at_work", 30), ("at_home", 60)])
def test_a_session_that_is_not_used_ends(who: str, minutes: int, request: Any, clock: time_machine.Traveller) -> None:
    browser = request.getfixturevalue(who)
    clock.shift(timedelta(minutes=minutes, seconds=-5))
    before = is_in(browser)
    clock.shift(timedelta(minutes=minutes, seconds=5))

    assert before
    assert not is_in(browser)


@pytest.mark.parametrize(("who", "hours"), [("at_work", 12), ("at_home", 24)])
def test_a_session_that_is_always_used_ends_all_the_same(
    who: str, hours: int, request: Any, clock: time_machine.Traveller
) -> None:
    browser = request.getfixturevalue(who)
    for _ in range(hours * 3 - 1):
        clock.shift(timedelta(minutes=20))
        assert is_in(browser)
    clock.shift(timedelta(minutes=20, seconds=1))

    assert not is_in(browser)


def test_that_it_is_used_is_written_once_a_minute_at_most(
    at_work: Browser, clock: time_machine.Traveller, queries_of: Callable[..., int]
) -> None:
    at_work.get("/start/")
    began = Session.objects.get().used_at
    clock.shift(timedelta(seconds=59))
    at_work.get("/start/")
    within = Session.objects.get().used_at
    clock.shift(timedelta(seconds=2))
    at_work.get("/start/")

    assert within == began
    assert Session.objects.get().used_at == began + timedelta(seconds=61)


def test_what_a_page_asks_by_itself_keeps_no_session_open(at_work: Browser, clock: time_machine.Traveller) -> None:
    left = []
    for _ in range(2):
        clock.shift(timedelta(minutes=14))
        left.append(at_work.get(reverse("account_session_clock"), headers={"x-background": "yes"}).json()["left"])
    clock.shift(timedelta(minutes=3))

    assert left == [16 * 60, 2 * 60]
    assert at_work.get(reverse("account_session_clock"), headers={"x-background": "yes"}).status_code == 401


def test_one_tap_keeps_it_open(at_work: Browser, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(minutes=29))

    assert at_work.post(reverse("account_session_clock")).json()["left"] == 30 * 60


def test_no_cookie_makes_a_session_live_longer(at_work: Browser, clock: time_machine.Traveller) -> None:
    row = Session.objects.get()
    session = row.get_session_store_class()(row.session_key)
    session.set_expiry(timedelta(days=30))
    session.save()

    assert Session.objects.get().expire_date == row.expire_date


def test_autosave_is_told_that_the_session_is_over(
    at_home: Browser, occurrence: Any, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=61))
    path = reverse("portal:draft", kwargs={"pk": occurrence.pk})
    answer = at_home.post(path, {"version": 0, "fields": {}}, content_type="application/json")

    assert answer.status_code == 401


def test_somebody_sees_where_they_are_signed_in_and_no_key(
    clinician: User, at_work: Browser, browser_of: BrowserOf
) -> None:
    browser_of(clinician)
    page = at_work.get(reverse("account_sessions"))
    text = page.content.decode()

    assert [session["is_this"] for session in page.context["sessions"]].count(True) == 1
    assert len(page.context["sessions"]) == 2
    assert not any(key in text for key in Session.objects.values_list("session_key", flat=True))


def test_one_session_is_ended_by_its_owner(clinician: User, at_work: Browser, browser_of: BrowserOf) -> None:
    other = browser_of(clinician)
    page = at_work.get(reverse("account_sessions"))
    [handle] = [session["handle"] for session in page.context["sessions"] if not session["is_this"]]
    at_work.post(reverse("account_end_session"), {"which": handle})

    assert is_in(at_work)
    assert not is_in(other)
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED, actor=clinician.pk).count() == 1


def test_all_others_are_ended_at_once(clinician: User, at_work: Browser, browser_of: BrowserOf) -> None:
    others = [browser_of(clinician), browser_of(clinician)]
    at_work.post(reverse("account_end_session"), {"which": "others"})

    assert is_in(at_work)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_somebody_else_s(at_work: Browser, other_clinician: User, browser_of: BrowserOf) -> None:
    other = browser_of(other_clinician)
    [handle] = [session["handle"] for session in other.get(reverse("account_sessions")).context["sessions"]]
    at_work.post(reverse("account_end_session"), {"which": handle})

    assert is_in(other)


def test_the_owner_sees_and_ends_a_colleague_s_sessions(
    clinician: User, at_work: Browser, owner: User, browser_of: BrowserOf
) -> None:
    page = reverse("admin:accounts_user_sessions", kwargs={"pk": clinician.pk})
    boss = browser_of(owner)
    [handle] = [session["handle"] for session in boss.get(page).context["sessions"]]
    boss.post(page, {"which": handle})

    assert not is_in(at_work)
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED, actor=owner.pk, subject_id=clinician.pk).exists()


def test_the_owner_sees_no_client_s_sessions(client_person: Client, owner: User, browser_of: BrowserOf) -> None:
    page = reverse("admin:accounts_user_sessions", kwargs={"pk": client_person.user.pk})

    assert browser_of(owner).get(page).status_code == 404


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_by_family_only(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


def test_the_cookie_is_no_longer_kept_than_a_day() -> None:
    assert settings.SESSION_COOKIE_AGE <= 24 * 3600
