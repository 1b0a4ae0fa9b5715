"""A sealed connection sees its files and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lakebook.engines.duckdb import View, blank, seal
from lakebook.query.tables import Table


@pytest.fixture
def sealed(shop: dict[str, Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = blank(memory_limit_bytes=256 << 20, threads=1)
    seal(
        connection,
        [
            View("bronze", "birds", True, shop["birds"].files),
            View("gold", "empty", False, (), (("amount", "DECIMAL(18,2)"), ('odd "name"', "VARCHAR"))),
        ],
    )
    yield connection
    connection.close()


def test_it_sees_its_tables(sealed: duckdb.DuckDBPyConnection) -> None:
    assert sealed.execute("SELECT count(*) FROM birds").fetchall() == [(7,)]
    assert sealed.execute("SELECT count(*) FROM bronze.birds").fetchall() == [(7,)]
    assert sealed.execute("SELECT * FROM gold.empty").fetchall() == []


def test_a_table_without_files_keeps_its_columns(sealed: duckdb.DuckDBPyConnection) -> None:
    described = sealed.execute("DESCRIBE gold.empty").fetchall()
    assert [row[:2] for row in described] == [("amount", "DECIMAL(18,2)"), ('odd "name"', "VARCHAR")]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM empty",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_parquet('{other}')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{own}'",
        "ATTACH '{folder}/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 8",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "RESET lock_configuration",
        "SET temp_directory = '/tmp'",
        "SELECT * FROM a_python_list",
    ],
)
def test_it_sees_nothing_else(statement: str, sealed: duckdb.DuckDBPyConnection, shop: dict[str, Table]) -> None:
    a_python_list = [1]
    own, other = shop["birds"].files[0], shop["orders"].files[0]
    before = Path(own).read_bytes()
    with pytest.raises(duckdb.Error):
        sealed.execute(statement.format(own=own, other=other, folder=Path(own).parent))
    assert Path(own).read_bytes() == before
    assert a_python_list == [1]


def test_limits_are_set(sealed: duckdb.DuckDBPyConnection) -> None:
    settings = dict(sealed.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["threads"] == "1"
    assert settings["temp_directory"] == ""
    assert settings["TimeZone"] == "UTC"
    assert settings["memory_limit"] == "179.1 MiB"


def test_several_files_are_one_table(tmp_path: Path) -> None:
    writer = duckdb.connect()
    writer.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/one.parquet'")
    writer.execute(f"COPY (SELECT 2 AS a, 'x' AS b) TO '{tmp_path}/it''s two.parquet'")
    connection = blank(memory_limit_bytes=256 << 20, threads=1)
    seal(connection, [View("silver", "t", True, (f"{tmp_path}/one.parquet", f"{tmp_path}/it's two.parquet"))])
    assert connection.execute("SELECT a, b FROM t ORDER BY a").fetchall() == [(1, None), (2, "x")]
