"""Where a training's rows come from: the lake's pinned version, or the engine beside it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call, JobSeat
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ids import new_id
from lakebook.ml.training_source import files, pinned, series_column

ROWS = pa.table({"SIZE": [1, 2, 3], "RENT": [1.5, 2.5, None]})


class Warehouse:
    """An engine with three tables, two of them of one name."""

    dialect = "snowflake"

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []

    def tables(self) -> list[Any]:
        columns = (("SIZE", "BIGINT"), ("RENT", "DOUBLE"))
        named = [("SALES", "Flats"), ("SALES", "HOUSES"), ("OLD", "houses")]
        return [SimpleNamespace(schema=schema, name=name, columns=columns) for schema, name in named]

    def rows(self, sql: str, *, seconds: float) -> pa.Table:
        self.asked.append((sql, seconds))
        return ROWS


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


@pytest.fixture
def call(warehouse: Warehouse, tmp_path: Path) -> Call:
    """A job's call beside the engine, with an empty lake."""

    def nothing(reference: str) -> Any:
        raise NotFound.named("dataset", reference, [])

    runtime: Any = SimpleNamespace(
        catalog=SimpleNamespace(row=nothing),
        engine=warehouse,
        settings=SimpleNamespace(engine="snowflake://…", source_seconds=7.0, folder=lambda _name: tmp_path),
    )
    return Call(runtime, Principal("ada"), job=JobSeat(new_id(), 1, {}))


@pytest.mark.parametrize("reference", ["flats", "FLATS", "sales.flats"])
def test_an_engines_table_is_found_read_once_and_staged_under_the_job(
    call: Call, warehouse: Warehouse, tmp_path: Path, reference: str
) -> None:
    facts, columns, series = pinned(call, reference)
    assert (facts["dataset_id"], facts["dataset_version"]) == ("snowflake:SALES.Flats", 0)
    assert (facts["dataset_name"], columns, series) == ("Flats", ["SIZE", "RENT"], None)
    assert warehouse.asked == []
    (path,) = files(call, facts)
    assert warehouse.asked == [('SELECT * FROM "SALES"."Flats"', 7.0)]
    assert Path(path).parent == tmp_path
    assert call.job is not None
    assert Path(path).name.startswith(call.job.job_id)
    assert pq.read_table(path).equals(ROWS)


def test_one_name_in_two_schemas_must_be_said_in_full(call: Call) -> None:
    with pytest.raises(InvalidRequest, match="several tables"):
        pinned(call, "houses")
    assert pinned(call, "old.houses")[0]["dataset_id"] == "snowflake:OLD.houses"


def test_what_neither_has_is_not_found(call: Call) -> None:
    with pytest.raises(NotFound):
        pinned(call, "castles")
    call.runtime.settings.engine = ""
    with pytest.raises(NotFound):
        pinned(call, "flats")


def column(name: str, unique: int, *, beat: bool) -> Any:
    """A column's profile."""
    return SimpleNamespace(name=name, unique_count=unique, date_gaps="daily" if beat else None)


@pytest.mark.parametrize(
    ("columns", "series"),
    [
        ([column("day", 90, beat=True), column("x", 90, beat=False)], "day"),
        ([column("day", 80, beat=True)], None),
        ([column("day", 90, beat=False)], None),
        ([column("day", 90, beat=True), column("due", 90, beat=True)], None),
        ([], None),
    ],
    ids=["a series", "days that repeat", "no beat", "two of them", "nothing"],
)
def test_a_series_has_one_column_of_which_each_row_has_its_own(columns: list[Any], series: str | None) -> None:
    profile: Any = SimpleNamespace(row_count=90, columns=columns)
    assert series_column(profile) == series
