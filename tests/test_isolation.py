"""Two clinics in one database: nothing of one is of any use, or even visible, at the other."""

from collections.abc import Callable
from typing import cast

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import Client as AnyBrowser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Response
from content.models import Article
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.middleware import ClinicMiddleware
from practices.migrating import migrate_clinic, migrate_clinics
from practices.models import Clinic, ClinicMigration, CrossedClinicError
from practices.opening import open_clinic
from practices.tenancy import (
    ClinicUnavailableError,
    current_clinic,
    hosts,
    in_clinic,
    inside,
    leave_clinic,
    migration_head,
)
from tests import factories
from tests.harness.browsers import Browser
from tests.harness.databases import Database, owner_rights, server

MOST_TABLES, MOST_INDEXES = 60, 250
BrowserOf = Callable[..., Browser]


def get(host: str, path: str = "/") -> HttpResponse:
    response = AnyBrowser(headers={"host": host}).get(path)
    leave_clinic()
    return cast(HttpResponse, response)


def rows(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def tables_of(schema: str) -> set[object]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)}


@pytest.mark.parametrize(
    "host", ["north.localhost", "NORTH.localhost", "north.localhost.", "north.localhost:8000", "North.LocalHost.:80"]
)
def test_a_host_leads_to_its_clinic_however_it_is_written(clinics: dict[str, Clinic], host: str) -> None:
    response = get(host)

    assert response.status_code == 200
    assert b"North" in response.content


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "www.north.localhost",
        "north.localhost.example.org",
        "north",
        "[::1]",
        "a b",
        "public.localhost",
    ],
)
def test_any_other_host_does_not_exist(clinics: dict[str, Clinic], host: str) -> None:
    assert get(host).status_code == 404


@pytest.mark.parametrize("status", sorted(set(Clinic.Status) - {Clinic.Status.OPEN}))
def test_a_clinic_at_rest_answers_503_and_the_other_goes_on(clinics: dict[str, Clinic], status: str) -> None:
    Clinic.objects.filter(schema_name="north").update(status=status, closing_since=timezone.now())
    hosts.clear()

    response = get("north.localhost")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert get("south.localhost").status_code == 200


@pytest.mark.parametrize("ledger", [{"head": "older"}, {"state": ClinicMigration.State.FAILED}])
def test_a_clinic_that_is_not_migrated_answers_503(clinics: dict[str, Clinic], ledger: dict[str, str]) -> None:
    ClinicMigration.objects.filter(clinic=clinics["north"]).update(**ledger)
    hosts.clear()

    assert get("north.localhost").status_code == 503
    with pytest.raises(ClinicUnavailableError), in_clinic(clinics["north"].pk):
        pass


@pytest.mark.parametrize(
    ("before", "state", "served"), [("ours", "done", True), ("ours", "failed", False), ("older", "done", False)]
)
def test_a_clinic_that_is_ready_for_the_next_release_is_served_by_this_one(
    clinics: dict[str, Clinic], before: str, state: str, served: bool
) -> None:
    ours = migration_head(Clinic.Kind.CLINIC)
    ledger = {"head": "of the next release", "before": ours if before == "ours" else before, "state": state}
    ClinicMigration.objects.filter(clinic=clinics["north"]).update(**ledger)
    hosts.clear()

    assert (get("north.localhost").status_code == 200) == served
    if served:
        with in_clinic(clinics["north"].pk):
            pass


@pytest.mark.parametrize("clinic", ["north", "", None, "00000000-0000-0000-0000-000000000000"])
def test_a_task_cannot_enter_what_is_no_clinic(clinics: dict[str, Clinic], clinic: str) -> None:
    with pytest.raises(ClinicUnavailableError), in_clinic(clinic):
        pass

    with pytest.raises(ClinicUnavailableError):
        current_clinic()


def test_a_request_that_fails_leaves_the_next_one_in_its_own_clinic(clinics: dict[str, Clinic]) -> None:
    def fail(request: object) -> HttpResponse:
        raise ZeroDivisionError

    request = RequestFactory(headers={"host": "north.localhost"}).get("/")
    with pytest.raises(ZeroDivisionError):
        ClinicMiddleware(fail)(request)  # type: ignore[arg-type]

    assert b"South" in get("south.localhost").content


def test_each_clinic_sees_its_own_people(north: Clinic, south: Clinic, client_person: Client) -> None:
    with inside(south):
        assert not User.objects.exists()
        assert not Client.objects.exists()
        twin = factories.client(email="cleo@example.org")

    assert Client.objects.get() == client_person != twin


