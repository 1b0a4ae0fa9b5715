"""Whoever changes anything, the audit log says when, who, what and which."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.call import Call
from lakebook.ids import rfc3339
from lakebook.jobs.submit import submit
from lakebook.query.answer import Answer
from lakebook.query.history import keep
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME, VERBS
from tests.local_home import write_notebook
from tests.properties.in_process import call_of, fresh, ingested, nothing_waits, queue_file
from tests.unit.ml.lifecycle.made_models import found

Made = Callable[[Runtime, Path, str], dict[str, Any]]

users = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
instants = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


def table(runtime: Runtime, folder: Path) -> str:
    """A table made for the example; its name."""
    return str((ingested(runtime, file(folder), name=fresh("table")).result or {})["name"])


def file(folder: Path) -> Path:
    """A small file."""
    path = folder / "rows.csv"
    path.write_text("a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(30)))
    return path


def holes(runtime: Runtime, folder: Path) -> str:
    """A table with a column of which most is missing; its name."""
    path = folder / "holes.csv"
    path.write_text("a,b\n1,\n2,\n3,\n4,5\n")
    return str((ingested(runtime, path, name=fresh("holes")).result or {})["name"])


def ignored(runtime: Runtime, folder: Path) -> str:
    """The same, its missing values not minded; its name."""
    return done(runtime, folder, "contracts.ignore", dataset=holes(runtime, folder), rules=["high_nulls:b"])


def notebook(folder: Path) -> str:
    """A small notebook."""
    return str(write_notebook(folder / "board.ipynb", "1"))


def done(runtime: Runtime, folder: Path, verb: str, **request: Any) -> str:
    """Do something first; the name it gave."""
    BY_NAME[verb].run(call_of(runtime, folder=folder), BY_NAME[verb].request.model_validate(request))
    return str(request.get("name") or request.get("dataset"))


def waiting(runtime: Runtime, folder: Path, *, cancelled: bool = False) -> str:
    """A job that waits, or was cancelled; its id."""
    job_id = queue_file(runtime, file(folder)).job_id
    if cancelled:
        runtime.jobs.cancel(call_of(runtime), job_id)
    return job_id


def deleted(runtime: Runtime, folder: Path) -> str:
    """A table that was deleted; its name."""
    return done(runtime, folder, "datasets.delete", dataset=table(runtime, folder))


def asked(runtime: Runtime, user: str) -> str:
    """A question that the user asked; its id."""
    answer = Answer(question=fresh("how many rows"), status="answered", source="parser", sql="SELECT 1")
    return keep(call_of(runtime, user), answer).query_id


def meaning(name: str) -> str:
    """A semantic model of the table."""
    dataset = f"{{name: {name}, source: {name}}}"
    return f'version: "0.2.0.dev0"\nsemantic_model:\n  - name: of_{name}\n    datasets: [{dataset}]\n'


def meant(runtime: Runtime, folder: Path, user: str) -> str:
    """A semantic model that was loaded; its name."""
    name = table(runtime, folder)
    call = call_of(runtime, user, folder=folder)
    BY_NAME["semantics.load"].run(call, BY_NAME["semantics.load"].request.model_validate({"document": meaning(name)}))
    return f"of_{name}"


@cache
def versions(runtime: Runtime, folder: Path, word: str) -> str:
    """A model of two versions, made once; its name."""
    name = fresh(word)
    for _ in range(2):
        fitted = folder / fresh("fitted")
        fitted.mkdir()
        (fitted / "model.pkl").write_bytes(b"never loaded here")
        runtime.models.register(found(), fitted, name=name, user_id="tester")
    return name


def rival(runtime: Runtime, folder: Path) -> str:
    """The version of a model that is not its champion, brought back where it was archived."""
    name = versions(runtime, folder, "moved")
    other = f"{name}@{3 - runtime.models.get(name).version}"
    if runtime.models.get(other).aliases == ["archived"]:
        runtime.models.move(other, "shadow")
    return other


def routed(runtime: Runtime, folder: Path) -> str:
    """A model whose two versions are in a test; its name."""
    name = versions(runtime, folder, "routed")
    done(runtime, folder, "models.route", model=name, to={"1": 0.5, "2": 0.5})
    return name


# For each verb that changes something: what is there before, and what is asked then.
CHANGES: dict[str, Made] = {
    "ingest": lambda _r, f, _u: {"source": str(file(f)), "name": fresh("table")},
    "datasets.rename": lambda r, f, _u: {"dataset": table(r, f), "name": fresh("renamed")},
    "datasets.delete": lambda r, f, _u: {"dataset": table(r, f)},
    "datasets.restore": lambda r, f, _u: {"dataset": deleted(r, f)},
    "datasets.alter": lambda r, f, _u: {"dataset": table(r, f), "drop": ["b"]},
    "datasets.compatibility": lambda r, f, _u: {"dataset": table(r, f), "mode": "full"},
    "contracts.accept": lambda r, f, _u: {"dataset": table(r, f), "rules": ["unique:a"]},
    "contracts.ignore": lambda r, f, _u: {"dataset": holes(r, f), "rules": ["high_nulls:b"]},
    "contracts.drop": lambda r, f, _u: {"dataset": ignored(r, f), "rules": ["high_nulls:b"]},
    "train": lambda r, f, _u: {"dataset": table(r, f), "target": "b"},
    "models.promote": lambda r, f, _u: {"model": rival(r, f), "force": True, "reason": "It was asked for."},
    "models.archive": lambda r, f, _u: {"model": rival(r, f)},
    "models.route": lambda r, f, _u: {"model": versions(r, f, "routed"), "to": {"1": 0.9, "2": 0.1}},
    "models.outcomes": lambda r, f, _u: {"model": routed(r, f), "truth": {"somebody": "yes"}},
    "predict.to": lambda r, f, _u: {"model": versions(r, f, "asked"), "dataset": table(r, f), "to": fresh("scored")},
    "run": lambda _r, f, _u: {"notebook": notebook(f)},
    "schedule": lambda _r, f, _u: {"notebook": notebook(f), "cron": "0 6 * * *", "name": fresh("daily")},
    "schedules.delete": lambda r, f, _u: {
        "schedule": done(r, f, "schedule", notebook=notebook(f), cron="0 6 * * *", name=fresh("daily"))
    },
    "publish": lambda _r, f, _u: {"notebook": notebook(f), "name": fresh("board")},
    "dashboards.create": lambda _r, _f, _u: {"name": fresh("board"), "config": {"layout": {"wide": True}}},
    "dashboards.delete": lambda r, f, _u: {"dashboard": done(r, f, "dashboards.create", name=fresh("board"))},
    "stream": lambda _r, _f, _u: {"topic": fresh("topic"), "rows": [{"n": 1}]},
    "demo": lambda _r, f, _u: {"folder": str(f / "demo"), "lines": 1000, "if_absent": True},
    "jobs.cancel": lambda r, f, _u: {"job": waiting(r, f)},
    "jobs.retry": lambda r, f, _u: {"job": waiting(r, f, cancelled=True)},
    "ask.selftest": lambda r, f, _u: {"dataset": table(r, f)},
    "evaluate": lambda r, f, _u: {
        "questions": [{"id": "q1", "question": "how many rows", "tables": [table(r, f)], "gold": ["SELECT 1"]}]
    },
    "llm.allow": lambda _r, _f, _u: {},
    "llm.forbid": lambda _r, _f, _u: {},
    "llm.values": lambda r, f, _u: {"dataset": table(r, f)},
    "questions.rename": lambda r, _f, u: {"question": asked(r, u), "name": fresh("asked")},
    "questions.pin": lambda r, _f, u: {"question": asked(r, u)},
    "questions.share": lambda r, _f, u: {"question": asked(r, u)},
    "questions.delete": lambda r, _f, u: {"question": asked(r, u)},
    "questions.verify": lambda r, _f, u: {"question": asked(r, u), "wrong": True, "fault": "It counts twice."},
    "semantics.load": lambda r, f, _u: {"document": meaning(table(r, f))},
    "semantics.delete": lambda r, f, u: {"model": meant(r, f, u)},
    "semantics.synonym": lambda r, f, _u: {"word": fresh("word"), "means": f"{table(r, f)}.a"},
}


def carry_out(call: Call, name: str, request: dict[str, Any]) -> None:
    """Do it as a door does: at once, or as a job."""
    verb = BY_NAME[name]
    asked = verb.request.model_validate(request)
    if verb.job:
        submit(call, verb, asked, staffed=True)
    else:
        verb.run(call, asked)


# Feature: ai-analytics-platform, Property 37: Admin action logging. For any action performed by a user with admin role, the Platform should log the action to the audit trail with timestamp, user ID, and action details.
@given(name=st.sampled_from(sorted(CHANGES)), user=users, instant=instants)
def test_every_change_is_in_the_audit_log(
    runtime: Runtime, folder: Path, name: str, user: str, instant: datetime
) -> None:
    assert set(CHANGES) == {verb.name for verb in VERBS if verb.action != "read"}
    nothing_waits(runtime)
    runtime.settings.llm = "http://127.0.0.1:9/v1"
    request = CHANGES[name](runtime, folder, user)
    newest = max((entry["seq"] for entry in runtime.audit.entries(1)), default=0)
    call = call_of(runtime, user, folder=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lakebook.access.audit.now", lambda: instant)
        carry_out(call, name, request)
    entries = [entry for entry in runtime.audit.entries(10) if entry["seq"] > newest]
    assert len(entries) == 1
    (entry,) = entries
    assert entry["action"].split(".")[0] == name.split(".")[0]
    assert (entry["at"], entry["user_id"], entry["request_id"]) == (rfc3339(instant), user, call.request_id)
    kind, _, which = entry["resource"].partition(":")
    assert kind
    assert which
    assert json.loads(json.dumps(entry["details"])) == entry["details"]
