"""The seeds of apps and recovery codes lie in a column of allauth's; their keys come and go like any others."""

from datetime import datetime
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.urls import reverse

from practices.accounts.factors import add_authenticator_app, app_seeds, open_seed
from practices.accounts.models import User
from practices.accounts.sealed_seeds import SEEDS, SeedPlace
from practices.keys import rotate_keys
from practices.models import Clinic, ClinicKey
from practices.tenancy import inside
from practices.vault import Purpose
from practices.vault.keyring import keyring
from practices.vault.rotation import GRACE, Rotated, begin_rotation, reseal, reseal_batch
from practices.vault.sealing import NONCE
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database
from tests.harness.second_step import SEED, type_second_step, with_app

PASSWORD = "a boat is late in the harbour"
APPS, CODES = SEEDS


@pytest.fixture
def equipped(clinician: User) -> User:
    clinician.set_password(PASSWORD)
    clinician.save()
    return with_app(clinician)


def rotate_and_destroy(clinic: Clinic, at: datetime) -> Rotated:
    assert rotate_keys(clinic, Purpose.TOTP, by=None, at=at).began
    later = rotate_keys(clinic, Purpose.TOTP, by=None, at=at + 2 * GRACE, begin=False)
    keyring.forget()
    return later


def factor(kind: Authenticator.Type) -> Authenticator:
    found: Authenticator = Authenticator.objects.get(type=kind)
    return found


def test_people_sign_in_with_their_app_after_its_key_was_replaced_and_destroyed(
    north: Clinic, equipped: User, visitor: Browser, at: datetime
) -> None:
    old = north.keys.get(purpose=Purpose.TOTP)
    later = rotate_and_destroy(north, at)

    visitor.post(reverse("account_login"), {"login": "clinician@example.org", "password": PASSWORD})
    type_second_step(visitor)

    assert visitor.get(reverse("admin:queue")).status_code == 200
    assert (later.destroyed, later.waiting, later.failed) == (1, 0, {})
    assert not ClinicKey.objects.filter(pk=old.pk).exists()


def test_recovery_codes_stay_the_same(north: Clinic, equipped: User, at: datetime) -> None:
    before = open_seed(factor(CODES.type).data["seed"], user=equipped)

    rotate_and_destroy(north, at)

    assert open_seed(factor(CODES.type).data["seed"], user=equipped) == before


@pytest.mark.parametrize("place", SEEDS, ids=str)
def test_a_value_is_found_under_its_own_key_whatever_its_nonce(
    north: Clinic, equipped: User, place: SeedPlace, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = north.keys.get(purpose=Purpose.TOTP)
    for first in (0, 63, 64, 200, 255):
        nonce = bytes([first]) + bytes(NONCE.stop - NONCE.start - 1)
        monkeypatch.setattr("practices.vault.sealing.secrets.token_bytes", lambda size, nonce=nonce: nonce)
        Authenticator.objects.all().delete()
        add_authenticator_app(equipped, seed=SEED)

        assert place.under(key.pk).count() == 1 and not place.not_under(key.pk).exists()
        assert not place.under(north.pk).exists() and place.not_under(north.pk).count() == 1


def test_a_code_that_is_used_during_the_rotation_stays_used(north: Clinic, equipped: User, at: datetime) -> None:
    begin_rotation(north, Purpose.TOTP, at=at)
    keyring.forget()
    batch = CODES.values(CODES.rows())
    used = factor(CODES.type)
    used.data["used_mask"] = 5
    used.save()

    assert reseal_batch(CODES, batch, Rotated(Purpose.TOTP)) == 1

    assert factor(CODES.type).data["used_mask"] == 5


def test_an_app_that_is_set_up_anew_during_the_rotation_stays(north: Clinic, equipped: User, at: datetime) -> None:
    begin_rotation(north, Purpose.TOTP, at=at)
    keyring.forget()
    batch = APPS.values(APPS.rows())
    Authenticator.objects.all().delete()
    add_authenticator_app(equipped, seed=SEED[::-1])

    assert reseal_batch(APPS, batch, Rotated(Purpose.TOTP)) == 0

    assert app_seeds() == {equipped: SEED[::-1]}


@pytest.mark.parametrize("planted", ["JBSWY3DPEHPK3PXP", "no seed at all!", "é"])
def test_a_seed_that_does_not_open_is_named_and_stays(
    north: Clinic, equipped: User, planted: str, at: datetime
) -> None:
    Authenticator.objects.filter(type=APPS.type).update(data={"secret": planted})
    begin_rotation(north, Purpose.TOTP, at=at)
    result = Rotated(Purpose.TOTP)

    reseal(north, Purpose.TOTP, result)

    assert result.failed == {"mfa.Authenticator.data.secret": [equipped.pk]}
    assert factor(APPS.type).data == {"secret": planted}


def test_the_check_opens_seeds_and_names_whose_does_not_open(fresh_database: Database) -> None:
    with inside(fresh_database.north):
        with_app(factories.staff())
    call_command("vault_check", stdout=(fine := StringIO()))
    with inside(fresh_database.north):
        robbed, thief = factor(APPS.type), factories.staff(email="thief@example.org")
        Authenticator.objects.create(user_id=thief.pk, type=APPS.type, data=robbed.data)
    out = StringIO()

    with pytest.raises(CommandError, match=r"north mfa.Authenticator.data.secret: 1$"):
        call_command("vault_check", stdout=out)

    assert "north mfa.Authenticator.data.seed: 1 of 1 tried" in fine.getvalue()
    assert f"does not open: {thief.pk}" in out.getvalue()
