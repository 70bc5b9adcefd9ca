"""Everybody asks for every address of a clinic, and gets what `access_table.py` says."""

from typing import Any
from uuid import UUID

import pytest
from django.urls import get_resolver

from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from practices.tenancy import inside
from tests import factories
from tests.access_table import ACTORS, rows
from tests.harness.addresses import address_of, asked, names
from tests.harness.browsers import Browser

REFUSED = {"in", "no", "401", "404", "405"}
# Addresses that are made with something else than the id of a row, and one whose GET gives nothing but a fresh token.
NOBODYS = {
    "account_reset_password_from_key",
    "admin:app_list",
    "admin:content_exercise_library_copy",
    "admin:content_exercise_library_entry",
    "admin:export_file",
    "admin:weekly_look",
    "archive_month",
    "archive_year",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "portal:draft",
    "theme",
}


def outcome(response: Any) -> str:
    if response.status_code in (301, 302):
        return "in" if "/login/" in response["Location"] else "go"
    words = {200: "ok", 403: "no"}
    return words.get(response.status_code, str(response.status_code))


def told(browser: Browser, method: str, name: str, arguments: dict[str, dict[str, Any]], host: str = "") -> str:
    headers = {"host": host} if host else {}
    return outcome(asked(browser, method, address_of(name, arguments), headers=headers))


def test_every_address_is_in_the_table() -> None:
    addresses = set(names(get_resolver("config.urls")))
    lines = [(method, name) for method, name, _ in rows()]
    table = {name for _, name in lines}

    assert len(lines) == len(set(lines))
    assert addresses - table == set()
    assert table - addresses == set()


@pytest.mark.parametrize("actor", ACTORS)
def test_each_person_gets_what_the_table_says(
    north: Clinic, actor: str, actors: dict[str, User | None], arguments: dict[str, dict[str, Any]]
) -> None:
    user = actors[actor]
    browser = Browser(north).sign_in(user) if user else Browser(north)

    found = {(method, name): told(browser, method, name, arguments) for method, name, _ in rows()}

    assert found == {(method, name): cells[actor] for method, name, cells in rows()}


def test_the_session_of_another_clinic_is_worth_nothing(
    north: Clinic, south: Clinic, arguments: dict[str, dict[str, Any]]
) -> None:
    with inside(south):
        stranger = factories.staff(Role.OWNER, Role.CLINICIAN)

    browser = Browser(south).sign_in(stranger)

    found = {
        (method, name): told(browser, method, name, arguments, host="north.localhost") for method, name, _ in rows()
    }

    assert found == {(method, name): cells["visitor"] for method, name, cells in rows()}


@pytest.mark.parametrize("actor", ACTORS)
def test_a_post_opens_nothing_that_a_get_does_not(
    north: Clinic, actor: str, actors: dict[str, User | None], arguments: dict[str, dict[str, Any]]
) -> None:
    """For the addresses without a line for POST: whoever may not read may not write either."""
    posts = {name for method, name, _ in rows() if method == "POST"}
    closed = [name for _, name, cells in rows() if name not in posts and cells[actor] in REFUSED]
    user = actors[actor]
    browser = Browser(north).sign_in(user) if user else Browser(north)

    found = {name: told(browser, "POST", name, arguments) for name in closed}

    assert {name: answer for name, answer in found.items() if answer not in REFUSED} == {}


def test_what_belongs_to_another_clinic_is_not_there(
    north: Clinic, south: Clinic, arguments: dict[str, dict[str, Any]]
) -> None:
    """Everybody's rights together, and a client, at their own host with the ids of somebody else's rows."""
    with inside(south):
        staff = factories.staff(*Role)
        client = factories.client(staff).user
    browsers = [Browser(south).sign_in(staff).confirm(staff), Browser(south).sign_in(client)]

    for browser in browsers:
        found = {
            (method, name): told(browser, method, name, arguments)
            for method, name, _ in rows()
            if name in arguments and name not in NOBODYS
        }
        assert {row: answer for row, answer in found.items() if answer not in REFUSED} == {}


def test_what_another_clinic_would_answer_is_its_own(arguments: dict[str, dict[str, Any]]) -> None:
    """The addresses that are exempt above name nobody's rows."""
    for name in NOBODYS - {"portal:draft"}:
        assert not any(isinstance(value, UUID) for value in arguments.get(name, {}).values())
