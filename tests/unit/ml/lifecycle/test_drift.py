"""Drift: the stability index beside what chance allows, in words, by day, with a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import Conflict, NotFound
from lakebook.ids import new_id
from lakebook.metadata import schema
from lakebook.ml.lifecycle.drift import chance_bound, drift_of, show_drift, stability_index
from lakebook.ml.lifecycle.records import Drift, DriftRequest
from lakebook.ml.lifecycle.spreads import added, count_rows, profile_for
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import Register, fresh, right, things


def counted(runtime: Runtime, model: ModelVersion, table: pa.Table) -> dict[str, list[int]]:
    profile = profile_for(runtime.models, model)
    assert profile is not None
    said = [Prediction(prediction=right(row), confidence=0.9) for row in table.to_pylist()]
    return count_rows(profile, model, table.select(["size", "colour"]), said)


def drift(runtime: Runtime, model: ModelVersion, table: pa.Table) -> Drift:
    profile = profile_for(runtime.models, model)
    assert profile is not None
    return drift_of(model, profile, counted(runtime, model, table), table.num_rows, "rows of things")


def test_the_same_shares_have_an_index_of_nought() -> None:
    assert stability_index([10, 20, 30], [10, 20, 30]) == 0.0
    assert stability_index([100, 200, 300], [1000, 2000, 3000]) < 1e-3
    assert stability_index([100, 0], [0, 100]) > 5


def test_the_index_is_the_textbooks() -> None:
    before, after = [500, 300, 200], [300, 300, 400]
    shares = [(0.5, 0.3), (0.3, 0.3), (0.2, 0.4)]
    plain = sum((now - then) * np.log(now / then) for then, now in shares)
    assert stability_index(before, after) == pytest.approx(plain, rel=0.01)


@pytest.mark.parametrize("rows", [50, 400, 5_000])
def test_chance_stays_below_its_bound(rows: int) -> None:
    random = np.random.default_rng(rows)
    shares = np.full(10, 0.1)
    beyond = 0
    for _ in range(300):
        before, after = (random.multinomial(rows, shares).tolist() for _ in range(2))
        beyond += stability_index(before, after) > chance_bound(before, after, 1)
    assert beyond <= 12


def test_the_bound_is_that_of_the_chi_square_distribution() -> None:
    counts = [100] * 10
    assert chance_bound(counts, counts, 1) == pytest.approx(21.666 * 2 / 1000, rel=0.01)
    assert chance_bound([5, 0], [7, 0], 1) == chance_bound([0, 0], [1, 1], 1) == 0.0


def test_rows_of_the_same_source_have_not_drifted(runtime: Runtime, register: Register) -> None:
    found = drift(runtime, register(fresh("calm")), things(rows=300, seed=8))
    assert {one.verdict for one in found.columns} == {"steady"}
    assert not found.should_retrain
    assert found.words.startswith("Nothing has drifted: the 300 rows of things look like those that ")


def test_rows_that_moved_are_named_with_what_moved(runtime: Runtime, register: Register) -> None:
    model = register(fresh("moved"))
    found = drift(runtime, model, things(rows=300, seed=8, shift=1.5, colours=("red", "blue")))
    assert [one.verdict for one in found.columns] == ["drifted", "drifted"]
    colour = next(one for one in found.columns if one.column == "colour")
    assert colour.words.split(":")[0] in ("green", "other values")
    size = next(one for one in found.columns if one.column == "size")
    assert size.words.startswith("above ")
    assert found.answer.verdict == "drifted"
    assert found.answer.words.split(":")[0] in ("no", "yes")
    assert found.should_retrain
    assert "Of 2 columns, 2 have drifted" in found.words
    assert found.words.endswith("Train it again on newer rows.")
    assert found.columns[0].psi >= found.columns[1].psi


def test_a_few_rows_say_nothing(runtime: Runtime, register: Register) -> None:
    found = drift(runtime, register(fresh("few")), things(rows=12, shift=9.0))
    assert not found.should_retrain
    assert ": too few to say whether anything moved" in found.words


def test_missing_values_are_a_bin_of_their_own(runtime: Runtime, register: Register) -> None:
    rows = things(rows=300, seed=8)
    empty = rows.set_column(0, "size", pa.nulls(300, pa.float64()))
    found = drift(runtime, register(fresh("gone")), empty)
    assert found.columns[0].column == "size"
    assert found.columns[0].words == "empty: 0% then, 100% now"


def keep_day(runtime: Runtime, model: ModelVersion, day: str, table: pa.Table, parts: int = 1) -> None:
    counts = counted(runtime, model, table)
    with runtime.database.write() as connection:
        for _ in range(parts):
            connection.execute(
                schema.model_day.insert().values(
                    model_id=model.model_id, day=day, recorder_id=new_id(), rows=table.num_rows, counts=counts,
                    updated_at=f"{day}T00:00:00.000000Z",
                )
            )  # fmt: skip


def test_days_are_summed_over_processes_and_drawn(
    call: Call, runtime: Runtime, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    monkeypatch.setattr("lakebook.ml.lifecycle.drift.now", lambda: datetime(2026, 3, 10, tzinfo=UTC))
    model = register(fresh("daily"))
    keep_day(runtime, model, "2026-01-01", things(rows=500, shift=9.0))
    keep_day(runtime, model, "2026-03-09", things(rows=100, seed=4), parts=2)
    keep_day(runtime, model, "2026-03-10", things(rows=100, seed=5, shift=2.0))
    found = show_drift(call, DriftRequest(model=model.model_id))
    assert (found.rows, found.rows_from) == (300, "rows asked in the last 30 days")
    assert [(day.day, day.rows, day.worst_column) for day in found.days][1] == ("2026-03-10", 100, "size")
    assert found.days[0].rows == 200
    assert found.days[0].worst_psi < found.days[1].worst_psi
    assert found.chart is not None
    assert found.chart["mark"]["type"] == "rect"
    assert {value["day"] for value in found.chart["data"]["values"]} == {"2026-03-09", "2026-03-10"}
    assert found.chart["data"]["values"][0]["column"] == "the answers"


def test_nothing_asked_is_said(call: Call, register: Register) -> None:
    name = fresh("unasked")
    register(name)
    with pytest.raises(NotFound, match="was asked nothing in the last 30 days") as missing:
        show_drift(call, DriftRequest(model=name))
    assert "--dataset" in missing.value.hint


def test_a_model_without_a_profile_has_no_drift(call: Call, register: Register) -> None:
    name = fresh("bare")
    register(name, held_out=None)
    with pytest.raises(Conflict, match="has no profile of its training"):
        show_drift(call, DriftRequest(model=name))


def test_a_table_is_asked_and_held_against_the_training(
    call: Call, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, rows = fresh("table"), things(rows=200, seed=6, shift=1.0)
    model = register(name)
    monkeypatch.setattr("lakebook.ml.lifecycle.drift.dataset_rows", lambda _call, _reference: rows)
    found = show_drift(call, DriftRequest(model=name, dataset="later"))
    assert (found.reference, found.rows_from, found.rows) == (f"{name}@1", "rows of later", 200)
    assert found.model_id == model.model_id
    assert found.columns[0].verdict == "drifted"
    assert found.confidence is not None
    assert found.chart is not None
    assert found.chart["mark"]["type"] == "bar"


def test_drift_is_shown_in_shell_and_cell(runtime: Runtime, register: Register) -> None:
    found = drift(runtime, register(fresh("shown")), things(rows=300, seed=8, shift=1.5))
    text, page = found.text(), found._repr_html_()
    assert text.startswith(found.words)
    assert "drifted" in text
    assert 'src="data:image/png;base64,' in page
    assert "http" not in page.replace("data:image", "")


def test_counts_of_other_columns_stand_beside_each_other() -> None:
    first: dict[str, Sequence[int]] = {"a": [1, 2], "b": [3]}
    second: dict[str, Any] = {"a": [10, 20], "c": [5]}
    assert added(first, second) == {"a": [11, 22], "b": [3], "c": [5]}


def test_a_table_of_yes_and_no_is_given_as_it_was(call: Call) -> None:
    from lakebook.ml.lifecycle.comparison import thinned
    from lakebook.ml.lifecycle.unrecorded import as_given
    from lakebook.ml.model_version import Feature

    assert call.is_cancelled() is False
    table = pl.DataFrame({"b": [1.0, 0.0, None], "n": [1.0, 2.0, 3.0]}).to_arrow()
    given = as_given(table, [Feature(name="b", type="boolean"), Feature(name="n", type="number")])
    assert given.column("b").to_pylist() == [True, False, None]
    assert given.column("n").to_pylist() == [1.0, 2.0, 3.0]
    assert thinned(table, 2).column("n").to_pylist() == [1.0, 2.0]
    assert thinned(table, 3) is table
