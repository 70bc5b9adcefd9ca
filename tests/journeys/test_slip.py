"""A client without mail at hand is given a slip of paper: the camera of their phone reads the way in from it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.services.caseload import add_client
from practices.tenancy import inside
from tests.harness.mail import Mailbox
from tests.harness.site import PHONE, Site
from tests.journeys.conftest import Cast
from tests.journeys.signing_in import code_for

NIA = "nia@example.org"


def test_a_scanned_slip_leads_in(
    site: Site,
    cast: Cast,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    worker: object,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
) -> None:
    desk, phone = open_page(), open_page(PHONE)
    with inside(site.database.north):
        nia = add_client(
            email="", first_name="Nia", last_name="New", clinician=cast.clara, by=cast.clara, at=timezone.now()
        )
    site.sign_in(desk, cast.clara)
    desk.goto(site.url(f"/admin/clients/client/{nia.pk}/page/"))
    desk.get_by_role("button", name="Print a slip").click()
    axe(desk)
    fits(desk)
    expect(desk.get_by_role("img", name="The address and the code as a picture")).to_be_visible()
    code = desk.locator(".slip-code").inner_text()

    phone.goto(site.url(f"/portal/slip/#{code}"))
    expect(phone.get_by_label("The code on your slip")).to_have_value(code)
    assert urlsplit(phone.url).fragment == ""
    axe(phone)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Your email address").fill(NIA)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Code", exact=True).fill(code_for(NIA, mailbox))
    with phone.expect_navigation(url="**/portal/**"):
        phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("link", name="Today")).to_be_visible()
