"""The owner's side of invitations: from the list of staff they are sent, sent again, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import Role
from practices.accounts.services import deactivate_staff
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.harness.browsers import Browser, Browsers
from tests.practices.inviting import INES, invite, path_to


def test_the_owner_invites_from_the_list(browser_of: Browsers, owner: User) -> None:
    browser = browser_of(owner)

    answer = browser.post("/admin/accounts/user/invite/", {"address": INES, "roles": ["clinician", "owner"]})

    assert answer.status_code == 302
    assert Invitation.objects.get().roles == ["clinician", "owner"]
    page = browser.get("/admin/accounts/user/").content.decode()
    assert INES in page and "Olive Owner" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": "clinician@example.org"}, "already has this mail address"),
        ({"address": "editor@example.org"}, "Open their account again instead"),
        ({"address": "invited@example.org"}, "was invited already"),
        ({"address": "nobody"}, "valid email address"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["operator"]}, "not one of the available choices"),
    ],
)
def test_whom_the_owner_can_not_invite_is_said(
    browser_of: Browsers, owner: User, clinician: User, editor: User, changes: dict[str, Any], words: str
) -> None:
    factories.invitation(email="invited@example.org")
    deactivate_staff(editor, by=owner, at=timezone.now())

    answer = browser_of(owner).post("/admin/accounts/user/invite/", {"address": INES, "roles": ["editor"]} | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_the_owner_sends_again_and_takes_back(browser_of: Browsers, owner: User, visitor: Browser) -> None:
    browser, invitation = browser_of(owner), invite()
    address = f"/admin/accounts/user/invitations/{invitation.pk}"
    old = path_to()

    assert "Sent again" in browser.post(f"{address}/resend/", follow=True).content.decode()
    assert visitor.get(old).status_code == 404
    assert "Taken back" in browser.post(f"{address}/revoke/", follow=True).content.decode()
    assert visitor.get(path_to()).status_code == 410
    assert "used or taken back meanwhile" in browser.post(f"{address}/resend/", follow=True).content.decode()


def test_invitations_of_another_clinic_are_not_there(browser_of: Browsers, owner: User, south: Clinic) -> None:
    with inside(south):
        theirs = factories.invitation()

    for act in ("resend", "revoke"):
        assert browser_of(owner).post(f"/admin/accounts/user/invitations/{theirs.pk}/{act}/").status_code == 404


def test_invitations_cost_the_list_the_same_for_one_and_for_many(
    browser_of: Browsers, owner: User, queries_of: Callable[..., int]
) -> None:
    browser = browser_of(owner)
    factories.invitation(by=owner)
    few = queries_of(lambda: browser.get("/admin/accounts/user/"))
    for _ in range(20):
        factories.invitation(by=factories.staff(Role.OWNER))

    assert queries_of(lambda: browser.get("/admin/accounts/user/")) == few
