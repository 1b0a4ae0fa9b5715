"""The README says what is so: its commands parse, its doors are there, its links lead somewhere."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook import client
from lakebook.verb import Verb
from lakebook.verbs import BY_NAME, VERBS
from lakebook_cli.main import parser

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAGICS = {verb.magic.split()[0] for verb in VERBS if verb.magic} | {"%%sql", "%lake"}


def blocks() -> Iterator[str]:
    """The text of each fenced block."""
    yield from re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def shell_commands() -> list[str]:
    """Every `lakebook …` command of the README, without its remark."""
    lines = (line.partition("  #")[0].strip() for block in blocks() for line in block.splitlines())
    return [part.strip() for line in lines for part in line.split("&&") if part.strip().startswith("lakebook ")]


def table_rows() -> list[list[str]]:
    """The rows of the table of doors: what, cell, Python, REST."""
    rows = [
        line.strip("|").split(" | ") for line in README.splitlines() if line.startswith("| ") and line.count("|") == 5
    ]
    return [[field.strip(" |") for field in row] for row in rows if row[0].strip() not in ("", "---")]


@pytest.mark.parametrize("command", shell_commands())
def test_each_command_is_one_that_the_shell_takes(command: str) -> None:
    options = vars(parser().parse_args(shlex.split(command)[1:]))
    assert isinstance(options["verb"], Verb)


def test_the_tour_in_the_shell_uses_every_step() -> None:
    said = [command.split()[1] for command in shell_commands()]
    assert said == ["demo", "ingest", "profile", "ask", "ingest", "train", "predict", "schedule", "publish", "stream"]


def test_every_magic_that_is_named_exists() -> None:
    named = set(re.findall(r"`(%%?[a-z_]+)", README)) - {"%load_ext"}
    assert named
    assert named <= MAGICS


def test_every_python_call_is_a_verb_or_a_method() -> None:
    names = set(re.findall(r"\blb\.(\w+)\(", README))
    verbs = {name.partition(".")[0] for name in BY_NAME}
    assert {"ingest", "ask", "train", "table"} <= names
    assert names <= verbs | {name for name in dir(client.Lakebook) if not name.startswith("_")}


def test_every_rest_address_is_a_verbs() -> None:
    addresses = set()
    for *_, rest in table_rows():
        found = re.findall(r"(GET|POST|PATCH|DELETE) (?:…|/lakebook/api/v1)(/[\w/]+)", rest)
        assert found, rest
        addresses |= set(found)
    known = {(verb.method, re.sub(r"\{dataset\}", "orders", verb.path)) for verb in VERBS} | {("POST", "/uploads")}
    assert addresses <= known


def test_the_table_of_doors_covers_the_tour() -> None:
    assert [row[0] for row in table_rows()] == [
        "drop", "profile", "ask", "query", "train", "predict", "run", "schedule", "publish", "look",
    ]  # fmt: skip


def test_the_python_block_is_python() -> None:
    code = next(block for block in blocks() if "import lakebook" in block)
    assert ast.parse(code).body


def test_its_links_and_folders_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    folders = re.findall(r"`([a-z_]+/(?:[a-z_]+/)?)`", README)
    assert "LICENSE" in links
    assert "notebooks/" in folders
    for name in [*links, *folders]:
        assert (ROOT / name).exists(), name


def test_it_begins_with_one_picture_and_the_two_commands() -> None:
    head = README.splitlines()[:20]
    assert head[0] == "# lakebook"
    assert head[2].startswith("![")
    assert README.count("![") == 1
    assert any(line.startswith("make lab") for line in head)
    assert any(line.startswith("make test") for line in head)


def test_it_speaks_calmly() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|!\[", "", README, flags=re.DOTALL)
    assert "!" not in prose
    assert not re.search(r"successfully|blazing|powerful|seamless|revolution|easy|simply", prose, re.IGNORECASE)
