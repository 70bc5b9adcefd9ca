"""Every address that only the platform's host has: who gets what. A new address needs a new line."""

from typing import Any

import pytest
from django.urls import get_resolver, reverse
from pytest_django import Settings

from practices.accounts.models import User
from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.console.models import OpeningRequest
from practices.identifiers import new_id
from practices.models import Clinic, Domain
from practices.tenancy import inside
from tests import factories
from tests.harness.addresses import asked, names
from tests.harness.browsers import Browser
from tests.test_access_matrix import outcome

# The visitor; somebody with every role of a clinic's, whose account is at the platform by mistake; the operator.
ACTORS = ("visitor", "staff", "operator")
TABLE = """
GET  sign_up                                    ok   ok   ok
POST sign_up                                    422  422  422
GET  sign_up_sent                               ok   ok   ok
GET  sign_up_confirm                            404  404  404
POST sign_up_confirm                            404  404  404
GET  platform:index                             in   in   go
GET  platform:login                             in   ok   go
GET  platform:logout                            go   go   ok
GET  platform:password_change                   in   in   go
GET  platform:password_change_done              in   in   go
GET  platform:autocomplete                      in   in   no
GET  platform:jsi18n                            in   in   ok
GET  platform:app_list                          in   in   go
GET  platform:practices_clinic_changelist       in   in   ok
GET  platform:practices_clinic_add              in   in   no
GET  platform:practices_clinic_change           in   in   go
GET  platform:practices_clinic_history          in   in   ok
GET  platform:practices_clinic_delete           in   in   no
GET  platform:open_clinic                       in   in   ok
POST platform:open_clinic                       in   in   422
GET  platform:clinic                            in   in   ok
GET  platform:rename_clinic                     in   in   405
POST platform:rename_clinic                     in   in   422
GET  platform:rest_clinic                       in   in   405
POST platform:rest_clinic                       in   in   404
GET  platform:hold_clinic                       in   in   405
POST platform:hold_clinic                       in   in   422
GET  platform:open_again                        in   in   405
POST platform:open_again                        in   in   go
GET  platform:new_host                          in   in   405
POST platform:new_host                          in   in   422
GET  platform:host                              in   in   405
POST platform:host                              in   in   go
"""


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return [(method, name, tuple(cells)) for method, name, *cells in lines]


@pytest.fixture
def platform(clinics: dict[str, Clinic], settings: Settings) -> Clinic:
    settings.SIGN_UP = True
    return clinics["platform"]


@pytest.fixture
def actors(platform: Clinic) -> dict[str, User | None]:
    with inside(platform):
        operator = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
        return {"visitor": None, "staff": factories.staff(*Role), "operator": operator}


def address_of(name: str, clinic: Clinic) -> str:
    arguments: dict[str, Any] = {}
    if name == "platform:host":
        [domain] = Domain.objects.filter(tenant=clinic)
        arguments = {"pk": clinic.pk, "number": domain.pk, "act": "remove"}
    elif name == "sign_up_confirm":
        arguments = {"token": "no-token"}
    elif name == "platform:app_list":
        arguments = {"app_label": "practices"}
    elif name.startswith("platform:practices_clinic_") and not name.endswith(("_changelist", "_add")):
        arguments = {"object_id": clinic.pk}
    elif name.startswith("platform:") and name.rpartition(":")[2] in CONSOLE:
        arguments = {"pk": clinic.pk}
    return reverse(name, urlconf="config.urls_platform", kwargs=arguments)


CONSOLE = {"clinic", "rename_clinic", "rest_clinic", "hold_clinic", "open_again", "new_host"}


def test_every_address_is_in_the_table() -> None:
    here, at_clinics = set(names(get_resolver("config.urls_platform"))), set(names(get_resolver("config.urls")))

    assert {name for _, name, _ in rows()} == here - at_clinics


@pytest.mark.parametrize("actor", ACTORS)
def test_each_person_gets_what_the_table_says(
    platform: Clinic, clinics: dict[str, Clinic], actors: dict[str, User | None], actor: str
) -> None:
    user = actors[actor]
    browser = Browser(platform).sign_in(user) if user else Browser(platform)

    found = {}
    with inside(platform):
        for method, name, _ in rows():
            found[method, name] = outcome(asked(browser, method, address_of(name, clinics["north"])))

    assert found == {(method, name): cells[ACTORS.index(actor)] for method, name, cells in rows()}


def test_the_owner_of_a_clinic_is_nobody_here(platform: Clinic, north: Clinic) -> None:
    stranger = Browser(north).sign_in(factories.staff(*Role))

    for method, name, cells in rows():
        answer = asked(stranger, method, address_of(name, north), headers={"host": "platform.localhost"})
        assert outcome(answer) == cells[0], name


def test_no_clinic_has_these_addresses(platform: Clinic, north: Clinic) -> None:
    owner = Browser(north).sign_in(factories.staff(*Role))

    for _, name, _ in rows():
        address = address_of(name, north)
        if not address.startswith("/admin/") or "clinic" in address:
            assert owner.get(address).status_code == 404, address


def test_a_clinic_that_is_not_there_and_the_platform_itself_are_404(
    platform: Clinic, actors: dict[str, User | None]
) -> None:
    operator = actors["operator"]
    assert operator
    browser = Browser(platform).sign_in(operator)

    for pk in (new_id(), platform.pk):
        assert browser.get(f"/admin/clinics/{pk}/").status_code == 404
        assert browser.post(f"/admin/clinics/{pk}/rest/", {"act": "suspend"}).status_code == 404


def test_nobody_signs_up_where_that_is_off(platform: Clinic, settings: Settings) -> None:
    settings.SIGN_UP = False

    for address in ("/open/", "/open/sent/", "/open/some-token/"):
        assert Browser(platform).get(address).status_code == 404
        assert Browser(platform).post(address).status_code in (404, 405)
    with inside(platform):
        assert not OpeningRequest.objects.exists()
