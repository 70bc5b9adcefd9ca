"""Supervision begins and ends by the owner's word: once for each pair, told to the supervisee, gone with the role."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from practices.accounts.models import Supervision, User
from practices.accounts.permissions import Role
from practices.accounts.services import change_staff
from practices.accounts.services.supervising import CannotSuperviseError, begin_supervision, end_supervision
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.harness.databases import Database


@pytest.fixture
def browser(browser_of: Browsers, owner: User) -> Browser:
    return browser_of(owner)


@pytest.fixture
def sam(north: Clinic) -> User:
    """A supervisor who supervises nobody yet."""
    return factories.staff(Role.SUPERVISOR, name="Sam Supervisor")


def begin(supervisor: User, over: User, **said: Any) -> Supervision:
    given = {"until": None, "by": None, "at": timezone.now()} | said
    return begin_supervision(supervisor, over=over, **given)


def notes_to(user: User) -> list[str]:
    mails = OutboxMail.objects.filter(kind=MailKind.ACCOUNT_NOTE)
    return [mail.details["path"] for mail in mails if mail.details["to"] == user.email]


def actions() -> list[str]:
    return list(
        AuditEvent.objects.filter(action__startswith="supervision").order_by("at").values_list("action", flat=True)
    )


def test_it_is_written_down_and_the_supervisee_is_told(sam: User, clinician: User, owner: User) -> None:
    until = timezone.now() + timedelta(days=90)

    supervision = begin(sam, clinician, until=until, by=owner)

    assert list(Supervision.objects.current().of(clinician)) == [supervision]
    assert supervision.ends_at == until
    assert notes_to(clinician) == [reverse("account")] and notes_to(sam) == []
    assert actions() == [Action.SUPERVISION_BEGUN]


@pytest.mark.parametrize("wrong", ["no supervisor", "no clinician", "themselves", "closed", "leaving", "yesterday"])
def test_only_a_supervisor_supervises_and_only_a_clinician_is_supervised(
    sam: User, clinician: User, editor: User, wrong: str
) -> None:
    both = factories.staff(Role.SUPERVISOR, Role.CLINICIAN)
    pair = {"no supervisor": (both, editor), "no clinician": (sam, editor), "themselves": (both, both)}
    said: dict[str, Any] = {}
    match wrong:
        case "no supervisor":
            pair[wrong] = (clinician, both)
        case "closed":
            User.objects.filter(pk=clinician.pk).update(is_active=False)
        case "leaving":
            User.objects.filter(pk=sam.pk).update(leaves_at=timezone.now() + timedelta(days=3))
        case "yesterday":
            said["until"] = timezone.now() - timedelta(days=1)

    with pytest.raises(CannotSuperviseError):
        begin(*pair.get(wrong, (sam, clinician)), **said)

    assert not Supervision.objects.exists() and not OutboxMail.objects.exists()


def test_beginning_again_moves_the_end_and_never_doubles(sam: User, clinician: User) -> None:
    begin(sam, clinician)
    until = timezone.now() + timedelta(days=9)

    for _ in range(2):
        begin(sam, clinician, until=until)

    assert Supervision.objects.get().ends_at == until
    assert actions() == [Action.SUPERVISION_BEGUN, Action.SUPERVISION_MOVED]


def test_of_two_owners_at_once_one_supervision_comes(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        sam, clara = factories.staff(Role.SUPERVISOR), factories.staff()
    begun = Barrier(2)
    until = timezone.now() + timedelta(days=9)

    def one(_: int) -> None:
        with inside(fresh_database.north):
            begun.wait()
            begin(sam, clara, until=until)
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))

    with inside(fresh_database.north):
        assert Supervision.objects.count() == 1
        assert actions() == [Action.SUPERVISION_BEGUN]


def test_it_ends_at_once_and_once(sam: User, clinician: User, owner: User) -> None:
    supervision, at = begin(sam, clinician), timezone.now()

    for _ in range(2):
        end_supervision(supervision, by=owner, at=at)

    assert Supervision.objects.get().ends_at == at
    assert actions().count(Action.SUPERVISION_ENDED) == 1
    assert len(notes_to(clinician)) == 2


@pytest.mark.parametrize(("who", "ends"), [("sam", True), ("clinician", True), ("owner", False)])
def test_a_role_that_goes_takes_its_supervisions_along(
    request: pytest.FixtureRequest, sam: User, clinician: User, owner: User, who: str, ends: bool
) -> None:
    begin(sam, clinician)
    changed: User = request.getfixturevalue(who)
    roles = {Role(role) for role in changed.roles} - {Role.SUPERVISOR, Role.CLINICIAN} | {Role.EDITOR}

    at = timezone.now()
    change_staff(changed, display_name="X", credentials="", roles=roles, by=owner, at=at)

    assert Supervision.objects.going_on(at).exists() is not ends


def test_more_roles_end_no_supervision(sam: User, clinician: User, owner: User) -> None:
    begin(sam, clinician)

    at = timezone.now()
    change_staff(sam, display_name="X", credentials="", roles=[Role.SUPERVISOR, Role.EDITOR], by=owner, at=at)

    assert Supervision.objects.going_on(at).exists()


def test_the_owner_begins_and_ends_it_from_either_page(browser: Browser, sam: User, clinician: User) -> None:
    day = (timezone.now() + timedelta(days=9)).date()
    browser.post(reverse("admin:accounts_user_supervises", args=[sam.pk]), {"colleague": clinician.pk, "last_day": day})

    of_sam = browser.get(reverse("admin:accounts_user_change", args=[sam.pk])).content.decode()
    of_clara = browser.get(reverse("admin:accounts_user_change", args=[clinician.pk])).content.decode()
    assert "Supervises Clara Clinician" in of_sam and "Supervised by Sam Supervisor" in of_clara
    assert f"Until the end of {day.day} {day:%B %Y}" in of_sam

    supervision = Supervision.objects.get()
    ended = browser.post(reverse("admin:end_supervision", args=[clinician.pk, supervision.pk]))
    assert ended["Location"] == reverse("admin:accounts_user_change", args=[clinician.pk])
    assert not Supervision.objects.current().exists()

    browser.post(reverse("admin:accounts_user_supervised", args=[clinician.pk]), {"colleague": sam.pk})
    assert Supervision.objects.current().get().supervisor == sam


def test_the_form_says_what_is_wrong(browser: Browser, sam: User, clinician: User, editor: User, south: Clinic) -> None:
    with inside(south):
        stranger = factories.staff()
    page = reverse("admin:accounts_user_supervises", args=[sam.pk])

    for said, words in (
        ({}, "Choose a colleague."),
        ({"colleague": editor.pk}, "Choose a colleague from the list."),
        ({"colleague": stranger.pk}, "Choose a colleague from the list."),
        ({"colleague": clinician.pk, "last_day": "soon"}, "Write a date"),
        ({"colleague": clinician.pk, "last_day": "2020-01-01"}, "That day is over."),
    ):
        answer = browser.post(page, said)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Supervision.objects.exists()
    assert browser.get(reverse("admin:accounts_user_supervised", args=[stranger.pk])).status_code == 404


def test_a_supervision_ends_only_from_the_pages_of_the_two(browser: Browser, sam: User, clinician: User) -> None:
    supervision, third = begin(sam, clinician), factories.staff()

    assert browser.post(reverse("admin:end_supervision", args=[third.pk, supervision.pk])).status_code == 404
    assert Supervision.objects.current().exists()


def test_everybody_sees_their_own_account(browser_of: Browsers, sam: User, clinician: User, editor: User) -> None:
    begin(sam, clinician, until=timezone.now() + timedelta(days=9))

    hers, his, none = (browser_of(who).get(reverse("account")).content.decode() for who in (clinician, sam, editor))

    assert "Sam Supervisor supervises you" in hers and "Until the end of" in hers
    assert "You supervise Clara Clinician" in his
    assert "Nobody supervises you" in none and "Editor" in none
    for link in ("mfa_index", "account_sessions"):
        assert reverse(link) in hers
        assert reverse("account") in browser_of(clinician).get(reverse(link)).content.decode()


def test_a_page_of_staff_costs_the_same_with_many_supervisions(
    browser: Browser, sam: User, clinician: User, queries_of: Callable[..., int]
) -> None:
    begin(sam, clinician)
    pages = [reverse("admin:accounts_user_change", args=[sam.pk]), reverse("account")]
    few = [queries_of(lambda page=page: browser.get(page)) for page in pages]
    for _ in range(15):
        begin(sam, factories.staff())

    assert [queries_of(lambda page=page: browser.get(page)) for page in pages] == few
