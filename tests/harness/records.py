"""A fixed cast at north, and the work that one of its clients was given."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from clients.models import Assignment, Client, Occurrence, Response
from content.models import Article, Exercise
from practices.accounts.models import User
from practices.accounts.permissions import Role
from practices.models import Clinic
from tests import factories


@pytest.fixture
def at() -> datetime:
    return factories.AT


@pytest.fixture
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """The process's clock stands at `at`; `clock.shift(timedelta)` moves it. The database's own goes on."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(north: Clinic) -> User:
    return factories.staff(Role.OWNER, name="Olive Owner", email="owner@example.org")


@pytest.fixture
def clinician(north: Clinic) -> User:
    return factories.staff(Role.CLINICIAN, name="Clara Clinician", email="clinician@example.org")


@pytest.fixture
def other_clinician(north: Clinic) -> User:
    return factories.staff(Role.CLINICIAN, name="Oscar Other", email="other.clinician@example.org")


@pytest.fixture
def supervisor(clinician: User) -> User:
    """Supervises the clinician, and nobody else."""
    made = factories.staff(Role.SUPERVISOR, name="Sam Supervisor", email="supervisor@example.org")
    factories.supervision(made, clinician)
    return made


@pytest.fixture
def editor(north: Clinic) -> User:
    return factories.staff(Role.EDITOR, name="Edith Editor", email="editor@example.org")


@pytest.fixture
def front_desk(north: Clinic) -> User:
    return factories.staff(Role.FRONT_DESK, name="Fred Desk", email="front.desk@example.org")


@pytest.fixture
def client_person(clinician: User) -> Client:
    """In the clinician's care."""
    return factories.client(clinician, first_name="Cleo", email="cleo@example.org")


@pytest.fixture
def other_client(other_clinician: User) -> Client:
    """In the other clinician's care."""
    return factories.client(other_clinician, first_name="Otto", email="otto@example.org")


@pytest.fixture
def exercise(clinician: User) -> Exercise:
    return factories.exercise(by=clinician)


@pytest.fixture
def article(editor: User) -> Article:
    return factories.article(by=editor)


@pytest.fixture
def assignment(client_person: Client, clinician: User, exercise: Exercise) -> Assignment:
    return factories.assignment(client_person, by=clinician, exercise=exercise)


@pytest.fixture
def occurrence(assignment: Assignment) -> Occurrence:
    """Open since `at`, nothing written yet."""
    return assignment.occurrences.get()


@pytest.fixture
def draft(occurrence: Occurrence) -> Response:
    return factories.draft(occurrence)


@pytest.fixture
def submitted(occurrence: Occurrence) -> Response:
    return factories.response(occurrence)
