"""Two snapshots compared by key: what is counted is what happened, and applied it gives the newer one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from lakebook.errors import InvalidRequest
from lakebook.ingest.sources.snapshot import Changes, merged, standing_name

KINDS: dict[str, pa.DataType] = {
    "id": pa.int64(), "part": pa.string(), "total": pa.decimal128(10, 2), "ratio": pa.float64(), "day": pa.date32(),
    "said": pa.string(),
}  # fmt: skip
SCHEMA = pa.schema(KINDS)
Rows = dict[tuple[int, str], tuple[Any, ...]]

values = st.tuples(
    st.none() | st.decimals(-100, 100, places=2),
    st.none() | st.floats(allow_nan=True, allow_infinity=True),
    st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    st.none() | st.text(max_size=4).filter(lambda text: "\x00" not in text),
)
snapshots = st.dictionaries(st.tuples(st.integers(0, 9), st.sampled_from(["a", "B", ""])), values, max_size=15)


def written(rows: Rows, path: Path, schema: pa.Schema = SCHEMA) -> Path:
    lines = [dict(zip(SCHEMA.names, (*key, *rest), strict=True)) for key, rest in rows.items()]
    pq.write_table(pa.Table.from_pylist(lines, schema=schema), path)
    return path


def read(files: list[Path]) -> dict[tuple[int, str], str]:
    """The rows by key; as text, so that NaN equals itself."""
    lines = pa.concat_tables([pq.read_table(path).cast(SCHEMA) for path in files]).to_pylist()
    found = {(line["id"], line["part"]): repr(tuple(line.values())[2:]) for line in lines}
    assert len(found) == len(lines)
    return found


def expected(old: Rows, new: Rows) -> Changes:
    same = {key for key in old.keys() & new.keys() if repr(old[key]) == repr(new[key])}
    both = len(old.keys() & new.keys())
    return Changes(len(new.keys() - old.keys()), both - len(same), len(old.keys() - new.keys()), len(same))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples' files lie."""
    return tmp_path_factory.mktemp("snapshots")


@given(old=snapshots, new=snapshots)
def test_the_changes_applied_give_the_new_snapshot(folder: Path, old: Rows, new: Rows) -> None:
    standing, fresh = written(old, folder / "old.parquet"), written(new, folder / "new.parquet")
    changes, files = merged([standing], fresh, ["id", "part"], whole=True)
    try:
        assert read(files) == read([fresh])
        # -0.0 and 0.0 are one number to a database, two texts to Python.
        if "-0.0" not in repr((old, new)):
            assert changes == expected(old, new)
        assert pq.read_metadata(files[1]).num_rows == changes.inserted + changes.updated
        assert pq.read_metadata(files[0]).num_rows == changes.unchanged
    finally:
        for path in files:
            path.unlink()


@given(old=snapshots, new=snapshots)
def test_an_increment_replaces_and_adds_and_deletes_nothing(folder: Path, old: Rows, new: Rows) -> None:
    standing, fresh = written(old, folder / "old.parquet"), written(new, folder / "new.parquet")
    changes, files = merged([standing], fresh, ["id", "part"], whole=False)
    try:
        assert read(files) == read([standing]) | read([fresh])
        assert changes.deleted == 0
        assert changes.inserted == len(new.keys() - old.keys())
        assert changes.inserted + changes.updated + changes.unchanged == len(old.keys() | new.keys())
    finally:
        for path in files:
            path.unlink()


ONE: Rows = {(1, "a"): (Decimal("1.00"), 0.5, date(2024, 1, 1), "x"), (2, "a"): (None, None, None, None)}


def test_a_new_and_a_lost_column_count_as_changes(tmp_path: Path) -> None:
    old = pa.table({"id": [1, 2, 3], "gone": ["x", None, None]})
    new = pa.table({"id": [1, 2, 3], "come": [None, None, "y"]})
    pq.write_table(old, tmp_path / "old.parquet")
    pq.write_table(new, tmp_path / "new.parquet")
    changes, files = merged([tmp_path / "old.parquet"], tmp_path / "new.parquet", ["id"], whole=True)
    assert changes == Changes(inserted=0, updated=2, deleted=0, unchanged=1)
    assert [pq.read_table(path)["id"].to_pylist() for path in files] == [[2], [1, 3]]


def test_a_standing_column_of_another_number_type_is_compared_by_value(tmp_path: Path) -> None:
    standing = written(ONE, tmp_path / "old.parquet")
    loose = pa.schema([field.with_type(pa.float64()) if field.name == "total" else field for field in SCHEMA])
    fresh = tmp_path / "new.parquet"
    pq.write_table(pq.read_table(standing).cast(loose), fresh)
    changes, _ = merged([standing], fresh, ["id", "part"], whole=True)
    assert changes == Changes(0, 0, 0, 2)


@pytest.mark.parametrize(
    ("keys", "words"),
    [(["nothing"], "is no column"), (["said"], "is empty in some of"), (["part"], "stands more than once")],
)
def test_a_key_that_tells_no_rows_apart_is_refused(tmp_path: Path, keys: list[str], words: str) -> None:
    standing, fresh = written(ONE, tmp_path / "old.parquet"), written(ONE, tmp_path / "new.parquet")
    with pytest.raises(InvalidRequest, match=words):
        merged([standing], fresh, keys, whole=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.parquet", "old.parquet"]


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    fresh = written(ONE, tmp_path / "new.parquet")
    pq.write_table(pa.table({"id": ["one", "two"]}), tmp_path / "old.parquet")
    with pytest.raises(InvalidRequest, match="another kind now"):
        merged([tmp_path / "old.parquet"], fresh, ["id"], whole=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.parquet", "old.parquet"]


def test_a_table_without_the_key_is_refused(tmp_path: Path) -> None:
    fresh = written(ONE, tmp_path / "new.parquet")
    pq.write_table(pa.table({"n": [1]}), tmp_path / "old.parquet")
    with pytest.raises(InvalidRequest, match="no column 'id' to compare by"):
        merged([tmp_path / "old.parquet"], fresh, ["id"], whole=True)


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("Id", ["id"], "id"),
        ("order id", ["order_id"], "order_id"),
        ("a", ["b"], None),
        ("Straße", ["STRASSE"], "STRASSE"),
    ],
)
def test_a_column_is_found_under_the_name_it_has_in_the_table(name: str, known: list[str], found: str | None) -> None:
    assert standing_name(name, known) == found
