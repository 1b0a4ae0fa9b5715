"""SQLite databases as sources: every table exact under its own name, with its keys; what cannot be, in one line."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet as pq

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull, InvalidRequest, JobCancelled, LakebookError
from lakebook.ingest import accept
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import sqlite, sqlite_columns
from lakebook.ingest.sources.material import Material, Reference
from lakebook.runtime import Runtime
from tests.unit.ingest.test_sources import loaded
from tests.unit.ingest.test_zip import packed_in
from tests.unit.remains import left_in, rows_of

CHINOOK = {
    "Album": 347, "Artist": 275, "Customer": 59, "Employee": 8, "Genre": 25, "Invoice": 412, "InvoiceLine": 2240,
    "MediaType": 5, "Playlist": 18, "PlaylistTrack": 8715, "Track": 3503,
}  # fmt: skip


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as made:
        for statement in statements:
            made.execute(statement)
        made.commit()
    return path


def materials(call: Call, path: Path, **request: Any) -> list[Material]:
    """What the file gives, its files still there."""
    whole = Material(None, [path], Options(), path.name)
    asked = IngestRequest(source=str(path), **request)
    return list(sqlite.of_file(call, asked, whole, {"filename": path.name}))


def exact(runtime: Runtime, name: str) -> list[dict[str, Any]]:
    """The table's rows with the types they are kept in."""
    dataset = runtime.catalog.dataset(name)
    version = runtime.catalog.version(dataset.dataset_id, dataset.version)
    paths = runtime.lake.paths(dataset.s3_key, version["files"])
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]


def column(call: Call, runtime: Runtime, tmp_path: Path, declared: str, *values: str) -> tuple[list[Any], list[str]]:
    """One column's values once they were loaded, and the kinds of what was said of them."""
    rows = (f"INSERT INTO t (x) VALUES ({value})" for value in values)
    path = database(tmp_path / "one.db", f"CREATE TABLE t (x {declared})", *rows)
    (made,) = materials(call, path)
    loaded(call, source="one.db", name="one")
    return [row["x"] for row in exact(runtime, "one")], [one["kind"] for one in made.deviations]


@pytest.mark.parametrize("source", ["shop.sqlite", "sqlite:///shop.sqlite", "shop.dat"])
def test_chinook_is_eleven_tables(call: Call, runtime: Runtime, tmp_path: Path, shared: Path, source: str) -> None:
    (tmp_path / source.removeprefix("sqlite:///")).symlink_to(shared / "data" / "chinook" / "chinook.sqlite")
    made = loaded(call, source=source)
    assert {made.name: made.rows, **{one.name: one.rows for one in made.tables}} == CHINOOK
    first = exact(runtime, "Invoice")[0]
    assert first["Total"] == Decimal("1.98")
    assert isinstance(first["InvoiceDate"], dt.datetime)
    with closing(sqlite3.connect(shared / "data" / "chinook" / "chinook.sqlite")) as chinook:
        (cents,) = chinook.execute("SELECT sum(CAST(round(Total * 100) AS INTEGER)) FROM Invoice").fetchone()
    assert sum(row["Total"] for row in exact(runtime, "Invoice")) == Decimal(cents) / 100
    assert left_in(runtime) == []


def test_only_the_tables_that_are_wanted(call: Call, runtime: Runtime, tmp_path: Path, shared: Path) -> None:
    (tmp_path / "shop.db").symlink_to(shared / "data" / "chinook" / "chinook.sqlite")
    made = loaded(call, source="shop.db", tables="genre,Artist", name="music")
    assert [made.name, *(one.name for one in made.tables)] == ["music_Genre", "music_Artist"]
    assert loaded(call, source="shop.db", tables=["Genre"], name="kinds").name == "kinds"
    with pytest.raises(LakebookError, match="no table 'Nothing'") as refused:
        loaded(call, source="shop.db", tables=["Nothing"])
    assert "Album" in refused.value.hint


def test_keys_and_references_come_along(call: Call, tmp_path: Path) -> None:
    path = database(
        tmp_path / "keys.db",
        "CREATE TABLE a (y, x, z, PRIMARY KEY (x, y))",
        "CREATE TABLE b (i INTEGER PRIMARY KEY, p, q, r REFERENCES b (i), FOREIGN KEY (p, q) REFERENCES a)",
    )
    first, second = materials(call, path)
    assert first.keys == ["x", "y"]
    assert second.keys == ["i"]
    assert second.references == [Reference(("r",), "b", ("i",)), Reference(("p", "q"), "a", ("x", "y"))]


