"""The tables of states: they are whole, they are drawn, and the services do what they say and nothing else."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from clients.models import Assignment, Occurrence, Response, SafetyAlert
from clients.services.alerts import acknowledge_alert
from clients.services.answering import OccurrenceClosedError, put_off, save_draft, submit_response
from clients.services.assigning import withdraw_work
from clients.states import (
    MACHINES,
    OCCURRENCE,
    UNFINISHED,
    Machine,
    Move,
    OccurrenceState,
    StateError,
    drawn,
)
from practices.accounts.models import User
from practices.identifiers import new_id
from tests import factories
from tests.factories import AT

SERVICES = sorted((settings.BASE_DIR / "clients/services").glob("*.py"))
LATER = AT + timedelta(hours=1)
every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


def test_the_drawing_in_the_docs_is_that_of_the_tables() -> None:
    assert (settings.BASE_DIR / "docs/states.md").read_text() == drawn(), "Run manage.py draw_states."


def test_each_move_is_a_service() -> None:
    made = {
        node.name for file in SERVICES for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)
    }

    assert {move.value for move in Move} - made == set()


@every_machine
def test_each_state_is_named_and_can_be_reached(machine: Machine) -> None:
    named = {state for rule in machine.rules.values() for state in (*rule.before, *filter(None, [rule.after]))}
    reached = {rule.after for rule in machine.rules.values() if rule.after}

    assert named == reached == set(machine.reasons) == set(type(next(iter(machine.reasons))))


@every_machine
def test_from_each_state_only_what_the_table_says_can_be_done(machine: Machine) -> None:
    for move, state in product(machine.rules, machine.reasons):
        rule = machine.rules[move]
        if machine.may(move, state):
            assert machine.after(move, state) == (rule.after or state)
        else:
            assert state not in rule.before
            with pytest.raises(StateError, match=machine.reasons[state]):
                machine.check(move, state)


def test_what_is_unfinished_can_still_be_sent_or_taken_back() -> None:
    assert OCCURRENCE.before(Move.SUBMIT) == OCCURRENCE.before(Move.WITHDRAW) == UNFINISHED
    assert [machine.final for machine in MACHINES] == [
        ("withdrawn",),
        ("submitted", "withdrawn"),
        ("submitted",),
        ("acknowledged",),
    ]


def in_state(occurrence: Occurrence, state: str) -> Occurrence:
    """As if it had come there."""
    if state != OccurrenceState.OPEN:
        factories.draft(occurrence)
    sent = AT if state == OccurrenceState.SUBMITTED else None
    Occurrence.objects.filter(pk=occurrence.pk).update(state=state, submitted_at=sent)
    return Occurrence.objects.select_related("assignment__client__user", "assignment__version").get(pk=occurrence.pk)


def save(occurrence: Occurrence, by: User) -> None:
    version = Response.objects.filter(occurrence=occurrence).values_list("version", flat=True).first() or 0
    save_draft(occurrence, answers={"words": "Rain."}, kept=(), expected_version=version, at=LATER)


def send(occurrence: Occurrence, by: User) -> None:
    response, _ = Response.objects.get_or_create(
        occurrence=occurrence, defaults={"answers": factories.ANSWERS, "kept": {}, "saved_at": AT}
    )
    submit_response(response, request_id=new_id(), by=occurrence.assignment.client.user, at=LATER)


SERVICE: dict[Move, Callable[[Occurrence, User], Any]] = {
    Move.SAVE: save,
    Move.PUT_OFF: lambda occurrence, _: put_off(occurrence, reason=Occurrence.NotNow.LATER, at=LATER),
    Move.SUBMIT: send,
    Move.WITHDRAW: lambda occurrence, by: withdraw_work(occurrence.assignment, by=by, at=LATER),
}


@pytest.mark.parametrize("state", OccurrenceState)
@pytest.mark.parametrize("move", SERVICE)
def test_a_service_does_with_an_occurrence_what_the_table_says(
    occurrence: Occurrence, clinician: User, move: Move, state: OccurrenceState
) -> None:
    given = in_state(occurrence, state)
    begins = move is Move.SAVE and state == OccurrenceState.OPEN

    try:
        SERVICE[move](given, clinician)
    except OccurrenceClosedError as error:
        assert str(error) == OCCURRENCE.reasons[state]
        refused = True
    else:
        refused = False

    given.refresh_from_db()
    may = OCCURRENCE.may(move, state)
    assert given.state == (OccurrenceState.STARTED if begins else OCCURRENCE.after(move, state) if may else state)
    # Taking back what was sent takes back the rest of the assignment: it is not refused, and changes nothing here.
    assert refused is not may or move is Move.WITHDRAW


def test_an_alert_is_acknowledged_once(occurrence: Occurrence, clinician: User, other_clinician: User) -> None:
    alert = factories.response(occurrence, answers=factories.ANSWERS | {"safe": "no"}).alert
    assert alert.state == "raised"

    acknowledge_alert(alert, by=clinician, at=AT)
    acknowledge_alert(alert, by=other_clinician, at=LATER)

    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == ("acknowledged", clinician, AT)
    assert list(SafetyAlert.objects.standing(["acknowledged"])) == [alert]
    assert not SafetyAlert.objects.standing(["raised"]).exists()


def test_an_assignment_that_was_taken_back_stands_as_such(assignment: Assignment, clinician: User) -> None:
    assert list(Assignment.objects.standing(["given"])) == [assignment]

    withdraw_work(assignment, by=clinician, at=LATER)

    assignment.refresh_from_db()
    assert assignment.state == "withdrawn"
    assert list(Assignment.objects.standing(["withdrawn"])) == [assignment]
    assert not Assignment.objects.standing(["given"]).exists()


def written_states(file: Path) -> Iterator[int]:
    """The lines in which a state is written by hand."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".update", ".create")):
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "state")
        if isinstance(node, ast.Assign) and not ast.unparse(node.value).split("(")[0].endswith(".after"):
            targets = [ast.unparse(target) for target in node.targets]
            yield from (node.lineno for target in targets if target.endswith(".state"))


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_no_service_writes_a_state_that_the_tables_do_not_give(file: Path) -> None:
    assert list(written_states(file)) == []
