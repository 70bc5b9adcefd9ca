"""Accounts: one owner always stays, and whoever loses a right loses their sessions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from clients.models import Client
from practices.accounts.models import Session, User
from practices.accounts.permissions import GRANTS, Act, Kind, Role, granted
from practices.accounts.services import (
    AddressTakenError,
    LastOwnerError,
    change_staff,
    deactivate_staff,
    make_user,
    reactivate_staff,
)
from practices.audit.models import Action, AuditEvent
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database

BrowserOf = Callable[..., Browser]


def with_roles(user: User, *roles: Role, by: User, at: datetime) -> None:
    change_staff(user, display_name=user.display_name, credentials="", roles=roles, by=by, at=at)


def test_an_address_is_taken_once_however_it_is_written(owner: User) -> None:
    with pytest.raises(AddressTakenError):
        make_user(email="OWNER@example.org ", display_name="Another", kind=Kind.CLIENT)


def test_the_same_address_may_have_an_account_at_each_clinic(owner: User, south: Clinic) -> None:
    with inside(south):
        assert factories.staff(email="owner@example.org").pk != owner.pk


def test_the_last_owner_can_neither_go_nor_stop_being_owner(owner: User, clinician: User, at: datetime) -> None:
    with pytest.raises(LastOwnerError):
        deactivate_staff(owner, by=owner, at=at)
    with pytest.raises(LastOwnerError):
        with_roles(owner, Role.CLINICIAN, by=owner, at=at)

    with_roles(clinician, Role.CLINICIAN, Role.OWNER, by=owner, at=at)
    deactivate_staff(owner, by=clinician, at=at)
    with pytest.raises(LastOwnerError):
        deactivate_staff(clinician, by=clinician, at=at)


def test_a_closed_account_is_no_owner(owner: User, clinician: User, at: datetime) -> None:
    with_roles(clinician, Role.OWNER, by=owner, at=at)
    deactivate_staff(clinician, by=owner, at=at)

    with pytest.raises(LastOwnerError):
        deactivate_staff(owner, by=owner, at=at)


def test_two_owners_who_go_at_once_leave_one(fresh_database: Database, at: datetime) -> None:
    with inside(fresh_database.north):
        owners = [factories.staff(Role.OWNER), factories.staff(Role.OWNER)]
    together = Barrier(2)

    def go(owner: User) -> bool:
        try:
            with inside(fresh_database.north):
                together.wait()
                deactivate_staff(owner, by=owner, at=at)
                return True
        except LastOwnerError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(go, owners)) == [False, True]


def test_two_owners_who_step_down_at_once_leave_one(fresh_database: Database, at: datetime) -> None:
    with inside(fresh_database.north):
        owners = [factories.staff(Role.OWNER), factories.staff(Role.OWNER)]
    together = Barrier(2)

    def step_down(owner: User) -> bool:
        try:
            with inside(fresh_database.north):
                together.wait()
                with_roles(owner, Role.EDITOR, by=owner, at=at)
                return True
        except LastOwnerError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(step_down, owners)) == [False, True]


def test_new_roles_are_told_in_a_mail_that_names_none(owner: User, clinician: User, at: datetime) -> None:
    change_staff(clinician, display_name="Clara Cole", credentials="", roles=clinician.roles, by=owner, at=at)
    assert not OutboxMail.objects.exists()

    with_roles(clinician, Role.CLINICIAN, Role.EDITOR, by=owner, at=at)

    mail = OutboxMail.objects.get(kind=MailKind.ROLES_CHANGED)
    assert mail.details == {"to": "clinician@example.org", "path": "/start/", "code": ""}


def test_closing_an_account_ends_its_sessions_for_good(
    owner: User, clinician: User, at: datetime, browser_of: BrowserOf
) -> None:
    browser, other = browser_of(clinician), browser_of(owner)
    assert browser.get("/admin/queue/").status_code == 200

    deactivate_staff(clinician, by=owner, at=at)
    assert not Session.objects.filter(user_id=clinician.pk).exists()
    assert browser.get("/admin/queue/").status_code == 302

    reactivate_staff(clinician, by=owner, at=at)
    assert browser.get("/admin/queue/").status_code == 302
    assert other.get("/admin/overview/").status_code == 200


def test_a_session_written_while_the_account_was_closed_is_not_revived(
    owner: User, clinician: User, at: datetime, browser_of: BrowserOf
) -> None:
    deactivate_staff(clinician, by=owner, at=at)
    late = browser_of(clinician)

    reactivate_staff(clinician, by=owner, at=at)

    assert late.get("/admin/queue/").status_code == 302


def test_new_roles_end_sessions_a_new_name_does_not(
    owner: User, clinician: User, at: datetime, browser_of: BrowserOf
) -> None:
    browser = browser_of(clinician)

    change_staff(clinician, display_name="Clara Cole", credentials="", roles=clinician.roles, by=owner, at=at)
    assert browser.get("/admin/queue/").status_code == 200

    with_roles(clinician, Role.CLINICIAN, Role.EDITOR, by=owner, at=at)
    assert browser.get("/admin/queue/").status_code == 302
    assert not Session.objects.filter(user_id=clinician.pk).exists()


def test_what_happens_to_accounts_is_recorded(owner: User, clinician: User, at: datetime) -> None:
    with_roles(clinician, Role.EDITOR, by=owner, at=at)
    deactivate_staff(clinician, by=owner, at=at)
    reactivate_staff(clinician, by=owner, at=at)

    events = AuditEvent.objects.filter(subject_id=clinician.pk, actor=owner.pk).order_by("pk")
    assert list(events.values_list("action", flat=True)) == [
        Action.STAFF_CHANGED,
        Action.STAFF_DEACTIVATED,
        Action.STAFF_REACTIVATED,
    ]


@pytest.mark.parametrize(
    "fields",
    [{"roles": ["captain"]}, {"roles": []}, {"kind": "client"}, {"kind": "ghost", "roles": []}],
    ids=["unknown role", "staff without role", "client with role", "unknown kind"],
)
def test_roles_that_make_no_sense_are_refused_by_the_database(clinician: User, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=clinician.pk).update(**fields)


def test_nobody_who_does_not_care_for_clients_may_read_what_they_wrote() -> None:
    assert {holder for holder, acts in GRANTS.items() if Act.READ_RESPONSES in acts} == {Role.CLINICIAN}
    assert granted(Kind.CLIENT, []) == {Act.USE_PORTAL}
    assert granted(Kind.OPERATOR, []) == {Act.MANAGE_PLATFORM}


def test_a_closed_account_may_nothing(client_person: Client) -> None:
    client_person.user.is_active = False

    assert not client_person.user.may(Act.USE_PORTAL)


def test_django_s_own_permissions_open_nothing(owner: User) -> None:
    assert not owner.has_perm("auth.add_group")
    assert not owner.has_module_perms("auth")
    assert str(owner) == f"User {owner.pk}"
