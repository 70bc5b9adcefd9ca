"""A colleague must step in: they say why, read for an hour, and everybody it concerns sees it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import BreakGlass
from content.models import Exercise
from practices.accounts.models import User
from practices.tenancy import inside
from tests import factories
from tests.harness.mail import Mailbox
from tests.harness.site import PHONE, Site
from tests.harness.work import eventually
from tests.journeys.conftest import CLARA, Cast

PASSWORD = "seven quiet boats at noon"
REASON = "Clara is ill, and Cleo has called twice this morning."


def test_breaking_the_glass(
    site: Site,
    cast: Cast,
    given_work: Exercise,
    open_page: Callable[..., Page],
    mailbox: Mailbox,
    worker: object,
    expected_errors: list[str],
) -> None:
    expected_errors += ["status of 404"]
    colleague = given_a_colleague_and_something_sent(site, cast, given_work)
    desk = open_page()
    site.sign_in(desk, colleague)

    when_the_colleague_says_why(desk, site)
    then_they_read_and_change_nothing(desk)
    then_clara_and_the_owner_are_told_neutrally(mailbox)
    then_clara_sees_why_and_the_owner_sees_who(open_page(), open_page(), site, cast)
    then_cleo_sees_it(open_page(PHONE), site, cast)
    when_the_hour_is_over_it_is_closed(desk, site)


def given_a_colleague_and_something_sent(site: Site, cast: Cast, work: Exercise) -> User:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with inside(site.database.north):
        given = factories.assignment(cast.cleo, by=cast.clara, exercise=factories.exercise(), at=an_hour_ago)
        factories.response(given.occurrences.get(), at=an_hour_ago)
        colleague = factories.staff(name="Oscar Other")
        colleague.set_password(PASSWORD)
        colleague.save(update_fields=["password"])
        return colleague


def when_the_colleague_says_why(desk: Page, site: Site) -> None:
    desk.goto(site.url("/admin/clients/client/"))
    expect(desk.get_by_role("link", name="Cleo Cole")).to_have_count(0)
    desk.get_by_role("link", name="A client who is not mine").click()
    desk.get_by_label("Name of the client").fill("cole")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("link", name="Cleo Cole").click()
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_label("Why must you read this client now?").fill(REASON)
    desk.get_by_role("button", name="Open for one hour").click()


def then_they_read_and_change_nothing(desk: Page) -> None:
    expect(desk.get_by_text("You opened this with a reason, until")).to_be_visible()
    expect(desk.get_by_role("link", name="Assign", exact=True)).to_have_count(1)  # the sidebar's, none for Cleo
    desk.get_by_role("link", name="Open it").first.click()
    expect(desk.get_by_text("The boat was late again.")).to_be_visible()
    expect(desk.get_by_role("button", name="Send and mark read")).to_have_count(0)


def then_clara_and_the_owner_are_told_neutrally(mailbox: Mailbox) -> None:
    def told(address: str) -> list[str]:
        return [text for text in (mail.get_content() for mail in mailbox.to(address)) if "special way in" in text]

    for address in (CLARA, "olive@example.org"):
        [text] = eventually(partial(told, address))
        assert not any(word in text for word in ("Cleo", "Oscar", "ill", REASON))


def then_clara_sees_why_and_the_owner_sees_who(clara: Page, olive: Page, site: Site, cast: Cast) -> None:
    for page, user in ((clara, cast.clara), (olive, cast.olive)):
        site.sign_in(page, user)
        page.goto(site.url("/admin/"))
        expect(page.get_by_text("Oscar Other opened Cleo Cole with a reason")).to_be_visible()
        page.get_by_role("link", name="See it").click()
        expect(page.get_by_role("row", name="Oscar Other")).to_contain_text("Cleo Cole")
    expect(clara.get_by_text(REASON)).to_be_visible()
    expect(olive.get_by_text(REASON)).to_have_count(0)


def then_cleo_sees_it(phone: Page, site: Site, cast: Cast) -> None:
    site.sign_in(phone, cast.cleo.user)
    phone.goto(site.url("/portal/seen/"))
    looks = phone.get_by_role("listitem").filter(has_text="Oscar Other")
    expect(looks).to_have_count(3)
    expect(looks.last).to_contain_text("asked to see your work for one hour, and gave a reason")
    expect(looks.first).to_contain_text("in place of your clinician, with a reason")
    expect(phone.get_by_text(REASON)).to_have_count(0)


def when_the_hour_is_over_it_is_closed(desk: Page, site: Site) -> None:
    expect(desk.get_by_text("The boat was late again.")).to_be_visible()
    over = timezone.now()
    with inside(site.database.north):
        BreakGlass.objects.update(starts_at=over - timedelta(hours=1), until=over)

    desk.reload()
    expect(desk.get_by_text("The boat was late again.")).to_have_count(0)
    desk.goto(site.url("/admin/glass/?name=cole"))
    expect(desk.get_by_role("link", name="Cleo Cole")).to_be_visible()
