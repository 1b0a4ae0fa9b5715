"""Windows as statements, run by the engine itself over a small table with everything that is awkward in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.errors import InvalidRequest
from lakebook.view import statement
from lakebook.view.models import Window
from lakebook.view.statement import columns_statement, count_statement, rows_statement, size_statement

ROWS = """
    SELECT * FROM (VALUES
        (0, 'Anna', 10.50::DECIMAL(18,2), DATE '2026-01-01', true, 1.5::DOUBLE, [1]),
        (1, 'bert', 2.00, DATE '2026-02-01', false, NULL, [2]),
        (2, NULL, NULL, NULL, NULL, 3.5, NULL),
        (3, '100% _x', 10.50, DATE '2026-03-01', true, -1e3, [3, 4]),
        (4, 'it''s "q"', 1000.00, DATE '2026-04-01', false, 0.0, [5])
    ) AS t("id", "na""me", "price", "day", "ok", "x", "list")
"""
Ids = Callable[..., list[int]]


def fetched(sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    found: list[tuple[Any, ...]] = duckdb.connect().execute(sql).fetchall()
    return found


def written(sql: str, path: str | Path) -> None:
    """Write the rows of a statement as Parquet."""
    duckdb.connect().from_query(sql).write_parquet(str(path))


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The table in two files, under a name that is no plain one."""
    folder = tmp_path_factory.mktemp("it's")
    paths = [folder / "a.parquet", folder / "b.parquet"]
    for path, where in zip(paths, ("id < 2", "id >= 2"), strict=True):
        written(f"SELECT * FROM ({ROWS}) WHERE {where}", path)
    return [str(path) for path in paths]


@pytest.fixture(scope="session")
def columns(files: list[str]) -> dict[str, str]:
    """Names and types, as the statement that asks for them finds them."""
    return dict(fetched(columns_statement(files)))


@pytest.fixture
def ids(files: list[str], columns: dict[str, str]) -> Ids:
    """The ids of a window's rows, in order; the count of its filters is held against them."""

    def found(**window: Any) -> list[int]:
        asked = Window(**window)
        rows = fetched(rows_statement(files, columns, asked))
        if asked.offset == 0 and asked.limit == 200:
            assert fetched(count_statement(files, columns, asked)) == [(len(rows),)]
        return [row[0] for row in rows]

    return found


def test_columns_and_size(files: list[str], columns: dict[str, str]) -> None:
    assert list(columns) == ["id", 'na"me', "price", "day", "ok", "x", "list"]
    assert columns["price"] == "DECIMAL(18,2)"
    assert fetched(size_statement(files)) == [(5,)]


def test_rows_come_in_their_own_order_over_all_files(ids: Ids) -> None:
    assert ids() == [0, 1, 2, 3, 4]
    assert ids(offset=1, limit=2) == [1, 2]
    assert ids(offset=4, limit=9) == [4]
    assert ids(offset=9, limit=9) == []


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("price", False, [1, 0, 3, 4, 2]),
        ("price", True, [4, 0, 3, 1, 2]),
        ('na"me', False, [3, 0, 1, 4, 2]),
        ("day", True, [4, 3, 1, 0, 2]),
        ("x", False, [3, 4, 0, 2, 1]),
    ],
    ids=["least", "most", "text", "day", "double"],
)
def test_sorting_is_stable_and_puts_nulls_last(ids: Ids, sort: str, descending: bool, expected: list[int]) -> None:
    assert ids(sort=sort, descending=descending) == expected


def test_a_deep_window_gives_what_a_shallow_one_would(ids: Ids, monkeypatch: pytest.MonkeyPatch) -> None:
    for filters in ({}, {"id": ">0"}):
        whole = ids(sort="price", filters=filters)
        with monkeypatch.context() as patch:
            patch.setattr(statement, "DEEP", 0)
            assert [ids(sort="price", filters=filters, offset=n, limit=1) for n in range(len(whole))] == [
                [one] for one in whole
            ]
            assert ids(sort="price", filters=filters) == whole


@pytest.mark.parametrize(
    ("column", "words", "expected"),
    [
        ('na"me', "AN", [0]),
        ('na"me', "%", [3]),
        ('na"me', "_", [3]),
        ('na"me', "'s \"", [4]),
        ('na"me', "=bert", [1]),
        ('na"me', "!=bert", [0, 2, 3, 4]),
        ('na"me', ">b", [1, 4]),
        ('na"me', "null", [2]),
        ('na"me', "!null", [0, 1, 3, 4]),
        ('na"me', "Not null", [0, 1, 3, 4]),
        ("price", "10.5", [0, 3]),
        ("price", "<= 10.5", [0, 1, 3]),
        ("price", ">1,0", [0, 3, 4]),
        ("price", "2..10.50", [0, 1, 3]),
        ("price", "0.5", []),
        ("id", "<>0", [1, 2, 3, 4]),
        ("id", 3, [3]),
        ("x", "-1e3", [3]),
        ("day", "2026-02-01", [1]),
        ("day", ">=2026-02-01", [1, 3, 4]),
        ("day", "2026-01-01..2026-02-15", [0, 1]),
        ("day", "2026-0", [0, 1, 3, 4]),
        ("ok", "true", [0, 3]),
        ("ok", False, [1, 4]),
        ("list", "3", [3]),
        ("list", "null", [2]),
        ("id", "  ", [0, 1, 2, 3, 4]),
    ],
)
def test_filters_say_what_values_must_be(ids: Ids, column: str, words: Any, expected: list[int]) -> None:
    assert ids(filters={column: words}) == expected


def test_filters_hold_together(ids: Ids) -> None:
    assert ids(filters={"price": "10.5", "ok": "true", "id": ">0"}) == [3]


@pytest.mark.parametrize(
    ("column", "words", "hint"),
    [
        ("price", ">abc", "number"),
        ("day", "<yesterday", "day"),
        ("ok", "=maybe", "true"),
        ("list", ">1", "look for"),
        ("nothing", "1", "shown"),
    ],
)
def test_what_is_no_value_is_refused_in_words(ids: Ids, column: str, words: str, hint: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ids(filters={column: words})
    assert hint in refused.value.hint


def test_an_unknown_column_cannot_be_sorted_by(ids: Ids) -> None:
    with pytest.raises(InvalidRequest, match="no column 'id; DROP TABLE x'"):
        ids(sort="id; DROP TABLE x")


def test_columns_come_in_windows_and_long_texts_are_cut(tmp_path: Path) -> None:
    path = str(tmp_path / "wide.parquet")
    written("SELECT 1 AS a, repeat('x', 9999) AS b, 3 AS c", path)
    columns = dict(fetched(columns_statement([path])))
    found = fetched(rows_statement([path], columns, Window(first_column=1, column_limit=1)))
    assert [len(value) for value in found[0]] == [statement.LONGEST_TEXT]


def test_a_column_that_is_called_like_a_place_does_not_hide_rows(tmp_path: Path) -> None:
    path = str(tmp_path / "odd.parquet")
    written("SELECT 9 - i AS File_Row_Number, i AS id FROM range(5) t(i)", path)
    columns = dict(fetched(columns_statement([path])))
    found = fetched(rows_statement([path], columns, Window(sort="id", descending=True, offset=1, limit=2)))
    assert found == [(6, 3), (7, 2)]
