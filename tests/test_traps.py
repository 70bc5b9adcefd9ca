"""The table of traps names lines that close them and tests that say so; `make traps` sees those tests fail."""

import ast

import pytest

from tests.traps import PROJECT, TRAPS, Trap


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_what_closes_a_trap_is_where_the_table_says(trap: Trap) -> None:
    assert trap.closed in (PROJECT / trap.file).read_text()
    assert trap.closed != trap.opened


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_test_of_a_trap_is_there(trap: Trap) -> None:
    file, name = trap.test.split("::")
    functions = {
        node.name for node in ast.parse((PROJECT / file).read_text()).body if isinstance(node, ast.FunctionDef)
    }

    assert name in functions
