"""The doctor finds what is there, what is absent and what is wrong, and never raises."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lakebook.call import Call
from lakebook.ids import now, rfc3339
from lakebook.metadata import schema
from lakebook.observe.doctor import MARKS, Finding, examine
from lakebook.runtime import Runtime
from tests.unit.core.core_home import queued, table_of


def by_what(home: Path | None = None) -> dict[str, Finding]:
    found = examine(str(home) if home else None)
    assert len({finding.what for finding in found}) == len(found)
    return {finding.what: finding for finding in found}


def test_a_home_that_is_not_there_is_not_made(home: Path) -> None:
    found = by_what()
    assert found["home"].level == "absent"
    assert str(home) in found["home"].state
    assert not home.exists()
    assert found["disk"].level == "good"


def test_a_home_at_work(runtime: Runtime, call: Call) -> None:
    import os
    import socket

    table_of(call, "orders")
    queued(call)
    with runtime.database.write() as connection:
        stamp = rfc3339(now())
        connection.execute(
            schema.worker.insert().values(
                worker_id="w", host=socket.gethostname(), pid=os.getpid(), started_at=stamp, heartbeat_at=stamp
            )
        )
    found = by_what()
    assert found["home"].state.endswith("1 tables")
    assert found["metadata"].state == "SQLite"
    assert found["workers"].state == "1 at work, 1 jobs open"
    assert all(finding.level != "wrong" for finding in found.values())


def test_nobody_at_work_is_nothing_wrong(runtime: Runtime) -> None:
    assert by_what()["workers"].level == "absent"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (".", b"", "not a folder"),
        ("metadata.sqlite", b"this is no database at all" * 100, "metadata"),
        ("lakebook.toml", b"= =", "lakebook.toml"),
    ],
)
def test_what_is_wrong_is_said_not_raised(home: Path, file: str, content: bytes, said: str) -> None:
    if file == ".":
        home.write_bytes(content)
    else:
        home.mkdir()
        (home / file).write_bytes(content)
    found = by_what()["home"]
    assert found.level == "wrong"
    assert said in found.state
    assert found.hint


def test_missing_parts_name_their_command(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        if name.split(".")[0] == "autogluon":
            raise ModuleNotFoundError(name)
        return None if name in ("mlflow", "aiokafka", "lakebook_native") else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    found = by_what()
    assert found["native module"].level == "wrong"
    for what, extra in (("training", "ml"), ("model registry", "ml"), ("Kafka topics", "kafka")):
        assert found[what].level == "absent"
        assert found[what].hint == f"pip install 'lakebook[{extra}]'"


def test_a_disk_almost_full_is_wrong(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(2**29))
    assert by_what()["disk"].level == "wrong"
    assert by_what()["disk"].state == "0.5 GiB free"
    assert by_what()["disk"].hint


def test_every_level_has_a_sign_of_its_own() -> None:
    assert len(set(MARKS.values())) == 3
    for level in ("good", "absent", "wrong"):
        assert Finding.model_validate({"what": "x", "level": level, "state": "y"}).mark == MARKS[level]
