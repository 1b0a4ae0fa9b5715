"""Recording: counts by day and answers by key, in the background, without a row's values, and never in the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from lakebook.call import Call
from lakebook.ids import new_id
from lakebook.metadata import schema
from lakebook.ml.lifecycle import answers
from lakebook.ml.lifecycle import recorder as recording
from lakebook.ml.lifecycle.recorder import Recorder
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import Register, fresh, right, things


@pytest.fixture
def recorder(runtime: Runtime) -> Iterator[Recorder]:
    """A recorder of the test's own."""
    made = Recorder(runtime.database, runtime.models, every=0.01)
    yield made
    made.close()


def rows_of(table: pa.Table) -> pa.Table:
    return table.select(["size", "colour"])


def said(table: pa.Table) -> list[Prediction]:
    return [Prediction(prediction=right(row), confidence=0.9) for row in table.to_pylist()]


def days(runtime: Runtime, model: ModelVersion) -> list[dict[str, Any]]:
    table = schema.model_day
    with runtime.database.read() as connection:
        found = connection.execute(select(table).where(table.c.model_id == model.model_id)).mappings()
        return [dict(row) for row in found]


def test_rows_and_answers_are_counted_by_day(runtime: Runtime, register: Register, recorder: Recorder) -> None:
    model, table = register(fresh("counted")), things(rows=50)
    recorder.record(model, rows_of(table), said(table))
    recorder.record(model, rows_of(table), said(table))
    assert recorder.flush()
    (day,) = days(runtime, model)
    assert (day["rows"], len(day["day"])) == (100, 10)
    assert set(day["counts"]) == {"feature:size", "feature:colour", "prediction", "confidence"}
    assert all(sum(counts) == 100 for counts in day["counts"].values())
    recorder.record(model, rows_of(table), said(table))
    assert recorder.flush()
    assert [one["rows"] for one in days(runtime, model)] == [150]


def test_two_processes_count_into_rows_of_their_own(runtime: Runtime, register: Register, recorder: Recorder) -> None:
    model, table = register(fresh("both")), things(rows=20)
    other = Recorder(runtime.database, runtime.models, every=0.01)
    for one in (recorder, other):
        one.record(model, rows_of(table), said(table))
        assert one.flush()
    other.close()
    assert [day["rows"] for day in days(runtime, model)] == [20, 20]


def test_no_value_of_a_row_is_kept(runtime: Runtime, register: Register, recorder: Recorder) -> None:
    model = register(fresh("private"))
    table = pa.table({"size": [0.123456789], "colour": ["a secret colour"]})
    recorder.record(model, table, [Prediction(prediction="yes", confidence=0.5)])
    assert recorder.flush()
    kept = str(days(runtime, model))
    assert "secret" not in kept
    assert "0.1234" not in kept


def test_a_long_table_is_thinned_out(
    runtime: Runtime, register: Register, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "ROWS_OF_A_TABLE", 30)
    model, table = register(fresh("long")), things(rows=100)
    recorder.record(model, rows_of(table), said(table))
    assert recorder.flush()
    assert [day["rows"] for day in days(runtime, model)] == [25]


def test_a_model_without_a_profile_is_not_counted(runtime: Runtime, register: Register, recorder: Recorder) -> None:
    model, table = register(fresh("older"), held_out=None), things(rows=5)
    recorder.record(model, rows_of(table), said(table))
    assert recorder.flush()
    assert days(runtime, model) == []


def test_answers_to_keys_are_kept_once_while_a_test_runs(
    runtime: Runtime, register: Register, recorder: Recorder
) -> None:
    model, table, test_id = register(fresh("tested")), things(rows=3), new_id()
    choice = Choice(model.model_id, (), test_id)
    for keys in (["x", "y", "z"], ["z", "w", "x"]):
        recorder.record(model, rows_of(table), said(table), choice=choice, keys=keys)
    recorder.record(model, rows_of(table), said(table), choice=Choice("no test"), keys=["q", "r", "s"])
    assert recorder.flush()
    kept = answers.of_test(runtime.database, test_id)
    assert sorted(one.key for one in kept) == ["w", "x", "y", "z"]
    assert {one.truth for one in kept} == {None}
    assert not any(one.is_shadow for one in kept)
    first = [right(row) for row in table.to_pylist()]
    assert [one.prediction for one in sorted(kept, key=lambda one: one.key) if one.key in "xyz"] == first


def test_what_came_true_is_told_by_key_and_may_be_corrected(
    runtime: Runtime, register: Register, recorder: Recorder
) -> None:
    name, table, test_id = fresh("true"), things(rows=2), new_id()
    for is_shadow in (False, True):
        model = register(name)
        choice = Choice(model.model_id, (), test_id)
        recorder.record(model, rows_of(table), said(table), choice=choice, keys=["x", "y"], is_shadow=is_shadow)
    assert recorder.flush()
    assert answers.tell(runtime.database, test_id, {"x": "no", "nobody": "yes"}) == {"nobody"}
    assert answers.tell(runtime.database, test_id, {"x": "yes"}) == set()
    kept = {(one.key, one.is_shadow): one.truth for one in answers.of_test(runtime.database, test_id)}
    assert kept == {("x", False): "yes", ("x", True): "yes", ("y", False): None, ("y", True): None}


def test_a_test_keeps_so_many_answers_and_no_more(
    runtime: Runtime, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_ANSWERS", 3)
    model, table, test_id = register(fresh("full")), things(rows=5), new_id()
    assert answers.keep(runtime.database, test_id, model, list("abcde"), said(table), False) == 3
    assert answers.keep(runtime.database, test_id, model, list("fghij"), said(table), False) == 0


def test_whoever_predicts_never_waits(runtime: Runtime, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "WAITING", 2)
    made = Recorder(runtime.database, runtime.models, every=0.01)
    model, table, held, begun = register(fresh("busy")), things(rows=1), threading.Event(), threading.Event()

    def slow(*_given: Any) -> None:
        begun.set()
        held.wait(20)

    monkeypatch.setattr(made, "_keep", slow)
    made.record(model, rows_of(table), said(table))
    assert begun.wait(20)
    for _ in range(5):
        made.record(model, rows_of(table), said(table))
    assert made.dropped == 3
    held.set()
    made.close()


def test_a_failure_is_said_and_the_counting_goes_on(
    runtime: Runtime, register: Register, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    model, table = register(fresh("fault")), things(rows=4)
    other = register(fresh("fine"))
    recorder.record(model, table.select(["size"]), said(table))
    recorder.record(other, rows_of(table), said(table))
    assert recorder.flush()
    assert "1 predictions were not counted: KeyError" in caplog.text
    recorder.record(model, rows_of(table), said(table))
    assert recorder.flush()
    assert [day["rows"] for one in (model, other) for day in days(runtime, one)] == [4, 4]


def test_nothing_runs_where_nothing_was_recorded(runtime: Runtime) -> None:
    idle = Recorder(runtime.database, runtime.models)
    assert idle.flush()
    idle.close()
    assert idle.dropped == 0


def test_a_call_can_reach_the_recorder_of_its_runtime(call: Call) -> None:
    assert isinstance(call.runtime.recorder, Recorder)
    assert call.runtime.recorder is call.runtime.recorder
