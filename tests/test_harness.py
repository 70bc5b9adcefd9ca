"""The harness itself: what a test starts from, and what it leaves behind."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page

from clients.models import Client, Occurrence, Response
from practices.accounts.models import User
from practices.connections import connection
from practices.models import Clinic
from practices.outbox.models import MailKind
from practices.outbox.services import queue_mail
from practices.tenancy import current_clinic, inside
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database
from tests.harness.lints import MissingTokenError, UndefinedVariableError, check_forms
from tests.harness.mail import Mailbox
from tests.harness.site import Site, Watch
from tests.harness.work import eventually


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_begins_with_two_empty_clinics(north: Clinic, south: Clinic, run: int) -> None:
    assert current_clinic() == north
    assert (north.timezone, south.timezone) == ("Europe/London", "America/New_York")
    for clinic in (north, south):
        with inside(clinic):
            assert User.objects.count() == 0
            factories.staff()


def test_the_cast_and_its_work(submitted: Response, client_person: Client, occurrence: Occurrence) -> None:
    assert submitted.answers == factories.ANSWERS
    assert submitted.occurrence == occurrence
    assert occurrence.assignment.client == client_person


def test_a_browser_leaves_the_test_in_its_clinic(north: Clinic, south: Clinic) -> None:
    response = Browser(south).get("/healthz")

    assert response.status_code == 200
    assert connection.schema_name == "north"


@pytest.mark.parametrize("run", [1, 2])
def test_a_fresh_database_keeps_commits_to_itself(fresh_database: Database, run: int) -> None:
    with inside(fresh_database.north):
        assert User.objects.count() == 0
        factories.staff()


def test_an_undefined_variable_in_our_template_is_an_error() -> None:
    with pytest.raises(UndefinedVariableError, match=r"name in /practices/templates/practices/parts/avatar\.html"):
        render_to_string("practices/parts/avatar.html", {})


def test_a_form_that_posts_without_a_token_is_an_error() -> None:
    page = HttpResponse('<form method="get"></form><form method="post" action="/send/"><input name="a"></form>')

    with pytest.raises(MissingTokenError, match="/send/"):
        check_forms(page)


def test_a_mail_goes_through_the_outbox_the_broker_and_a_worker(
    fresh_database: Database, mailbox: Mailbox, worker: object
) -> None:
    with inside(fresh_database.north):
        queue_mail(MailKind.SOMETHING_WAITS, to="cleo@example.org", path="/portal/", at=timezone.now())

    [mail] = eventually(lambda: mailbox.to("cleo@example.org"))
    assert "http://north.localhost:" in mail.get_content()


def test_a_browser_sees_the_whole_site(
    site: Site, phone: Page, axe: Callable[[Page], None], fits: Callable[[Page], None]
) -> None:
    phone.goto(site.url("/accounts/login/"))

    assert phone.get_by_label("Password", exact=True).is_visible()
    axe(phone)
    fits(phone)


def test_a_foreign_request_is_noticed(site: Site, desktop: Page, expected_errors: list[str]) -> None:
    expected_errors += ["asked a foreign host: https://example.org/", "violates"]
    watched = Watch()
    watched.on(desktop)

    desktop.goto(site.url("/accounts/login/"))
    desktop.evaluate("fetch('https://example.org/').catch(() => null)")

    assert watched.complaints
