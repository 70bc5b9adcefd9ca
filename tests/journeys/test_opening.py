"""A practice opens itself on a phone, and its owner sets it up; the operator looks at it."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings

from practices.accounts.permissions import Kind, Role
from practices.accounts.services import make_user
from practices.models import Clinic
from practices.outbox.models import MailKind, OutboxMail
from practices.tenancy import inside
from tests import factories
from tests.harness.databases import owner_rights
from tests.harness.site import PHONE, Site

NARROW = ViewportSize(width=320, height=700)
Check = Callable[[Page], None]


@pytest.fixture
def platform(site: Site, settings: Settings) -> Clinic:
    settings.SIGN_UP = True
    found: Clinic = Clinic.objects.get(type="platform")
    return found


def link(platform: Clinic) -> str:
    with inside(platform):
        return str(OutboxMail.objects.get(kind=MailKind.CONFIRM_CLINIC).details["path"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_practice_signs_up(
    site: Site, platform: Clinic, open_page: Callable[..., Page], axe: Check, fits: Check, scripts: bool
) -> None:
    page = open_page(PHONE, java_script_enabled=scripts)
    page.goto(site.url("/open/", platform))
    if scripts:
        axe(page)
        fits(page)
    page.get_by_label("Name of the practice").fill("Quay House")
    page.get_by_label("Address", exact=True).fill("quay-house")
    page.get_by_label("The owner’s mail address").fill("olga@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    page.goto(site.url(link(platform), platform))
    if scripts:
        axe(page)
    page.get_by_role("button", name="Open Quay House").click()
    expect(page.get_by_role("heading", name="Your practice is being opened")).to_be_visible()
    if scripts:
        axe(page)
    with owner_rights():
        call_command("open_requested")
    if not scripts:
        page.get_by_role("link", name="Look again").click()

    expect(page.get_by_role("heading", name="Your practice is open")).to_be_visible()
    page.get_by_role("link", name="quay-house.localhost").click()
    # This process may know for five seconds more that there is no such host; whoever presses again finds it.
    expect(page.get_by_role("heading", name="Quay House")).to_be_visible()


def test_an_owner_sets_the_practice_up_on_a_narrow_phone(
    site: Site, open_page: Callable[..., Page], axe: Check, fits: Check, expected_errors: list[str]
) -> None:
    expected_errors.append("422 (Unprocessable Entity)")
    north = site.database.north
    with inside(north):
        owner = factories.staff(Role.OWNER)
    page = open_page(NARROW)
    site.sign_in(page, owner)
    page.goto(site.url("/admin/overview/"))
    axe(page)
    fits(page)

    page.goto(site.url("/admin/settings/"))
    axe(page)
    fits(page)
    page.get_by_label("Telephone").fill("01632 960 001")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Everybody sees it now.")).to_be_visible()
    page.get_by_role("link", name="Crisis contacts").click()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Another row").click()
    page.get_by_label("Contact 3: who answers").fill("Night line")
    page.get_by_label("Contact 3: number to call").fill("call")
    # Enter saves, whatever other button there is.
    page.get_by_label("Contact 3: number to call").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write a telephone number")
    axe(page)
    page.get_by_label("Contact 3: number to call").fill("116 123")
    page.get_by_label("Contact 3: number to call").press("Enter")
    expect(page.get_by_text("Saved. Everybody sees it now.")).to_be_visible()

    page.goto(site.url("/contact/"))
    expect(page.get_by_text("116 123")).to_be_visible()


def test_an_operator_looks_at_a_clinic_and_checks_a_host(
    site: Site, platform: Clinic, open_page: Callable[..., Page], axe: Check, fits: Check
) -> None:
    with inside(platform):
        operator = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
    page = open_page(NARROW)
    site.sign_in(page, operator, platform)
    page.goto(site.url("/admin/practices/clinic/", platform))
    axe(page)
    fits(page)
    page.get_by_role("link", name="North").click()
    axe(page)
    fits(page)
    page.get_by_role("textbox", name="Host name").fill("portal.localhost")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Check portal.localhost").click()
    expect(page.get_by_text("It leads here, and is in use now.")).to_be_visible()
    page.get_by_role("button", name="Make primary portal.localhost").click()
    expect(page.get_by_text("Mails link to it from now on.")).to_be_visible()
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("It is suspended")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("It is open again.")).to_be_visible()
