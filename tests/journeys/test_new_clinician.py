"""The owner invites; a new clinician makes her account, sets up the second step, and from then on signs in with a passkey."""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from practices.accounts.models import Session, User
from practices.accounts.permissions import Role
from practices.tenancy import inside
from tests.harness.mail import Mailbox
from tests.harness.second_step import app_code
from tests.harness.site import Site
from tests.journeys.conftest import Cast
from tests.journeys.signing_in import link_for

NINA, PASSWORD = "nina@example.org", "seven quiet boats at noon"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_new_clinician_is_invited_sets_up_a_second_step_and_signs_in_with_a_passkey(
    site: Site,
    cast: Cast,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    worker: object,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    expected_errors: list[str],
) -> None:
    expected_errors.append("status of 410")
    olive, nina = open_page(), open_page()
    given_her_computer_can_make_passkeys(nina)

    when_the_owner_invites_her(olive, site, cast, axe)
    when_she_makes_her_account(nina, link_for(NINA, mailbox), axe, fits)
    then_the_link_works_no_more(open_page(), link_for(NINA, mailbox))
    when_she_types_her_password(nina, site)
    axe(nina)
    fits(nina)
    when_she_sets_up_the_app(nina)
    axe(nina)
    when_she_goes_on_to_her_desk(nina)
    when_she_adds_a_passkey(nina, site)
    axe(nina)
    when_she_signs_out_and_in_with_the_passkey(nina, site)

    expect(nina.get_by_role("heading", level=1)).to_have_text("Review queue")
    then_the_owner_sees_her_among_the_staff(olive, site)
    with inside(site.database.north):
        made = User.objects.by_email(NINA).get()
        assert (made.display_name, made.credentials, made.roles) == ("Nina New", "LMFT", [Role.CLINICIAN])
        assert made.photo
        assert Session.objects.filter(user_id=made.pk).count() == 1


def when_the_owner_invites_her(page: Page, site: Site, cast: Cast, axe: Callable[[Page], None]) -> None:
    site.sign_in(page, cast.olive)
    page.goto(site.url("/admin/accounts/user/"))
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Their mail address").fill(NINA)
    expect(page.get_by_role("checkbox", name="Clinician:")).to_be_checked()
    axe(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Invited. A link to make their account is on its way to them.")).to_be_visible()
    expect(page.get_by_text(NINA, exact=True)).to_be_visible()


def when_she_makes_her_account(
    page: Page, link: str, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to North")
    axe(page)
    fits(page)
    page.get_by_label("Your name").fill("Nina New")
    page.get_by_label("Your credentials, if you have any").fill("LMFT")
    page.get_by_label("A photo of you, if you like").set_input_files(a_photo())
    page.get_by_label("A password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("region", name="I work here")).to_be_visible()


def a_photo() -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(file, "PNG")
    return FilePayload(name="nina.png", mimeType="image/png", buffer=file.getvalue())


def then_the_link_works_no_more(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_label("Your name")).to_have_count(0)
    page.context.close()


def given_her_computer_can_make_passkeys(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def when_she_types_her_password(page: Page, site: Site) -> None:
    if "/accounts/login/" not in page.url:
        page.goto(site.url("/accounts/login/"))
    door = page.get_by_role("region", name="I work here")
    door.get_by_label("Email").fill(NINA)
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


def then_the_owner_sees_her_among_the_staff(page: Page, site: Site) -> None:
    page.goto(site.url("/admin/accounts/user/"))
    row = page.get_by_role("row").filter(has_text="Nina New")
    for said in ("LMFT", "Clinician", "App, Passkey"):
        expect(row.get_by_role("cell", name=said, exact=True)).to_be_visible()
