"""One template database with two clinics in it; a copy for each worker, and more for tests that need real commits.

Migrating takes seconds, copying a fraction of one. The template's name holds a hash of everything that decides its content.
"""

import hashlib
import importlib.metadata
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url
import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

from config import env
from config.celery import app as celery_app
from config.embedded.roles import make_database
from practices.connections import connection
from practices.models import Clinic, ClinicWakeup
from practices.opening import open_clinic
from practices.tenancy import hosts, inside, migration_head
from practices.vault.keyring import keyring
from tests.harness.servers import RUNNING, WORKER

CLINICS: dict[str, dict[str, Any]] = {
    "north": {"name": "North", "timezone": "Europe/London", "country": "GB"},
    "south": {"name": "South", "timezone": "America/New_York", "country": "US"},
}
CRISIS = [{"label": "Emergency", "number": "999"}]
PREFIX = "practices_test"
# Tests run with the app's rights, so that a missing grant shows. The superuser makes databases; without servers of ours, the owner.
APP: dict[str, Any] = {**dj_database_url.parse(env.app_database_url())}
OWNER: dict[str, Any] = {**dj_database_url.parse(env.owner_database_url())}
GIVEN = bool(os.environ.get("DATABASE_URL"))
SUPERUSER = OWNER if GIVEN else {**dj_database_url.parse(env.embedded().superuser_url)}
PACKAGES = ("django", "django-tenants", "django-allauth")
# By what clinics are opened, besides the migrations.
CODE = (
    "config/embedded/roles.py",
    "practices/opening.py",
    "practices/models.py",
    "practices/migrating.py",
    "practices/snapshots.py",
    "practices/spares.py",
    "practices/database_roles.py",
    "practices/tenancy.py",
    "practices/audit/watching.py",
    "practices/vault/keyring.py",
)
fresh_numbers = count(1)


def template_name() -> str:
    """Changes with everything that decides what is in it, and with the heads that a clinic must be at to be served.

    A template whose heads are not those of the code would make every page answer 503.
    """
    digest = hashlib.sha256(settings.MASTER_KEY)
    digest.update(repr([(kind, migration_head(kind)) for kind in Clinic.Kind]).encode())
    digest.update(repr([kind["APPS"] for kind in settings.TENANT_TYPES.values()]).encode())
    files = [*settings.BASE_DIR.glob("*/migrations/*.py"), *settings.BASE_DIR.glob("*/*/migrations/*.py")]
    code = [settings.BASE_DIR / name for name in CODE]
    for file in [*sorted(files), *code, Path(__file__)]:
        digest.update(file.read_bytes())
    for package in PACKAGES:
        digest.update(importlib.metadata.version(package).encode())
    return f"{PREFIX}_template_{digest.hexdigest()[:12]}"


@contextmanager
def server(database: str = "postgres") -> Iterator[psycopg.Connection]:
    """The server itself, by the database that every server has, or one of its others."""
    wanted = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    parameters = {name: SUPERUSER[key] for name, key in wanted.items() if SUPERUSER[key]}
    with psycopg.connect(**parameters, dbname=database, autocommit=True) as session:
        yield session


def names_like(session: psycopg.Connection, pattern: str) -> list[str]:
    return [row[0] for row in session.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])]


def drop(session: psycopg.Connection, name: str) -> None:
    session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copy(session: psycopg.Connection, source: str, target: str) -> None:
    make_database(session, target, owner=OWNER["USER"], template=source)


def connect_to(name: str, *, role: dict[str, Any] = APP) -> None:
    """Every connection made from here on, in any thread, is to this database; with the app's rights, unless said otherwise."""
    connections.close_all()
    parameters = {"NAME": name, "USER": role["USER"], "PASSWORD": role["PASSWORD"]}
    connections.databases["default"].update(parameters)
    connections["default"].settings_dict.update(parameters)


@contextmanager
def owner_rights() -> Iterator[None]:
    """As the commands that migrate and open clinics. Connections are made anew, so it takes a fresh database."""
    name = str(connections["default"].settings_dict["NAME"])
    assert name.count("_") > 3, "Ask for fresh_database: here a new connection would forget what the test wrote."
    connect_to(name, role=OWNER)
    try:
        yield
    finally:
        connect_to(name)


