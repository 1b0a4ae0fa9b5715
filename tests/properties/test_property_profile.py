"""The stored profile agrees with what another library finds in the same file."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lakebook.catalog.models import ColumnProfile, ProfileRequest
from lakebook.catalog.verbs import profile as profile_verb
from lakebook.profile.report import profile_of as report_of
from lakebook.runtime import Runtime, open_runtime
from tests.properties.in_process import call_of, fresh, ingested, profile_of
from tests.properties.tables import fractions, frames, texts, whole, written

TYPES = {
    pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.String: "VARCHAR", pl.Boolean: "BOOLEAN", pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
}  # fmt: skip


def shown(value: Any) -> Any:
    """A least or greatest value as a profile shows it: days and times as ISO text, zeros without a sign."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value + 0.0 if isinstance(value, float) else value


def exact_mean(values: pl.Series) -> float:
    """The mean, from an exact sum."""
    numbers = [int(value) for value in values] if values.dtype == pl.Int64 else []
    return sum(numbers) / len(numbers) if numbers else math.fsum(value / len(values) for value in values)


def agrees(column: ColumnProfile, values: pl.Series) -> None:
    """Everything the property names, column by column."""
    present = values.drop_nulls()
    assert column.data_type == column.type == TYPES[values.dtype.base_type()]
    assert column.null_count == values.null_count()
    assert column.null_percentage == pytest.approx(100 * values.null_count() / len(values), abs=1e-4)
    assert (column.unique_count, column.unique_exact) == (present.n_unique(), True)
    if present.dtype.is_numeric() and len(present):
        assert (column.min, column.max) == (shown(present.min()), shown(present.max()))
        assert column.mean == pytest.approx(exact_mean(present), rel=1e-9, abs=1e-300)
    elif present.dtype.is_temporal() and len(present):
        assert (column.min, column.max) == (shown(present.min()), shown(present.max()))
        assert column.mean is None
    elif not len(present):
        assert (column.min, column.max, column.mean) == (None, None, None)


# Feature: ai-analytics-platform, Property 8: Data profile completeness. For any completed data ingestion, the generated data profile should include column types, null counts, unique counts, and basic statistics (min, max, mean) for all numeric columns.
@given(frame=frames(min_rows=1, max_rows=20, largest=1e300))
def test_a_profile_tells_what_polars_finds(runtime: Runtime, folder: Path, frame: pl.DataFrame) -> None:
    found = profile_of(runtime, written(frame, folder / "profiled", "parquet"))
    assert (found.row_count, found.column_count) == frame.shape
    assert [column.name for column in found.columns] == frame.columns
    for column in found.columns:
        agrees(column, frame[column.name])


def column_with(nulls: int) -> dict[str, Any]:
    """The statistics of one column with so many nulls."""
    return {"name": "x", "data_type": "BIGINT", "null_count": nulls, "unique_count": 1, "min": 1, "max": 1, "mean": 1.0}


counts = st.one_of(st.integers(1, 300), st.integers(1, 2**53)).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.one_of(
            st.integers(0, rows),
            st.sampled_from(sorted({min(rows, max(0, rows // 2 + step)) for step in (-1, 0, 1)})),
        ),
    )
)


# Feature: ai-analytics-platform, Property 9: High null percentage flagging. For any column with null values exceeding 50%, the Platform should flag the column as "low quality" in the data profile.
@given(counted=counts)
@example(counted=(2, 1))
@example(counted=(3, 2))
@example(counted=(10_000_001, 5_000_001))
@example(counted=(10_000_000, 5_000_000))
def test_a_column_is_flagged_exactly_where_more_than_half_is_missing(counted: tuple[int, int]) -> None:
    rows, nulls = counted
    found = report_of(
        row_count=rows, columns=[column_with(nulls)], duplicate_rows=0, duplicate_groups=0, rejected_rows=0,
        deviation_counts={},
    )  # fmt: skip
    flagged = [issue for issue in found["issues"] if issue["issue_type"] == "high_nulls"]
    assert bool(flagged) == (2 * nulls > rows)
    assert ("columns mostly empty" in dict(found["score_parts"])) == bool(flagged)
    for issue in flagged:
        assert (issue["column"], issue["severity"], issue["count"]) == ("x", "high", nulls)
        assert "low quality" in issue["description"].casefold()


cells = st.one_of(st.none(), st.sampled_from((0.0, -0.0, math.nan, 1.5)), fractions)
words = st.one_of(st.none(), st.sampled_from(("", " ", "a", "A", "a ", "e\u0301", "é")), texts)


def value_of(cell: Any) -> Any:
    """The cell as rows are compared: every NaN is one value, as is every zero."""
    return "not a number" if isinstance(cell, float) and math.isnan(cell) else cell


# Feature: ai-analytics-platform, Property 10: Duplicate reporting. For any dataset with duplicate records, the data profile should report the exact count of duplicate rows.
@given(
    rows=st.lists(st.tuples(cells, words, st.one_of(st.none(), whole)), min_size=1, max_size=12),
    repeats=st.lists(st.integers(0, 11), max_size=12),
)
def test_the_profile_counts_rows_that_repeat_an_earlier_one(
    runtime: Runtime, folder: Path, rows: list[tuple[float | None, str | None, int | None]], repeats: list[int]
) -> None:
    rows = [*rows, *(rows[place % len(rows)] for place in repeats)]
    frame = pl.DataFrame(rows, schema={"n": pl.Float64, "t": pl.String, "k": pl.Int64}, orient="row")
    found = profile_of(runtime, written(frame, folder / "repeating", "parquet"))
    known = [tuple(value_of(cell) for cell in row) for row in rows]
    assert found.duplicate_rows == len(known) - len(set(known))
    assert found.duplicate_groups == sum(known.count(row) > 1 for row in set(known))
    issues = [issue.count for issue in found.issues if issue.issue_type == "duplicates"]
    assert issues == ([found.duplicate_rows] if found.duplicate_rows else [])


# Feature: ai-analytics-platform, Property 11: Profile storage. For any completed data quality check, the Platform should store the profile in PostgreSQL with the dataset identifier as the primary key, and the profile should be retrievable using that identifier.
@given(versions=st.lists(frames(min_rows=1, max_rows=4, max_columns=3), min_size=1, max_size=2))
@example(versions=[pl.DataFrame({"c0": [True]}), pl.DataFrame({"c0": [datetime.fromisoformat("2000-01-01")]})])
def test_a_profile_is_found_by_its_datasets_id(runtime: Runtime, folder: Path, versions: list[pl.DataFrame]) -> None:
    name, ids = fresh("kept"), set()
    for frame in versions:
        path = written(frame, folder / "kept", "parquet")
        result = ingested(runtime, path, name=name, mode="replace", again=True).result or {}
        ids.add(result["dataset_id"])
    (dataset_id,) = ids
    again = open_runtime(runtime.settings.home)
    try:
        stored = [again.catalog.profile(dataset_id, number + 1) for number in range(len(versions))]
        newest = profile_verb(call_of(again), ProfileRequest(dataset=dataset_id))
    finally:
        again.close()
    assert newest == stored[-1] == profile_verb(call_of(runtime), ProfileRequest(dataset=name))
    for number, (found, frame) in enumerate(zip(stored, versions, strict=True), 1):
        assert (found.dataset_id, found.name, found.version) == (dataset_id, name, number)
        assert (found.row_count, [column.name for column in found.columns]) == (frame.height, frame.columns)
