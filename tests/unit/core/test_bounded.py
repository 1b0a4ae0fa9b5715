"""DuckDB over a table's files: in bounded memory, by the clock of UTC, and nothing is left of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from lakebook.ingest.staged_rows import own_rows
from lakebook.lake.bounded import bounded


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files of one table, with a column more in the second; the first has a hostile name."""
    paths = [tmp_path / "it's.parquet", tmp_path / "b.parquet"]
    pl.DataFrame({"id": [1, 2]}).write_parquet(paths[0])
    pl.DataFrame({"id": [3], "note": ["x"]}).write_parquet(paths[1])
    return paths


def test_every_file_is_seen_as_one_table(files: list[Path], tmp_path: Path) -> None:
    with bounded(files, tmp_path) as connection:
        rows = connection.execute("SELECT id, note FROM whole ORDER BY id").fetchall()
    assert rows == [(1, None), (2, None), (3, "x")]


def test_memory_is_bounded_and_the_clock_is_utc(files: list[Path], tmp_path: Path) -> None:
    asked = "SELECT current_setting('memory_limit'), current_setting('TimeZone'), current_setting('temp_directory')"
    with bounded(files, tmp_path) as connection:
        ((memory, zone, spill),) = connection.execute(asked).fetchall()
    assert memory in ("953.6 MiB", "1.0 GiB")
    assert (zone, Path(spill).parent) == ("UTC", tmp_path)


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_spilled_is_gone(files: list[Path], tmp_path: Path, fails: bool) -> None:
    before = sorted(tmp_path.iterdir())
    connection: duckdb.DuckDBPyConnection | None = None
    try:
        with bounded(files, tmp_path) as connection:
            connection.execute("SET memory_limit='20MB'")
            connection.execute("CREATE TABLE t AS SELECT range AS n, md5(range::VARCHAR) AS word FROM range(300000)")
            assert connection.execute("SELECT count(*) FROM t").fetchall() == [(300_000,)]
            if fails:
                connection.execute("SELECT nothing FROM whole")
    except duckdb.BinderException:
        assert fails
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("own_from", "own"), [(0, [1, 2]), (1, [2]), (2, [])])
def test_own_rows_are_those_from_a_number_on(files: list[Path], tmp_path: Path, own_from: int, own: list[int]) -> None:
    with own_rows(files[0], own_from, tmp_path) as connection:
        assert [row for (row,) in connection.execute("SELECT id FROM own").fetchall()] == own
        assert [row for (row,) in connection.execute("SELECT id FROM whole").fetchall()] == [1, 2]
        assert [name for name, *_ in connection.execute("SELECT * FROM own").description or ()] == ["id"]
