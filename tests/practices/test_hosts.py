"""Host names that lead to a clinic: in use only once they were seen to lead here."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from pytest_django import Settings

from practices.accounts.models import User
from practices.accounts.permissions import Kind
from practices.accounts.services import make_user
from practices.archives.restoring import domains_back
from practices.audit.models import Action, AuditEvent
from practices.console.names import plain_host, schema_name_of, validate_label
from practices.models import Clinic, Domain
from practices.tenancy import HOST_CHECK, clinic_origin, hosts, inside
from tests.harness.browsers import Browser
from tests.harness.databases import owner_rights
from tests.harness.site import Site

NEW = "portal.localhost"


@pytest.fixture
def platform(clinics: dict[str, Clinic]) -> Clinic:
    return clinics["platform"]


@pytest.fixture
def console(platform: Clinic) -> Browser:
    with inside(platform):
        operator: User = make_user(email="operator@example.org", display_name="Operator", kind=Kind.OPERATOR)
    return Browser(platform).sign_in(operator)


@pytest.fixture
def act(console: Browser, clinics: dict[str, Clinic]) -> Callable[..., str]:
    """`act("check")` presses the button beside the host, and gives the page that follows."""

    def act(what: str, host: str = NEW) -> str:
        page = f"/admin/clinics/{clinics['north'].pk}/hosts/"
        form = {"host": host} if what == "add" else {}
        number = "" if what == "add" else f"{Domain.objects.get(domain=host).pk}/{what}/"
        answer = str(console.post(f"{page}{number}", form, follow=True).content.decode())
        hosts.clear()  # which the commit would do
        return answer

    return act


def get(host: str, path: str = "/") -> tuple[int, str]:
    response = Browser(Clinic.objects.get(schema_name="north")).get(path, headers={"host": host})
    return response.status_code, response.content.decode()


def test_a_host_is_not_in_use_before_it_was_checked_and_says_only_its_token(act: Callable[..., str]) -> None:
    page = act("add")

    token = Domain.objects.get(domain=NEW).token
    assert "Not in use before it was checked" in page
    assert len(token) >= 32
    assert get(NEW)[0] == 404
    assert get(NEW, HOST_CHECK) == (200, token)
    assert "Check portal.localhost first" in act("primary")


def test_no_other_host_answers_to_a_check(act: Callable[..., str]) -> None:
    act("add")

    assert get("north.localhost", HOST_CHECK)[0] == 404
    assert get("nobody.localhost", HOST_CHECK)[0] == 404


def test_a_checked_host_can_be_primary_and_then_not_be_removed(
    act: Callable[..., str], clinics: dict[str, Clinic], platform: Clinic
) -> None:
    act("add")
    Domain.objects.filter(domain=NEW).update(token="")
    hosts.clear()

    act("primary")

    assert get(NEW)[0] == 200
    assert clinic_origin(clinics["north"]).startswith("http://portal.localhost")
    assert Domain.objects.filter(tenant=clinics["north"], is_primary=True).count() == 1
    assert "Make another one primary first" in act("remove")
    act("remove", "north.localhost")
    assert get("north.localhost")[0] == 404
    with inside(platform):
        actions = AuditEvent.objects.filter(action__startswith="host ").order_by("pk").values_list("action", flat=True)
        assert list(actions) == [Action.HOST_ADDED, Action.HOST_MADE_PRIMARY, Action.HOST_REMOVED]


def test_a_host_has_one_clinic(act: Callable[..., str]) -> None:
    assert "already leads to a clinic" in act("add", "south.localhost")
    assert "already leads to a clinic" in act("add", "north.localhost")


def test_a_host_of_another_clinic_is_out_of_reach(console: Browser, clinics: dict[str, Clinic]) -> None:
    theirs = Domain.objects.get(domain="south.localhost")

    response = console.post(f"/admin/clinics/{clinics['north'].pk}/hosts/{theirs.pk}/remove/")

    assert response.status_code == 404
    assert Domain.objects.filter(pk=theirs.pk).exists()


def test_the_check_asks_the_host_itself(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with owner_rights():
        call_command("clinic_host", "north", "add", NEW)
        call_command("clinic_host", "north", "check", NEW)
        call_command("clinic_host", "north", "primary", NEW, json=True)

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"host": NEW, "primary": True, "checked": True} in said["hosts"]


class Elsewhere(BaseHTTPRequestHandler):
    """Some other server: says hello to everybody, or leads on to ours."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello" * 1000)

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not worth a line."""


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.PORT = server.server_port
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def test_another_server_is_not_taken_for_ours(act: Callable[..., str], elsewhere: None) -> None:
    act("add")

    assert "Another server answers at portal.localhost" in act("check")
    assert Domain.objects.get(domain=NEW).token


def test_nothing_that_answers_is_said(act: Callable[..., str], settings: Settings) -> None:
    settings.PORT = 1
    act("add")

    assert "Nothing answers at portal.localhost" in act("check")


def test_the_command_says_what_is_wrong(fresh_database: object) -> None:
    with owner_rights():
        with pytest.raises(CommandError, match="was not added"):
            call_command("clinic_host", "north", "check", "nobody.example.org")
        with pytest.raises(CommandError, match="Write a host name"):
            call_command("clinic_host", "north", "add", "no host")


def test_a_primary_host_must_have_been_checked(clinics: dict[str, Clinic]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(domain="north.localhost").update(token="x")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Portal.Example.ORG.", "portal.example.org"),
        (" a-b.example ", "a-b.example"),
        ("grün.example.org", "xn--grn-ioa.example.org"),
    ],
)
def test_a_host_is_kept_as_browsers_send_it(written: str, kept: str) -> None:
    assert plain_host(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        *("", "portal", "127.0.0.1", "[::1]", "a..b", "-a.example", "a_b.example", "a.example:80", "a.example/x"),
        *("user@a.example", "a" * 64 + ".example", "a." * 130 + "example", "a.1", "a.example\n"[:-1] + " b"),
    ],
)
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        plain_host(written)


def test_two_labels_are_never_one_schema() -> None:
    for label in ("quay-house", "quayhouse", "q-1"):
        validate_label(label)
    assert schema_name_of("quay-house") == "quay_house"
    with pytest.raises(ValidationError):
        validate_label("quay_house")


def test_an_archive_brings_a_host_back_no_more_checked_than_it_was(clinics: dict[str, Clinic]) -> None:
    north = clinics["north"]

    domains_back(north, [Domain(domain="old.example.org", token="t"), Domain(domain="used.example.org")])

    assert dict(north.domains.values_list("domain", "token")) == {
        "north.localhost": "",
        "old.example.org": "t",
        "used.example.org": "",
    }