@pytest.mark.parametrize(
    ("declared", "values", "expected"),
    [
        ("NUMERIC(10,2)", ("0.1", "NULL", "3", "-12345678.99"),
         [Decimal("0.10"), None, Decimal("3.00"), Decimal("-12345678.99")]),
        ("DECIMAL", ("1.5", "2.25"), [Decimal("1.50"), Decimal("2.25")]),
        ("DECIMAL", ("1.5", "2.2501"), [Decimal("1.5000"), Decimal("2.2501")]),
        ("NUMERIC", ("1", "2"), [1, 2]),
        ("REAL", ("1", "2.5"), [1.0, 2.5]),
        ("BOOLEAN", ("1", "0", "NULL"), [True, False, None]),
        ("BOOLEAN", ("1", "2"), [1, 2]),
        ("INTEGER", ("9223372036854775807", "NULL"), [2**63 - 1, None]),
        ("DATE", ("'2024-02-29'", "NULL"), [dt.date(2024, 2, 29), None]),
        ("DATETIME", ("'2024-02-29 10:00:00'", "'2024-02-29T10:00:00.25'"),
         [dt.datetime(2024, 2, 29, 10), dt.datetime(2024, 2, 29, 10, 0, 0, 250_000)]),
        ("TEXT", ("'2024-02-29'", "''", "NULL"), ["2024-02-29", "", None]),
        ("", ("'a'", "'ü'"), ["a", "ü"]),
    ],
    ids=["money", "cents", "finer", "whole", "real", "truth", "no-truth", "longest", "day", "moment", "text", "bare"],
)  # fmt: skip
def test_values_come_back_exactly(
    call: Call, runtime: Runtime, tmp_path: Path, declared: str, values: tuple[str, ...], expected: list[Any]
) -> None:
    assert column(call, runtime, tmp_path, declared, *values) == (expected, [])


@pytest.mark.parametrize(
    ("declared", "values", "expected"),
    [
        ("INTEGER", ("1", "'many'", "NULL"), ["1", "many", None]),
        ("", ("1", "2.5", "'x'", "x'00ff'"), ["1", "2.5", "x", "00ff"]),
        ("", ("9007199254740993", "0.5"), ["9007199254740993", "0.5"]),
        ("DATE", ("'2024-02-30'", "'2024-02-28'"), ["2024-02-30", "2024-02-28"]),
        ("DATETIME", ("'2024-02-28 10:00:00+02:00'",), ["2024-02-28 10:00:00+02:00"]),
    ],
    ids=["words", "everything", "too-long", "no-day", "zone"],
)
def test_mixed_values_are_kept_as_text_and_said(
    call: Call, runtime: Runtime, tmp_path: Path, declared: str, values: tuple[str, ...], expected: list[Any]
) -> None:
    assert column(call, runtime, tmp_path, declared, *values) == (expected, ["mixed_types"])


def test_money_that_is_finer_than_declared_is_not_rounded(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    assert column(call, runtime, tmp_path, "NUMERIC(10,2)", "1.005", "2.5")[0] == [1.005, 2.5]


def test_what_is_said_is_in_the_result(call: Call, tmp_path: Path) -> None:
    database(
        tmp_path / "one.db", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1), ('a')",
        "CREATE VIEW seen AS SELECT * FROM t", "CREATE VIRTUAL TABLE words USING fts5(x)",
    )  # fmt: skip
    made = loaded(call, source="one.db")
    assert made.tables == []
    reasons = " ".join(one.reason for one in made.deviations)
    assert "holds 1 whole numbers, 1 texts" in reasons
    assert "seen is a view" in reasons
    assert "words is a virtual table" in reasons
    assert made.deviation_counts["left_out"] == 2


def test_bytes_that_are_no_text_are_said(call: Call, tmp_path: Path) -> None:
    path = database(tmp_path / "one.db", "CREATE TABLE t (x TEXT)", "INSERT INTO t VALUES (CAST(x'61ff' AS TEXT))")
    (made,) = materials(call, path)
    assert [one["kind"] for one in made.deviations] == ["encoding"]