def test_ids_of_one_clinic_are_404_at_the_other(
    submitted: Response, article: Article, south: Clinic, client_person: Client
) -> None:
    with inside(south):
        everything = factories.staff(Role.OWNER, Role.CLINICIAN, Role.EDITOR, Role.FRONT_DESK)
        user = factories.client(everything).user
    staff, portal = Browser(south).sign_in(everything), Browser(south).sign_in(user)

    for name, pk in (("response", submitted.pk), ("client", client_person.pk)):
        assert staff.get(reverse(f"admin:{name}", kwargs={"pk": pk})).status_code == 404
    for name, pk in (("response", submitted.pk), ("work", submitted.occurrence_id)):
        assert portal.get(reverse(f"portal:{name}", kwargs={"pk": pk})).status_code == 404
    assert Browser(south).get(article.get_absolute_url()).status_code == 404


def test_a_row_loaded_in_one_clinic_is_never_written_into_another(
    north: Clinic, south: Clinic, client_person: Client
) -> None:
    loaded = Client.objects.get()

    with inside(south):
        for act in (loaded.save, loaded.delete, client_person.save):
            with pytest.raises(CrossedClinicError):
                act()
        assert not Client.objects.exists()


def test_public_pages_are_cached_for_each_clinic(north: Clinic, south: Clinic) -> None:
    first = {clinic: Browser(clinic).get("/").content for clinic in (north, south)}
    again = {clinic: Browser(clinic).get("/").content for clinic in (north, south)}

    assert first == again
    assert b"North" in again[north] and b"South" in again[south]


def test_a_cached_value_belongs_to_its_clinic(north: Clinic, south: Clinic) -> None:
    cache.set("greeting", "from north")

    with inside(south):
        assert cache.get("greeting") is None
    assert cache.get("greeting") == "from north"


def test_the_search_path_follows_even_when_a_savepoint_is_undone(north: Clinic, south: Clinic, owner: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), inside(south):
        assert not User.objects.exists()
        raise ZeroDivisionError

    assert User.objects.get() == owner
    assert rows("SHOW search_path") == [("north, public",)]


def test_in_public_there_are_no_people(clinics: dict[str, Clinic]) -> None:
    with pytest.raises(Exception, match=r"accounts_user\" does not exist"), transaction.atomic():
        User.objects.exists()


def test_no_table_name_is_in_public_and_in_a_clinic(clinics: dict[str, Clinic]) -> None:
    shared = tables_of("public") - {"django_migrations"}

    assert shared
    for schema in ("north", "south", "platform"):
        assert tables_of(schema) & shared == set()


def test_no_foreign_key_leaves_a_clinic(clinics: dict[str, Clinic]) -> None:
    statement = """
        SELECT conrelid::regclass::text FROM pg_constraint
        JOIN pg_class here ON here.oid = conrelid JOIN pg_class there ON there.oid = confrelid
        WHERE contype = 'f' AND here.relnamespace <> there.relnamespace
    """
    assert rows(statement) == []


def test_a_clinic_stays_within_its_budget_of_tables_and_indexes(clinics: dict[str, Clinic]) -> None:
    [(indexes,)] = rows("SELECT count(*) FROM pg_indexes WHERE schemaname = 'north'")

    assert len(tables_of("north")) <= MOST_TABLES
    assert int(str(indexes)) <= MOST_INDEXES


def test_both_clinics_have_the_same_tables_columns_and_triggers(clinics: dict[str, Clinic]) -> None:
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = %s"
    triggers = "SELECT event_object_table, trigger_name FROM information_schema.triggers WHERE trigger_schema = %s"

    for statement in (columns, triggers):
        assert sorted(map(str, rows(statement, "north"))) == sorted(map(str, rows(statement, "south")))


def test_a_broken_clinic_does_not_stop_the_migration_of_the_others(fresh_database: Database) -> None:
    north, south = fresh_database.north, fresh_database.south
    ClinicMigration.objects.update(head="older")
    with server(fresh_database.name) as session:
        session.execute("DELETE FROM north.django_migrations WHERE app = 'clients'")

    with owner_rights():
        results = {result.clinic: result for result in migrate_clinics()}

    assert "already exists" in results[north].error
    assert results[south].error == ""
    hosts.clear()
    assert (get("north.localhost").status_code, get("south.localhost").status_code) == (503, 200)
    assert not migrate_clinic(south).ran


def test_opening_a_clinic_again_finishes_what_was_begun(fresh_database: Database) -> None:
    Clinic.objects.filter(pk=fresh_database.north.pk).update(status=Clinic.Status.PROVISIONING)

    with owner_rights():
        opened = open_clinic(schema_name="north", name="Another name", host="north.localhost")

    assert (opened, opened.status, opened.name) == (fresh_database.north, Clinic.Status.OPEN, "North")


def test_a_body_larger_than_any_picture_is_not_read(clinics: dict[str, Clinic]) -> None:
    """Django limits fields, not files: without a limit of ours anybody could fill the disk."""
    size = {"CONTENT_LENGTH": str(20 * 2**20 + 1)}

    response = Browser(clinics["north"]).post("/accounts/login/", {"login": "x"}, **size)

    assert response.status_code == 413


def test_a_database_that_is_away_is_503(clinics: dict[str, Clinic], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(host: str) -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr(hosts, "_look_up", away)

    assert get("north.localhost").status_code == 503
