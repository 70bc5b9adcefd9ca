"""Bringing clinics to a release: those at the head cost nothing, and one that fails stops no other."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.migrating import migrate_clinics
from practices.models import Clinic, ClinicMigration
from practices.opening import open_clinic
from practices.spares import fill_pool
from practices.tenancy import inside, is_migrated
from tests.harness.databases import Database, owner_rights, server

# A schema that lost the note of one migration, but not what it did, can't be migrated.
SPOIL = "DELETE FROM {}.django_migrations WHERE app = 'clients'"


def behind(fresh: Database, *schema_names: str) -> None:
    """These clinics are of an older release, and can't be brought to this one."""
    ClinicMigration.objects.filter(clinic__schema_name__in=schema_names).update(head="older")
    with server(fresh.name) as session:
        for name in schema_names:
            session.execute(SPOIL.format(name))


def run(fresh: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate_clinics", *arguments]
    return subprocess.run(command, env=fresh.environment, capture_output=True, text=True, check=False, timeout=60)


def test_clinics_at_the_head_cost_no_query_each(fresh_database: Database) -> None:
    with owner_rights(), CaptureQueriesContext(connection) as few:
        list(migrate_clinics())
    with owner_rights():
        list(fill_pool(5))
        for number in range(5):
            open_clinic(schema_name=f"more_{number}", name="More", host=f"more-{number}.localhost")

    with owner_rights(), CaptureQueriesContext(connection) as many:
        results = list(migrate_clinics())

    assert len(results) == 8
    assert not any(result.ran or result.error for result in results)
    assert len(many) == len(few)


def test_of_ten_clinics_two_that_are_bad_stop_none_of_the_others(
    fresh_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner_rights():
        list(fill_pool(7))
        for number in range(7):
            open_clinic(schema_name=f"more_{number}", name="More", host=f"more-{number}.localhost")
        ClinicMigration.objects.update(head="older")
        behind(fresh_database, "more_1", "more_5")

        with pytest.raises(CommandError, match=r"2 not migrated: more_1, more_5\. Mend the cause and run this again\."):
            call_command("migrate_clinics", json=True)

        said = json.loads(capsys.readouterr().out)
        states = dict(ClinicMigration.objects.values_list("clinic__schema_name", "state"))

    assert len(said["migrated_in_seconds"]) == 10
    assert set(said["failed"]) == {name for name, state in states.items() if state == "failed"} == {"more_1", "more_5"}


def test_when_the_first_one_fails_no_other_is_tried(fresh_database: Database) -> None:
    ClinicMigration.objects.update(head="older")
    behind(fresh_database, "south")

    with owner_rights(), pytest.raises(CommandError, match=r"1 not migrated: south.* No other was tried"):
        call_command("migrate_clinics", canary="south")

    assert ClinicMigration.objects.get(clinic=fresh_database.north).head == "older"


def test_when_the_first_one_is_well_the_others_follow(fresh_database: Database) -> None:
    ClinicMigration.objects.update(head="older")

    with owner_rights():
        call_command("migrate_clinics", canary="south")

    assert all(is_migrated(clinic) for clinic in Clinic.objects.select_related("migration"))


def test_the_ledger_says_which_release_came_before_however_often_it_was_tried(fresh_database: Database) -> None:
    ClinicMigration.objects.update(head="of the release before")
    behind(fresh_database, "south")
    with owner_rights():
        for _ in range(2):
            with pytest.raises(CommandError):
                call_command("migrate_clinics")

    ledger = {
        row.clinic.schema_name: (row.before, row.state) for row in ClinicMigration.objects.select_related("clinic")
    }
    assert ledger["north"] == ("of the release before", "done")
    assert ledger["south"] == ("older", "failed")


def test_side_by_side_comes_to_the_same_and_says_how_far_it_is(fresh_database: Database) -> None:
    ClinicMigration.objects.update(head="older")
    behind(fresh_database, "south")

    done = run(fresh_database, "--jobs", "2")

    assert done.returncode == 1
    assert "of 3 north: migrated in" in done.stdout
    assert "1 not migrated: south." in done.stderr
    with inside(fresh_database.north), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clients_client")
    assert is_migrated(Clinic.objects.select_related("migration").get(schema_name="north"))


@pytest.mark.parametrize("arguments", [["--jobs", "0"], ["--jobs", "33"], ["--canary", "nowhere"]])
def test_what_cannot_be_meant_is_refused(fresh_database: Database, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("migrate_clinics", *arguments)
