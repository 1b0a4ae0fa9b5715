"""The shell's door in this process: every verb in text and JSON, exit status 0, 1 and 2, one line for an error."""

from __future__ import annotations

import json
import types
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

import lakebook
from lakebook.errors import JobCancelled
from lakebook.runtime import Runtime
from lakebook.verb import Positional, Result, Verb
from lakebook.verbs import BY_NAME, VERBS
from lakebook_cli.main import main

STAMP = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)


def made_up(kind: type[BaseModel]) -> Any:
    """A value of this model, its required fields filled by their types."""
    required = {name: field for name, field in kind.model_fields.items() if field.is_required()}
    return kind.model_validate({name: value_of(field.annotation) for name, field in required.items()})


def value_of(annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin in (Union, types.UnionType):
        return value_of(get_args(annotation)[0])
    if origin is tuple:
        return [value_of(inner) for inner in get_args(annotation)]
    if origin is list:
        inner = get_args(annotation)[0]
        return [made_up(inner)] if isinstance(inner, type) and issubclass(inner, BaseModel) else []
    if origin is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return made_up(annotation)
    return {str: STAMP.isoformat(), int: 7, float: 0.5, bool: True, datetime: STAMP}.get(annotation)


# A model is said here; any other word would be a file's name.
SAID = {"document": "{}"}


def words_for(verb: Verb) -> list[str]:
    """The least words that the verb takes; what a verb can do besides is an option of it."""
    group, _, member = verb.name.partition(".")
    words = [group, f"--{member}"] if group in BY_NAME and member else verb.name.split(".")
    for name, field in verb.request.model_fields.items():
        if field.is_required():
            positional = any(isinstance(mark, Positional) for mark in field.metadata)
            word = get_args(field.annotation)[0] if get_origin(field.annotation) is Literal else SAID.get(name, "x")
            words += [word] if positional else [f"--{name.replace('_', '-')}", word]
    return words


class Place:
    """A place that answers every verb with a result made up for it, or raises."""

    def __init__(self, error: BaseException | None = None, result: Any = None) -> None:
        self.address, self.error, self.result = "here", error, result
        self.asked: list[tuple[str, dict[str, Any], bool]] = []

    def do(self, verb: Verb, request: Any, *, background: bool, watch: Any) -> Any:
        self.asked.append((verb.name, request.model_dump(exclude_unset=True), background))
        if self.error:
            raise self.error
        return self.result or made_up(BY_NAME["jobs.show"].result if background else verb.result)

    def stage(self, frame: Any) -> str:
        return str(frame)

    def table(self, name: str) -> Any:
        return name

    def report(self, figures: dict[str, Any]) -> None:
        self.asked.append(("report", figures, False))

    def close(self) -> None:
        self.address = "closed"


def at(monkeypatch: pytest.MonkeyPatch, place: Place) -> list[Any]:
    """Let the command open this place; returns the addresses it was asked to open."""
    opened: list[Any] = []

    def open_place(address: Any) -> lakebook.client.Lakebook:
        opened.append(address)
        return lakebook.client.Lakebook(place)

    monkeypatch.setattr(lakebook, "open", open_place)
    return opened


@EVERY
def test_every_verb_in_text_and_json(
    verb: Verb, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place()
    at(monkeypatch, place)
    assert main(words_for(verb)) == 0
    text = capsys.readouterr()
    assert text.out.strip()
    assert text.err == ""
    assert main([*words_for(verb), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert verb.result.model_validate(plain) == made_up(verb.result)
    assert [name for name, _, _ in place.asked] == [verb.name, verb.name]
    assert place.address == "closed"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.job], ids=lambda verb: verb.name)
def test_jobs_can_be_left_to_themselves(
    verb: Verb, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place()
    at(monkeypatch, place)
    assert main([*words_for(verb), "--background", "--json"]) == 0
    assert place.asked[0][2] is True
    assert json.loads(capsys.readouterr().out)["status"] == "queued"


@pytest.mark.parametrize(
    ("words", "opened"),
    [
        (["datasets"], None),
        (["datasets", "--home", "h"], "h"),
        (["datasets", "--url", "http://127.0.0.1:1"], "http://127.0.0.1:1"),
        (["datasets", "--home", "h", "--url", "http://127.0.0.1:1"], "http://127.0.0.1:1"),
    ],
)
def test_which_place_is_opened(words: list[str], opened: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = at(monkeypatch, Place())
    assert main(words) == 0
    assert addresses == [opened]


@pytest.mark.parametrize(
    ("words", "name", "sent"),
    [
        (["datasets"], "datasets.list", {}),
        (["datasets", "list"], "datasets.list", {}),
        (["datasets", "--deleted"], "datasets.list", {"deleted": True}),
        (["datasets", "show", "o"], "datasets.show", {"dataset": "o"}),
        (["jobs", "--limit", "3"], "jobs.list", {"limit": 3}),
        (["ingest", "a.csv", "--as", "n"], "ingest", {"source": "a.csv", "name": "n"}),
        (["ask", "how", "many", "orders?"], "ask", {"question": "how many orders?"}),
        (["ask", "--after", "0190", "and", "by", "month?"], "ask", {"question": "and by month?", "after": "0190"}),
        (["run", "n.ipynb", "-p", "day=2024-01-01", "n=3"], "run",
         {"notebook": "n.ipynb", "parameters": {"day": "2024-01-01", "n": 3}}),
    ],
)  # fmt: skip
def test_what_is_asked(words: list[str], name: str, sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place()
    at(monkeypatch, place)
    main(words)
    assert place.asked[0][:2] == (name, sent)


@pytest.mark.parametrize(
    "words",
    [
        [], ["nonsense"], ["ingest"], ["datasets", "nonsense"], ["datasets", "show"], ["profile", "a", "b"],
        ["profile", "a", "--colour"], ["jobs", "--limit", "many"], ["ingest", "a", "--mode", "other"], ["doctor", "x"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_2_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("lakebook: ")
    assert "usage: lakebook" in said.err


@pytest.mark.parametrize("words", [["--help"], ["datasets", "--help"], ["datasets", "show", "-h"], ["--version"]])
def test_help_is_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert "lakebook" in capsys.readouterr().out


@pytest.mark.parametrize(("verb", "option"), [("validate", "--file FILE"), ("ask", "--file:"), ("ask", "--selftest:")])
def test_help_tells_of_the_options_that_are_verbs_of_their_own(
    verb: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert option in said
    assert (verb == "validate") is ("CREATE TABLE" in said)


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(verb.name.partition(".")[0] in text for verb in VERBS)
    assert "worker" in text
    assert "doctor" in text


def test_a_refusal_is_1_and_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    at(monkeypatch, Place(JobCancelled("The job was cancelled.", hint="Start it again.")))
    assert main(["ingest", "a.csv"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "lakebook: The job was cancelled. Start it again.\n")


def test_a_refusal_in_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    error = JobCancelled("Aus.", details={"grüße": 1})
    at(monkeypatch, Place(error))
    assert main(["ingest", "a.csv", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"error": error.to_dict()}
    assert "grüße" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RuntimeError("secret insides"), "internal", "Something broke"),
        (OSError(28, "no space"), "disk_full", "full"),
        (MemoryError(), "unavailable", "memory"),
        (KeyError("secret"), "internal", "Something broke"),
    ],
)
def test_the_unforeseen_is_one_line_too(
    error: Exception, code: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    at(monkeypatch, Place(error))
    assert main(["profile", "a"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words in said
    assert "secret" not in said
    assert "Traceback" not in said
    assert main(["profile", "a", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    at(monkeypatch, Place(KeyboardInterrupt()))
    assert main(["ingest", "a.csv"]) == 130
    assert "cancelled" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "code"), [("answered", 0), ("declined", 1), ("unverified", 1)])
def test_a_declined_question_is_1(status: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"query_id": "q", "status": status, "source": "parser"}
    at(monkeypatch, Place(result=BY_NAME["ask"].result.model_validate(answer)))
    assert main(["ask", "how", "many?"]) == code


@pytest.mark.parametrize(("valid", "code"), [(True, 0), (False, 1)])
def test_a_refused_statement_is_1(valid: bool, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, Place(result=BY_NAME["validate"].result.model_validate({"valid": valid, "errors": []})))
    assert main(["validate", "SELECT 1"]) == code


def test_a_worker_that_cannot_begin_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert main(["worker", "--home", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is a file, not a folder" in said


def test_the_worker_gets_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[list[str]] = []
    monkeypatch.setattr("lakebook.jobs.worker.main", got.append)
    assert main(["worker", "--home", "h", "--idle", "5"]) == 0
    assert got == [["--home", "h", "--idle", "5"]]


@pytest.mark.usefixtures("work_here")
def test_the_whole_way(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text("id,kind\n1,a\n2,b\n")
    assert main(["ingest", "orders.csv", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["name"], made["rows"]) == ("orders", 2)
    assert main(["datasets"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("orders  bronze  2")
    assert main(["profile", "orders"]) == 0
    assert "orders: 2 rows · 2 columns" in capsys.readouterr().out
    assert main(["datasets", "rename", "orders", "sales", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "sales"
    assert main(["profile", "sales"]) == 0
    assert capsys.readouterr().out.startswith("sales: 2 rows")
    assert main(["datasets", "delete", "sales"]) == 0
    assert main(["datasets", "--json"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == '{"items": []}'
    assert main(["ingest", "missing.csv"]) == 1
    assert capsys.readouterr().err == "lakebook: There is no file missing.csv. Check the path.\n"


def test_doctor_in_text_and_json(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "✓ metadata: SQLite" in text
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [set(finding) for finding in found] == [{"what", "level", "state", "hint"}] * len(found)


def test_doctor_is_1_where_something_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert main(["doctor", "--home", str(tmp_path / "file")]) == 1
    assert "✗ home:" in capsys.readouterr().out


def test_results_are_made_up_whole() -> None:
    """The made-up results above are real ones of their classes."""
    assert all(isinstance(made_up(verb.result), Result) for verb in VERBS)