def test_odd_names_and_empty_tables(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    database(
        tmp_path / "odd.db",
        'CREATE TABLE "a ""b"" c" ("select" INT, "größe" TEXT)',
        'INSERT INTO "a ""b"" c" VALUES (1,2)',
        "CREATE TABLE empty (a INT, b REAL, c TEXT)",
    )  # fmt: skip
    made = loaded(call, source="odd.db")
    assert {made.name, *(one.name for one in made.tables)} == {"a_b_c", "empty"}
    assert rows_of(runtime, "a_b_c") == [{"select": 1, "größe": "2"}]
    assert rows_of(runtime, "empty") == []


def test_a_database_in_an_archive(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = database(tmp_path / "one.db", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (7)")
    packed_in(tmp_path / "one.zip", {"one.db": path.read_bytes()})
    loaded(call, source="one.zip")
    assert rows_of(runtime, "t") == [{"x": 7}]
    assert left_in(runtime) == []


@pytest.mark.parametrize(
    ("request_words", "words"),
    [({"query": "SELECT 1"}, "`query`"), ({"watermark": "x"}, "`watermark`"), ({"key": ["x"]}, "`key`")],
    ids=["query", "watermark", "key"],
)
def test_what_sqlite_has_no_place_for(call: Call, tmp_path: Path, request_words: dict[str, Any], words: str) -> None:
    path = database(tmp_path / "one.db", "CREATE TABLE t (x INT)")
    with pytest.raises(InvalidRequest, match=words):
        materials(call, path, **request_words)


def test_rows_that_wait_in_a_journal_are_not_lost(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "busy.db")) as busy:
        busy.execute("PRAGMA journal_mode=WAL")
        busy.execute("CREATE TABLE t (x INT)")
        busy.commit()
        for source in ("busy.db", "sqlite:///busy.db"):
            with pytest.raises(BadFile, match="being written"):
                loaded(call, source=source)
    assert left_in(runtime) == []
    assert loaded(call, source="busy.db").name == "t"


@pytest.mark.parametrize("cut", [150, 5000, 9000])
def test_a_damaged_database_is_one_line(call: Call, runtime: Runtime, tmp_path: Path, cut: int) -> None:
    path = database(
        tmp_path / "cut.db", "CREATE TABLE t (x TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) INSERT INTO t SELECT hex(i) FROM n",
    )  # fmt: skip
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadFile, match="damaged SQLite"):
        loaded(call, source="cut.db")
    assert left_in(runtime) == []


def test_a_database_without_tables_is_one_line(call: Call, tmp_path: Path) -> None:
    database(tmp_path / "none.db", "CREATE TABLE t (x)", "DROP TABLE t")
    with pytest.raises(BadFile, match="holds no table"):
        loaded(call, source="none.db")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("sqlite:///gone.db", "no file gone"),
        ("sqlite://", "names no file"),
        ("sqlite://host/x.db", "names no file"),
        ("sqlite:///orders.csv", "no SQLite database"),
    ],
)
def test_an_address_is_checked_at_the_door(call: Call, tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "orders.csv").write_text("a\n1\n")
    with pytest.raises(LakebookError, match=words):
        accept.prepare(call, IngestRequest(source=source))


def test_reading_stops_when_cancelled(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = database(tmp_path / "one.db", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)")
    cancelled = Call(runtime, call.principal, is_cancelled=lambda: True)
    with pytest.raises(JobCancelled):
        materials(cancelled, path)
    assert left_in(runtime) == []


def test_a_long_look_stops_when_cancelled(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "STEPS", 10)
    path = database(tmp_path / "one.db", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1), (2), (3)")
    cancelled = Call(runtime, call.principal, is_cancelled=lambda: True)
    with pytest.raises(JobCancelled):
        materials(cancelled, path)


def test_a_disk_almost_full_is_said(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_columns, "SPARE_DISK", 1 << 62)
    database(tmp_path / "one.db", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)")
    with pytest.raises(DiskFull, match="No room"):
        loaded(call, source="one.db")
    assert left_in(runtime) == []


@pytest.mark.parametrize("mode", ["fail", "replace", "append"])
def test_two_tables_that_would_be_called_alike_do_not_meet(
    call: Call, runtime: Runtime, tmp_path: Path, mode: str
) -> None:
    database(
        tmp_path / "shop.db",
        *(f'CREATE TABLE "{name}" (x INT)' for name in ("my orders", "my-orders", "my.orders", "my_orders_2")),
        *(f'INSERT INTO "{name}" VALUES ({at})' for at, name in enumerate(("my orders", "my-orders", "my.orders"))),
    )  # fmt: skip
    made = loaded(call, source="shop.db", mode=mode)
    assert [made.name, *(one.name for one in made.tables)] == [
        "my_orders", "my_orders_2", "my_orders_3", "my_orders_2_2",
    ]  # fmt: skip
    for name, value in (("my_orders", 0), ("my_orders_2", 1), ("my_orders_3", 2)):
        assert rows_of(runtime, name) == [{"x": value}]
    kept = runtime.catalog.dataset("my_orders_2")
    (said,) = runtime.catalog.version(kept.dataset_id, 1)["report"]["deviations"]
    assert (said["kind"], said["raw"]) == ("renamed_table", "my-orders")


def test_another_table_of_the_same_file_is_another_load(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    database(tmp_path / "two.db", "CREATE TABLE a (x INT)", "CREATE TABLE b (y INT)", "INSERT INTO b VALUES (1)")
    loaded(call, source="two.db", tables=["a"], name="t")
    other = loaded(call, source="two.db", tables=["b"], name="t", mode="replace")
    assert (other.unchanged, other.rows) == (False, 1)
    assert loaded(call, source="two.db", tables=["b"], name="t", mode="replace").unchanged
