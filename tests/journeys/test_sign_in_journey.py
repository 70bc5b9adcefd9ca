"""A new clinician sets up the second step, adds a passkey, and from then on signs in with it alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from practices.accounts.models import Session, User
from practices.tenancy import inside
from tests.harness.second_step import app_code
from tests.harness.site import Site
from tests.journeys.conftest import CLARA, Cast

PASSWORD = "seven quiet boats at noon"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_new_clinician_sets_up_a_second_step_and_signs_in_with_a_passkey(
    site: Site, cast: Cast, desktop: Page, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    given_clara_has_chosen_a_password(site, cast)
    given_her_computer_can_make_passkeys(desktop)

    when_she_types_her_password(desktop, site)
    axe(desktop)
    fits(desktop)
    when_she_sets_up_the_app(desktop)
    axe(desktop)
    when_she_goes_on_to_her_desk(desktop)
    when_she_adds_a_passkey(desktop, site)
    axe(desktop)
    when_she_signs_out_and_in_with_the_passkey(desktop, site)

    expect(desktop.get_by_role("heading", level=1)).to_have_text("Review queue")
    with inside(site.database.north):
        assert Session.objects.filter(user_id=cast.clara.pk).count() == 1


def given_clara_has_chosen_a_password(site: Site, cast: Cast) -> None:
    with inside(site.database.north):
        clara = User.objects.get(pk=cast.clara.pk)
        clara.set_password(PASSWORD)
        clara.save(update_fields=["password"])


def given_her_computer_can_make_passkeys(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def when_she_types_her_password(page: Page, site: Site) -> None:
    page.goto(site.url("/accounts/login/"))
    door = page.get_by_role("region", name="I work here")
    door.get_by_label("Email").fill(CLARA)
    door.get_by_label("Password").fill(PASSWORD)
    door.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step, this once")


def when_she_sets_up_the_app(page: Page) -> None:
    seed = page.locator(".key-text").inner_text().replace(" ", "")
    page.get_by_label("The six digits that the app shows").fill(app_code(seed=seed))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)


def when_she_goes_on_to_her_desk(page: Page) -> None:
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review queue")


def when_she_adds_a_passkey(page: Page, site: Site) -> None:
    page.goto(site.url("/accounts/ways-in/"))
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("My computer")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("My computer")).to_be_visible()


def when_she_signs_out_and_in_with_the_passkey(page: Page, site: Site) -> None:
    page.goto(site.url("/admin/queue/"))
    page.get_by_role("button", name="Log out").click()
    page.goto(site.url("/accounts/login/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/queue/")