def make_template(session: psycopg.Connection) -> str:
    """The template, made by migrating and opening two clinics and the platform if it is not there yet."""
    name = template_name()
    session.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
    try:
        if not names_like(session, name):
            unfinished = f"{name}_unfinished"
            drop(session, unfinished)
            make_database(session, unfinished, owner=OWNER["USER"])
            connect_to(unfinished, role=OWNER)
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
            open_clinic(schema_name="platform", name="Platform", host="platform.localhost", kind=Clinic.Kind.PLATFORM)
            for schema_name, details in CLINICS.items():
                open_clinic(schema_name=schema_name, host=f"{schema_name}.localhost", crisis_contacts=CRISIS, **details)
            # A test begins with nothing due.
            ClinicWakeup.objects.all().delete()
            connect_to(name)
            session.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (unfinished, name))))
    finally:
        session.execute("SELECT pg_advisory_unlock(hashtext(%s))", [PREFIX])
    return name


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """On our own server, clear away what killed runs and older migrations left behind."""
    if RUNNING not in session.config.stash or os.environ.get("DATABASE_URL"):
        return
    kept = template_name()
    with server() as admin:
        for name in names_like(admin, f"{PREFIX}_%"):
            if name != kept:
                drop(admin, name)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, testrun_uid: str
) -> Iterator[str]:
    """This worker's copy of the template; its name."""
    name = f"{PREFIX}_{testrun_uid[:8]}_{WORKER}"
    with django_db_blocker.unblock(), server() as session:
        template = make_template(session)
        drop(session, name)
        copy(session, template, name)
        connect_to(name)
    yield name
    with django_db_blocker.unblock(), server() as session:
        connections.close_all()
        drop(session, name)


def forget() -> None:
    """Nothing of one test is left in memory or in the cache for the next."""
    hosts.clear()
    keyring.forget()
    cache._cache.get_client().flushdb()  # type: ignore[attr-defined]


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    """Pictures and anchors of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    settings.ERASURES = tmp_path / "erasures.jsonl"
    return tmp_path / "media"


@pytest.fixture
def clinics(db: None, media: Path) -> Iterator[dict[str, Clinic]]:
    """Both clinics and the platform, none of them entered; whatever the test writes is rolled back."""
    forget()
    yield {clinic.schema_name: clinic for clinic in Clinic.objects.select_related("migration")}
    forget()


@pytest.fixture
def north(clinics: dict[str, Clinic]) -> Iterator[Clinic]:
    """The clinic that the test is in, from here to its end."""
    with inside(clinics["north"]) as clinic:
        yield clinic


@pytest.fixture
def south(clinics: dict[str, Clinic]) -> Clinic:
    """The other clinic. It is not entered: use `with inside(south):`."""
    return clinics["south"]


@pytest.fixture(autouse=True)
def ends_in_public() -> Iterator[None]:
    """A test that leaves its connection in a clinic would make the next one lie."""
    yield
    left_in = connection.schema_name
    connection.set_schema_to_public()
    assert left_in == "public", f"The test ended in {left_in}."


@pytest.fixture(autouse=True)
def never_flushes(request: pytest.FixtureRequest) -> None:
    """A flush would empty the registry of clinics."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        pytest.fail("Use fresh_database instead of transactional tests.", pytrace=False)


class GoneError(BaseException):
    """The process that was at work is no more; code that goes on past any error does not go on past this one."""


def gone_after(statements: int) -> Callable[..., Any]:
    """Passes so many statements on; then the connection is gone, and whatever was not committed with it."""
    left = count(statements, -1)

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if next(left) == 0:
            context["connection"].close()
            raise GoneError
        return run(sql, params, many, context)

    return execute


@dataclass(frozen=True)
class Database:
    """A database of one test's own. `environment` leads other processes to it, and to this worker's broker and cache."""

    name: str
    environment: dict[str, str]
    north: Clinic
    south: Clinic


def url_of(name: str, role: dict[str, Any]) -> str:
    user = role["USER"] + (f":{quote(role['PASSWORD'], safe='')}" if role["PASSWORD"] else "")
    port = f":{role['PORT']}" if role["PORT"] else ""
    return f"postgres://{user}@{quote(role['HOST'], safe='')}{port}/{name}"


@pytest.fixture
def fresh_database(django_db_setup: str, django_db_blocker: DjangoDbBlocker, media: Path) -> Iterator[Database]:
    """A copy of the template in which commits are real, for threads and processes as well. No clinic is entered."""
    name = f"{django_db_setup}_{next(fresh_numbers)}"
    with django_db_blocker.unblock():
        with server() as session:
            copy(session, template_name(), name)
        connect_to(name)
        forget()
        celery_app.control.purge()
        clinics = {clinic.schema_name: clinic for clinic in Clinic.objects.select_related("migration")}
        environment = os.environ | {
            "PRACTICES_PROFILE": "test",
            "DATABASE_URL": url_of(name, APP),
            "DATABASE_OWNER_URL": url_of(name, OWNER),
            "BROKER_URL": settings.CELERY_BROKER_URL,
            "CACHE_URL": settings.CACHES["default"]["LOCATION"],
            "DATA_DIRECTORY": str(media.parent),
        }
        yield Database(name, environment, clinics["north"], clinics["south"])
        forget()
        celery_app.control.purge()
        connect_to(django_db_setup)
        with server() as session:
            drop(session, name)
