"""The Python door: every verb as a method, groups, job handles, frames as sources, and which place is opened."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

import lakebook
from lakebook.client import Group, JobHandle, Lakebook, open_place, signature_of, unwatched
from lakebook.errors import BadFile, InvalidRequest
from lakebook.jobs.models import Job
from lakebook.local import LocalPlace
from lakebook.remote import RemotePlace
from lakebook.verb import Request, Verb
from lakebook.verbs import BY_NAME, VERBS

STAMP = "2026-01-01T00:00:00.000000Z"


def a_job(**given: Any) -> Job:
    plain = {"job_id": "j1", "user_id": "u", "job_type": "ingestion", "verb": "ingest", "title": "a.csv",
             "status": "queued", "created_at": STAMP, "updated_at": STAMP}  # fmt: skip
    return Job.model_validate({**plain, **given})


class Spy:
    """A place that keeps what it was asked, and answers what it was given."""

    address = "spied"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any], bool]] = []
        self.staged: list[Any] = []
        self.figures: dict[str, Any] = {}
        self.closed = 0
        self.watches: list[Any] = []

    def do(self, verb: Verb, request: Request, *, background: bool, watch: Any) -> Any:
        self.asked.append((verb.name, request.model_dump(exclude_unset=True), background))
        self.watches.append(watch)
        return self.answers.pop(0) if self.answers else None

    def stage(self, frame: Any) -> str:
        self.staged.append(frame)
        return "staged.parquet"

    def table(self, name: str) -> Any:
        return f"table {name}"

    def report(self, figures: dict[str, Any]) -> None:
        self.figures |= figures

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(
    ("call", "name", "sent"),
    [
        (lambda lb: lb.ingest("a.csv"), "ingest", {"source": "a.csv"}),
        (lambda lb: lb.ingest(Path("a.csv"), name="n", mode="append"), "ingest",
         {"source": "a.csv", "name": "n", "mode": "append"}),
        (lambda lb: lb.profile("orders"), "profile", {"dataset": "orders"}),
        (lambda lb: lb.profile(dataset="orders"), "profile", {"dataset": "orders"}),
        (lambda lb: lb.ask("how many?", limit=5), "ask", {"question": "how many?", "limit": 5}),
        (lambda lb: lb.datasets(), "datasets.list", {}),
        (lambda lb: lb.datasets(deleted=True), "datasets.list", {"deleted": True}),
        (lambda lb: lb.datasets.show("o"), "datasets.show", {"dataset": "o"}),
        (lambda lb: lb.datasets.rename("o", "p"), "datasets.rename", {"dataset": "o", "name": "p"}),
        (lambda lb: lb.jobs.list(active=True), "jobs.list", {"active": True}),
        (lambda lb: lb.run("a.ipynb", parameters={"day": "x"}), "run",
         {"notebook": "a.ipynb", "parameters": {"day": "x"}}),
        (lambda lb: lb.train("o", target="t", time=5), "train", {"dataset": "o", "target": "t", "time": 5}),
    ],
)  # fmt: skip
def test_a_method_asks_its_verb_for_what_was_said(call: Any, name: str, sent: dict[str, Any]) -> None:
    spy = Spy()
    call(Lakebook(spy))
    assert spy.asked == [(name, sent, False)]


@pytest.mark.parametrize(
    "call",
    [
        lambda lb: lb.profile(),
        lambda lb: lb.profile("a", "b"),
        lambda lb: lb.profile("a", colour="red"),
        lambda lb: lb.datasets("x"),
        lambda lb: lb.train("a", "target"),
        lambda lb: lb.profile("a", background=True),
    ],
)
def test_wrong_arguments_are_pythons_own_error(call: Any) -> None:
    spy = Spy()
    with pytest.raises(TypeError):
        call(Lakebook(spy))
    assert spy.asked == []


def test_bad_values_are_refused_before_anything_is_asked() -> None:
    spy = Spy()
    with pytest.raises(InvalidRequest, match="limit"):
        Lakebook(spy).ask("how many?", limit=0)
    assert spy.asked == []


@pytest.mark.parametrize(
    "frame", [pd.DataFrame({"a": [1]}), pl.DataFrame({"a": [1]}), pl.LazyFrame({"a": [1]}), pa.table({"a": [1]})]
)
def test_a_frame_is_staged_first(frame: Any) -> None:
    spy = Spy()
    Lakebook(spy).ingest(frame)
    assert spy.staged == [frame] if isinstance(frame, pa.Table) else spy.staged[0] is frame
    assert spy.asked == [("ingest", {"source": "staged.parquet", "name": "table"}, False)]
    Lakebook(spy).ingest(frame, name="own")
    assert spy.asked[1][1]["name"] == "own"


def test_background_gives_a_handle_that_asks_for_the_job() -> None:
    spy = Spy(a_job(), a_job(status="processing", progress=40), a_job(status="cancelled"))
    handle = Lakebook(spy).ingest("a.csv", background=True)
    assert isinstance(handle, JobHandle)
    assert spy.asked[0][2] is True
    assert repr(handle) == "<job a.csv: processing, 40 %>"
    assert handle.cancel().status == "cancelled"
    assert [(name, sent) for name, sent, _ in spy.asked[1:]] == [
        ("jobs.show", {"job": "j1"}),
        ("jobs.cancel", {"job": "j1"}),
    ]


def test_a_handle_waits_and_shows_each_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakebook.jobs.submit.POLL_SECONDS", 0)
    result = {"dataset_id": "d", "name": "a", "version": 1, "rows": 3, "columns": 1, "rejected_rows": 0,
              "duplicate_rows": 0, "quality_score": 1.0, "s3_key": "k", "seconds": 0.1}  # fmt: skip
    states = [a_job(), a_job(status="processing", progress=1), a_job(status="processing", progress=1),
              a_job(status="completed", progress=100, result=result)]  # fmt: skip
    seen: list[int] = []
    done = JobHandle(Spy(*states), a_job()).wait(lambda job: seen.append(job.progress))
    assert done.rows == 3
    assert seen == [0, 1, 100]


def test_a_handle_raises_the_jobs_error() -> None:
    failure = {"code": "bad_file", "message": "It is a picture.", "hint": "Choose a table.", "details": {}}
    with pytest.raises(BadFile, match="picture"):
        JobHandle(Spy(a_job(status="failed", failure=failure)), a_job()).wait()


def test_progress_goes_to_the_watch_that_was_given() -> None:
    spy, watch = Spy(), lambda job: None
    Lakebook(spy, watch).profile("a")
    Lakebook(spy).profile("a")
    assert spy.watches == [watch, unwatched]


def test_every_verb_is_listed_and_described() -> None:
    lb = Lakebook(Spy())
    assert {verb.name.partition(".")[0] for verb in VERBS} < set(dir(lb))
    for name in dir(lb):
        assert getattr(lb, name) is not None
    assert lb.ingest.__doc__ == BY_NAME["ingest"].help
    assert lb.ingest.__name__ == "ingest"
    assert "background" in inspect.signature(lb.ingest).parameters
    assert inspect.signature(lb.profile) == signature_of(BY_NAME["profile"])


def test_every_group_lists_when_called() -> None:
    groups = {verb.name.partition(".")[0] for verb in VERBS if "." in verb.name} - BY_NAME.keys()
    assert groups
    for group in sorted(groups):
        spy = Spy()
        if f"{group}.list" in BY_NAME:
            getattr(Lakebook(spy), group)()
            assert spy.asked[0][0] == f"{group}.list"
        else:
            assert group == "files"
            with pytest.raises(TypeError, match="nothing to list here; there is: show, rows"):
                getattr(Lakebook(spy), group)()


def test_a_group_says_what_it_has() -> None:
    group = Group({"list": lambda: 1, "show": lambda: 2})
    assert dir(group) == ["list", "show"]
    assert group() == 1
    with pytest.raises(AttributeError, match="list, show"):
        group.destroy()


def test_an_unknown_verb_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"'digest'; it has: .*ingest"):
        Lakebook(Spy()).digest("a")


def test_the_rest_is_handed_to_the_place() -> None:
    spy = Spy()
    with Lakebook(spy) as lb:
        assert lb.table("orders") == "table orders"
        assert lb.stage("frame") == "staged.parquet"
        lb.report(rows=3, kind="x")
        assert repr(lb) == "<lakebook at spied>"
        assert spy.closed == 0
    assert spy.closed == 1
    assert spy.figures == {"rows": 3, "kind": "x"}


def test_a_place_is_closed_after_an_error() -> None:
    spy = Spy()
    with pytest.raises(KeyError), Lakebook(spy):
        raise KeyError("x")
    assert spy.closed == 1


def test_required_parameters_come_first_in_a_signature() -> None:
    for verb in VERBS:
        kinds = [
            (parameter.kind, parameter.default is not inspect.Parameter.empty)
            for parameter in signature_of(verb).parameters.values()
        ]
        assert kinds == sorted(kinds)


def test_a_place_is_remote_exactly_where_an_address_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kind_of(address: Any) -> type:
        place = open_place(address)
        place.close()
        return type(place)

    assert kind_of("http://127.0.0.1:1/user/x") is RemotePlace
    assert kind_of("https://127.0.0.1:1") is RemotePlace
    assert kind_of(None) is LocalPlace
    assert kind_of(home) is LocalPlace
    monkeypatch.setenv("LAKEBOOK_URL", "http://127.0.0.1:1")
    assert kind_of(None) is RemotePlace
    assert kind_of(home) is LocalPlace


def test_open_gives_verbs_on_the_home(runtime: Any, home: Path) -> None:
    with lakebook.open() as lb:
        assert repr(lb) == f"<lakebook at {home}>"
        assert lb.datasets().items == []


def test_staged_frames_can_be_read_again(runtime: Any, home: Path) -> None:
    with lakebook.open() as lb:
        path = Path(lb.stage(pl.DataFrame({"a": [1, 2]})))
    assert path.parent == home / "tmp"
    assert pq.read_table(path).to_pydict() == {"a": [1, 2]}
