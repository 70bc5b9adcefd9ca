"""The gates let through what is right, and say what is wrong."""

import sys

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import gates


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_what_passes_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(gates, "GATES", {"first": python("print('chatter')"), "second": python("")})

    call_command("gates")

    said = capsys.readouterr().out
    assert said.count("passed") == 2
    assert "chatter" not in said


def test_what_fails_is_shown_and_ends_in_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gates, "GATES", {"first": python(""), "second": python("exit('line 7 is wrong')")})

    with pytest.raises(CommandError, match="not passed: second"):
        call_command("gates")

    assert "line 7 is wrong" in capsys.readouterr().out


def test_the_deployment_is_checked_as_production(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import os; assert os.environ['PRACTICES_PROFILE'] == 'production' and os.environ['MASTER_KEY_FILE']"
    monkeypatch.setattr(gates, "GATES", {"deployment": python(program)})

    call_command("gates")
