"""A value that does not open closes the page that needs it, with words and an alarm; vault_check finds it."""

import json
import logging
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from clients.models import Client, Response
from practices.accounts.models import User
from practices.models import Clinic, ClinicKey
from practices.tenancy import inside
from practices.vault import VaultError
from practices.vault.fields import Sealed
from practices.vault.keyring import keyring
from practices.vault.master import LocalMasterKey, hooked
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database


def damage(client: Client) -> None:
    value = bytearray(Client.objects.values_list("contact", flat=True).get(pk=client.pk))
    value[-1] ^= 1
    Client.objects.filter(pk=client.pk).update(contact=Sealed(value))


def test_with_another_master_key_a_page_answers_503_in_words_and_raises_an_alarm(
    north: Clinic, submitted: Response, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    client = submitted.occurrence.assignment.client
    browser = Browser(north).sign_in(client.user)
    path = f"/portal/occurrences/{submitted.occurrence.pk}/"
    assert browser.get(path, follow=True).status_code == 200
    settings.MASTER_KEY = bytes(32)
    keyring.forget()

    with caplog.at_level(logging.CRITICAL):
        answer = browser.get(path, follow=True)

    assert answer.status_code == 503
    assert "can’t be opened just now" in answer.content.decode()
    assert "boat" not in answer.content.decode()
    alarms = [entry.getMessage() for entry in caplog.records if entry.levelno == logging.CRITICAL]
    assert len(alarms) == 1 and str(submitted.pk) in alarms[0] and "boat" not in alarms[0]
    assert Browser(north).get("/").status_code == 200


def check(*options: str) -> dict[str, dict[str, object]]:
    """What the command found, by clinic and column; it may end with an error."""
    out = StringIO()
    try:
        call_command("vault_check", "--json", *options, stdout=out)
    except CommandError as error:
        assert "Not everything opens" in str(error)
    return {f"{one['clinic']} {one['column']}": one for one in json.loads(out.getvalue())["columns"]}


def test_the_check_opens_what_is_there(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        factories.client(factories.staff())
    out = StringIO()

    call_command("vault_check", stdout=out)

    assert "north accounts.User.email: 2 of 2 tried" in out.getvalue()
    assert "south accounts.User.email_index: 0 of 0 tried" in out.getvalue()


def test_the_check_names_what_does_not_open_by_its_id_only(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        clinician = factories.staff()
        client = factories.client(clinician)
        damage(client)
        User.objects.filter(pk=clinician.pk).update(email_index=bytes(32))
    ClinicKey.objects.filter(clinic=fresh_database.south, purpose="files").update(wrapped=bytes(60))
    broken = ClinicKey.objects.get(clinic=fresh_database.south, purpose="files")

    with pytest.raises(CommandError, match=r"(?s)north clients.Client.contact: 1\n.*south keys: 1"):
        call_command("vault_check", stdout=StringIO())
    found = check("--all")

    assert found["north clients.Client.contact"]["failed"] == [str(client.pk)]
    assert found["north accounts.User.email_index"]["failed"] == [str(clinician.pk)]
    assert found["north accounts.User.email"]["failed"] == []
    assert found["south keys"]["failed"] == [str(broken.pk)]
    assert "example.org" not in json.dumps(found)


# ── A key service in place of the file ──


class Service(LocalMasterKey):
    """What an operator might write."""

    def __init__(self) -> None:
        super().__init__(bytes(range(32)))


class Away:
    def wrap(self, key: bytes, context: bytes) -> bytes:
        raise ConnectionError("token abc was refused")

    unwrap = wrap


class Careless:
    def wrap(self, key: bytes, context: bytes) -> bytes:
        return key

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return b""


class Lacking:
    pass


def test_a_key_service_wraps_and_opens_keys() -> None:
    service = hooked(f"{__name__}.Service")
    wrapped = service.wrap(bytes(32), b"here")

    assert service.unwrap(wrapped, b"here") == bytes(32)
    with pytest.raises(VaultError):
        service.unwrap(wrapped, b"elsewhere")


@pytest.mark.parametrize(("name", "words"), [("Away", "did not open"), ("Careless", "no data key")])
def test_a_key_service_that_fails_is_told_of_in_our_words(name: str, words: str) -> None:
    with pytest.raises(VaultError, match=words) as caught:
        hooked(f"{__name__}.{name}").unwrap(b"", b"")

    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("operators.kms.Nothing", "can't be imported"),
        (f"{__name__}.Lacking", "lacks wrap"),
        ("json.loads", "can't be made"),
    ],
)
def test_a_key_service_that_is_none_is_refused_at_the_start(path: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        hooked(path)


def test_pages_work_with_a_key_service(fresh_database: Database, settings: Settings) -> None:
    ClinicKey.objects.all().delete()
    settings.MASTER_KEY_HOOK = f"{__name__}.Service"
    keyring.forget()
    call_command("migrate_clinics")

    with inside(fresh_database.north):
        assert factories.staff(email="kim@example.org").email == "kim@example.org"
