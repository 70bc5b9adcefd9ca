"""A colleague leaves: everybody they cared for is in somebody's care, and nothing of theirs opens any more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.models import CareRelation, Client, Response
from clients.models.people import clinicians_of
from clients.services.caseload import NotAClinicianError
from clients.services.handing_over import NobodyTakesOverError, OverlapError, leave
from practices.accounts.models import Invitation, Session, Supervision, User
from practices.accounts.permissions import Role
from practices.accounts.services import LastOwnerError, reactivate_staff
from practices.accounts.services.leaving import close_due, next_leaver
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic, ClinicWakeup
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers


def page_of(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/leaving/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def browser(browser_of: Browsers, owner: User) -> Browser:
    return browser_of(owner)


def test_whoever_leaves_now_hands_over_everything(
    submitted: Response, client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime
) -> None:
    leave(clinician, heirs={client_person.pk: other_clinician}, until=now, by=owner, at=now)

    clinician.refresh_from_db()
    assert not clinician.is_active
    assert list(clinicians_of(client_person)) == [other_clinician]
    assert list(Response.objects.visible_to(other_clinician).waiting()) == [submitted]
    assert not Response.objects.visible_to(clinician).exists()
    assert submitted.occurrence.assignment.assigned_by == clinician


def test_a_client_sees_the_new_name(
    submitted: Response,
    client_person: Client,
    clinician: User,
    other_clinician: User,
    owner: User,
    browser_of: Browsers,
    now: datetime,
) -> None:
    leave(clinician, heirs={client_person.pk: other_clinician}, until=now, by=owner, at=now)

    page = browser_of(client_person.user).get("/portal/seen/").content.decode()

    assert "Oscar Other" in page


def test_until_the_last_day_both_see_the_clients(
    submitted: Response,
    client_person: Client,
    clinician: User,
    other_clinician: User,
    owner: User,
    browser_of: Browsers,
    north: Clinic,
    now: datetime,
) -> None:
    kept, until = browser_of(clinician), now + timedelta(days=20)

    leave(clinician, heirs={client_person.pk: other_clinician}, until=until, by=owner, at=now)

    assert kept.get("/admin/queue/").status_code == 302
    clinician.refresh_from_db()
    assert clinician.is_active and clinician.leaves_at == until
    for colleague in (clinician, other_clinician):
        assert submitted in Response.objects.visible_to(colleague)
    assert next_leaver() == until
    assert ClinicWakeup.objects.get(clinic=north, kind__endswith="close_accounts").due_at == until


def test_on_the_last_day_the_account_closes_by_itself_once(
    client_person: Client, clinician: User, other_clinician: User, owner: User, now: datetime
) -> None:
    until = now + timedelta(days=20)
    leave(clinician, heirs={client_person.pk: other_clinician}, until=until, by=owner, at=now)

    assert [close_due(at=until + timedelta(days=days)) for days in (-1, 0, 1)] == [0, 1, 0]

    assert not User.objects.get(pk=clinician.pk).is_active
    assert AuditEvent.objects.filter(action=Action.STAFF_DEACTIVATED, subject_id=clinician.pk).count() == 1
    assert CareRelation.objects.get(clinician=clinician).ends_at == until


@pytest.mark.parametrize("heir", ["nobody", "themselves", "an editor", "somebody who leaves"])
def test_without_a_colleague_who_can_nothing_happens(
    client_person: Client, clinician: User, editor: User, owner: User, heir: str, now: datetime
) -> None:
    going = factories.staff()
    User.objects.filter(pk=going.pk).update(leaves_at=now + timedelta(days=1))
    going.refresh_from_db()
    chosen = {"themselves": clinician, "an editor": editor, "somebody who leaves": going}

    with pytest.raises((NobodyTakesOverError, NotAClinicianError)):
        heirs = {client_person.pk: chosen[heir]} if heir in chosen else {}
        leave(clinician, heirs=heirs, until=now, by=owner, at=now)

    clinician.refresh_from_db()
    assert clinician.is_active
    assert list(clinicians_of(client_person)) == [clinician]


def test_an_overlap_has_an_end(clinician: User, owner: User, now: datetime) -> None:
    with pytest.raises(OverlapError):
        leave(clinician, heirs={}, until=now + timedelta(days=61), by=owner, at=now)


def test_an_owner_who_is_leaving_does_not_count_as_one_who_stays(owner: User, now: datetime) -> None:
    second = factories.staff(Role.OWNER)
    leave(owner, heirs={}, until=now + timedelta(days=5), by=second, at=now)

    with pytest.raises(LastOwnerError):
        leave(second, heirs={}, until=now, by=owner, at=now)


def test_supervisions_end_and_their_invitations_are_taken_back(owner: User, clinician: User, now: datetime) -> None:
    leaver = factories.staff(Role.OWNER, Role.SUPERVISOR)
    supervision = factories.supervision(leaver, clinician)
    invitation = factories.invitation(by=leaver)

    leave(leaver, heirs={}, until=now, by=owner, at=now)

    assert not Supervision.objects.filter(pk=supervision.pk, ends_at=None).exists()
    assert Invitation.objects.get(pk=invitation.pk).revoked_at == now


def test_no_kept_cookie_and_no_kept_link_comes_back_to_life(
    owner: User, clinician: User, browser_of: Browsers, visitor: Browser, now: datetime
) -> None:
    clinician.set_password("a heron waits by the weir")
    clinician.save()
    cookie, link = browser_of(clinician), factories.password_path(clinician)

    leave(clinician, heirs={}, until=now, by=owner, at=now)
    session = browser_of(clinician)
    reactivate_staff(clinician, by=owner, at=now)

    for kept in (cookie, session):
        assert kept.get("/admin/queue/").status_code == 302
    assert "This link no longer works" in visitor.get(link, follow=True).content.decode()
    clinician.refresh_from_db()
    assert clinician.is_active and not clinician.check_password("a heron waits by the weir")
    assert not Session.objects.filter(user=clinician).exists()


def test_the_owner_sees_what_will_happen_and_then_it_does(
    browser: Browser, submitted: Response, client_person: Client, clinician: User, other_clinician: User
) -> None:
    factories.client(clinician, first_name="Dora")
    third = factories.staff(name="Thea Third")
    said: dict[str, Any] = {"everybody": str(other_clinician.pk), f"client-{client_person.pk}": str(third.pk)}

    asked = browser.post(page_of(clinician), said).content.decode()
    assert "Oscar Other sees 1 client from now on" in asked and "Thea Third sees 1 client" in asked
    assert User.objects.get(pk=clinician.pk).is_active

    done = browser.post(page_of(clinician), said | {"confirm": "yes"})

    assert done.status_code == 302
    assert list(clinicians_of(client_person)) == [third]
    assert not User.objects.get(pk=clinician.pk).is_active


def test_the_owner_is_told_what_is_missing(
    browser: Browser, client_person: Client, clinician: User, other_clinician: User, clock: time_machine.Traveller
) -> None:
    heir = str(other_clinician.pk)
    for said, words in (
        ({}, "No client may be left without a clinician"),
        ({"everybody": str(clinician.pk)}, "not one of the available choices"),
        ({"everybody": heir, "last_day": "2026-11-01"}, "That day is over"),
        ({"everybody": heir, "last_day": "2027-02-01"}, "within the next 60 days"),
        ({"everybody": heir, "last_day": "soon"}, "Write a date"),
    ):
        answer = browser.post(page_of(clinician), said | {"confirm": "yes"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert User.objects.get(pk=clinician.pk).is_active


def test_whoever_has_clients_stays_a_clinician(browser: Browser, client_person: Client, clinician: User) -> None:
    form = {"display_name": "Clara Clinician", "credentials": "", "roles": ["editor"]}

    answer = browser.post(f"/admin/accounts/user/{clinician.pk}/change/", form).content.decode()

    assert "Give each one to a colleague first." in answer
    assert User.objects.get(pk=clinician.pk).roles == ["clinician"]


def test_a_colleague_of_another_clinic_takes_over_nobody(
    browser: Browser, client_person: Client, clinician: User, south: Clinic
) -> None:
    with inside(south):
        stranger = factories.staff()

    said = {"everybody": str(stranger.pk), "confirm": "yes"}
    assert browser.post(page_of(clinician), said).status_code == 422
    assert browser.get(page_of(stranger)).status_code == 404


def test_the_page_costs_the_same_for_one_and_for_many(
    browser: Browser, client_person: Client, clinician: User, other_clinician: User, queries_of: Any
) -> None:
    few = queries_of(lambda: browser.get(page_of(clinician)))
    for _ in range(15):
        factories.client(clinician)

    assert queries_of(lambda: browser.get(page_of(clinician))) == few
