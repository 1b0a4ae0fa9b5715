"""Whoever changes anything, the audit log says when, who, what and which."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.call import Call
from lakebook.ids import rfc3339
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME, VERBS
from tests.local_home import write_notebook
from tests.properties.in_process import call_of, fresh, ingested, nothing_waits, queue_file

Made = Callable[[Runtime, Path], dict[str, Any]]

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


# For each verb that changes something: what is there before, and what is asked then.
CHANGES: dict[str, Made] = {
    "ingest": lambda _r, f: {"source": str(file(f)), "name": fresh("table")},
    "datasets.rename": lambda r, f: {"dataset": table(r, f), "name": fresh("renamed")},
    "datasets.delete": lambda r, f: {"dataset": table(r, f)},
    "datasets.restore": lambda r, f: {"dataset": deleted(r, f)},
    "datasets.alter": lambda r, f: {"dataset": table(r, f), "drop": ["b"]},
    "datasets.compatibility": lambda r, f: {"dataset": table(r, f), "mode": "full"},
    "contracts.accept": lambda r, f: {"dataset": table(r, f), "rules": ["unique:a"]},
    "contracts.ignore": lambda r, f: {"dataset": holes(r, f), "rules": ["high_nulls:b"]},
    "contracts.drop": lambda r, f: {"dataset": ignored(r, f), "rules": ["high_nulls:b"]},
    "train": lambda r, f: {"dataset": table(r, f), "target": "b"},
    "run": lambda _r, f: {"notebook": notebook(f)},
    "schedule": lambda _r, f: {"notebook": notebook(f), "cron": "0 6 * * *", "name": fresh("daily")},
    "schedules.delete": lambda r, f: {
        "schedule": done(r, f, "schedule", notebook=notebook(f), cron="0 6 * * *", name=fresh("daily"))
    },
    "publish": lambda _r, f: {"notebook": notebook(f), "name": fresh("board")},
    "dashboards.create": lambda _r, _f: {"name": fresh("board"), "config": {"layout": {"wide": True}}},
    "dashboards.delete": lambda r, f: {"dashboard": done(r, f, "dashboards.create", name=fresh("board"))},
    "stream": lambda _r, _f: {"topic": fresh("topic"), "rows": [{"n": 1}]},
    "demo": lambda _r, f: {"folder": str(f / "demo"), "lines": 1000, "if_absent": True},
    "jobs.cancel": lambda r, f: {"job": waiting(r, f)},
    "jobs.retry": lambda r, f: {"job": waiting(r, f, cancelled=True)},
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
    request = CHANGES[name](runtime, folder)
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
