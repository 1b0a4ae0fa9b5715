"""How a command ends in the shell: its status, and one line for an error, or JSON."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from lakebook.arguments import Parser
from lakebook.errors import InvalidRequest, MissingExtra
from lakebook_cli import agents
from lakebook_cli.ending import INTERRUPTED, REFUSED, WRONG_USE, ended, refused
from lakebook_cli.statements import main as validate_file

Work = Callable[[Namespace], int]


def fails(error: BaseException) -> Work:
    def work(_options: Namespace) -> int:
        raise error

    return work


def parser() -> Parser:
    made = Parser(prog="lakebook thing")
    made.add_argument("--json", action="store_true")
    return made


@pytest.mark.parametrize("status", [0, 1, 7])
def test_the_status_is_what_the_work_says(status: int) -> None:
    assert ended(Namespace, lambda _options: status) == status


def test_wrong_use_is_2_with_the_usage_and_no_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(lambda: parser().parse_args(["--colour"]), fails(AssertionError("worked"))) == WRONG_USE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("lakebook: ")
    assert "usage: lakebook thing" in said.err


def test_a_refusal_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = InvalidRequest("That is no table.", hint="Name one.")
    assert ended(Namespace, fails(refusal)) == REFUSED
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"lakebook: {refusal}\n")


@pytest.mark.parametrize("error", [InvalidRequest("That is no table."), ValueError("secret of the inside")])
def test_in_json_a_refusal_is_json(capsys: pytest.CaptureFixture[str], error: Exception) -> None:
    assert ended(lambda: parser().parse_args(["--json"]), fails(error)) == REFUSED
    said = capsys.readouterr()
    told = json.loads(said.out)["error"]
    assert told["message"]
    assert "secret" not in json.dumps(told)


def test_what_breaks_is_told_without_its_inside(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(Namespace, fails(ZeroDivisionError("secret of the inside"))) == REFUSED
    line = capsys.readouterr().err
    assert line.startswith("lakebook: ")
    assert "secret" not in line
    assert "Traceback" not in line


def test_an_interrupt_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(Namespace, fails(KeyboardInterrupt())) == INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_a_reader_that_left_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows goes nowhere, so that the interpreter's end does not fail on it again."""
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert ended(Namespace, fails(BrokenPipeError())) == 0
        assert os.path.sameopenfile(out.fileno(), os.open(os.devnull, os.O_WRONLY))


def test_refused_says_why_and_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    error = MissingExtra.named("A library", "mcp")
    assert refused(error, as_json=True) == REFUSED
    assert json.loads(capsys.readouterr().out) == {"error": json.loads(json.dumps(error.to_dict()))}


def test_a_file_of_statements_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert validate_file(["--file", str(tmp_path / "none.sql"), "--tables", str(tmp_path / "none")]) == REFUSED
    assert "cannot be read as text" in capsys.readouterr().err
    assert validate_file([]) == WRONG_USE
    assert "usage: lakebook validate" in capsys.readouterr().err


def test_agents_are_served_until_they_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str | None, frozenset[str]]] = []

    def serve(address: str | None, allowed: frozenset[str]) -> None:
        served.append((address, allowed))
        raise KeyboardInterrupt

    monkeypatch.setattr(agents, "_serve", serve)
    assert agents.main(["--home", "here", "--allow", "write"]) == 0
    assert served == [("here", frozenset({"read", "write"}))]
    assert agents.main(["--allow", "everything"]) == WRONG_USE
