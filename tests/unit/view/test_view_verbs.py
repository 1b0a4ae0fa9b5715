"""The viewer's verbs over real files and tables: first rows, any rows, sorted and filtered, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, NotFound, QueryCancelled, Unavailable
from lakebook.view.models import DatasetRowsRequest, FileRequest, FileRowsRequest, Rows, ViewedFile
from lakebook.view.verbs import dataset_rows, file_rows, show_file
from tests.local_home import until
from tests.unit.tables.seats import loaded

ORDERS = "id,country,price,day\n" + "".join(
    f"{n},{('UK', 'DE', '')[n % 3]},{n % 7}.50,2026-01-{1 + n % 28:02d}\n" for n in range(3000)
)


def write(call: Call, name: str, content: str | bytes = ORDERS) -> str:
    (call.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def shown(call: Call, name: str) -> ViewedFile:
    return show_file(call, FileRequest(path=name))


def rows(call: Call, name: str, **window: Any) -> Rows:
    return file_rows(call, FileRowsRequest(path=name, **window))


def arranged(call: Call, name: str, **window: Any) -> Rows:
    """The rows once the typed copy is there."""
    done: Rows = until(lambda: (found := rows(call, name, **window)).preparing is None and found)
    return done


def test_a_file_is_shown_with_columns_figures_and_dialect(call: Call) -> None:
    file = shown(call, write(call, "orders.csv"))
    assert (file.name, file.format, file.column_count) == ("orders.csv", "csv", 4)
    assert (file.row_count, file.rows_known, file.counted, file.sampled_rows) == (3000, 3000, 1.0, 3000)
    assert [(column.name, column.data_type) for column in file.columns] == [
        ("id", "BIGINT"), ("country", "VARCHAR"), ("price", "DECIMAL(18,2)"), ("day", "DATE"),
    ]  # fmt: skip
    country = file.columns[1]
    assert country.null_count == 1000
    assert dict(country.top_values) == {"UK": 1000, "DE": 1000}
    assert file.columns[0].histogram
    assert (file.dialect["delimiter"], file.dialect["encoding"], file.dialect["header"]) == (",", "utf-8", True)
    assert file.sortable


def test_rows_are_the_texts_of_the_file(call: Call) -> None:
    write(call, "orders.csv")
    found = rows(call, "orders.csv", offset=2998, limit=10)
    assert found.rows == [["2998", "DE", "2.50", "2026-01-03"], ["2999", None, "3.50", "2026-01-04"]]
    assert [column.name for column in found.columns] == ["id", "country", "price", "day"]
    assert (found.offset, found.row_count, found.preparing) == (2998, 3000, None)
    assert rows(call, "orders.csv", first_column=1, column_limit=2, limit=1).rows == [["UK", "0.50"]]


def test_sorting_and_filtering_read_the_whole_file_once(call: Call) -> None:
    write(call, "orders.csv")
    first = rows(call, "orders.csv", sort="price", descending=True, limit=2)
    assert first.preparing is not None
    assert first.rows == []
    found = arranged(call, "orders.csv", sort="price", descending=True, limit=2)
    assert found.rows == [[6, "UK", "6.50", "2026-01-07"], [13, "DE", "6.50", "2026-01-14"]]
    assert found.row_count == 3000
    again = rows(call, "orders.csv", filters={"country": "null", "id": ">=2990"})
    assert again.preparing is None
    assert [row[0] for row in again.rows] == [2990, 2993, 2996, 2999]
    assert again.row_count == 4


def test_the_figures_are_of_all_rows_once_the_whole_file_was_read(call: Call) -> None:
    long = "id,word\n" + "".join(f"{n},{'w' * 100}\n" for n in range(20_000))
    write(call, "long.csv", long)
    assert shown(call, "long.csv").sampled_rows < 20_000
    arranged(call, "long.csv", sort="id")
    whole = shown(call, "long.csv")
    assert whole.sampled_rows == 20_000
    assert whole.columns[0].max_value == 19_999


def test_a_file_past_the_limit_is_not_sorted_but_says_what_to_do(call: Call) -> None:
    call.runtime.settings.view_sort_bytes = 100
    write(call, "orders.csv")
    assert not shown(call, "orders.csv").sortable
    assert rows(call, "orders.csv", limit=1).rows
    with pytest.raises(InvalidRequest, match="too large to be sorted") as refused:
        rows(call, "orders.csv", sort="id")
    assert "Load it into lakebook" in refused.value.hint


def test_json_lines_keep_values_and_gain_columns(call: Call) -> None:
    lines = [{"a b": n, "x": {"y": n}} for n in range(40_000)]
    write(call, "rows.jsonl", "".join(json.dumps(line) + "\n" for line in [*lines, {"late": 2**60}]))
    file = shown(call, "rows.jsonl")
    assert [(column.name, column.label) for column in file.columns] == [("a_b", "a b"), ("x", "x")]
    until(lambda: shown(call, "rows.jsonl").row_count)
    found = rows(call, "rows.jsonl", offset=39_999, limit=5)
    assert found.rows == [[39_999, {"y": 39_999}], [None, None, str(2**60)]]
    assert [column.name for column in found.columns][2] == "late"
    assert [column.name for column in shown(call, "rows.jsonl").columns] == ["a_b", "x", "late"]


def test_a_parquet_file_is_read_where_it_lies(call: Call) -> None:
    path = call.folder / "t.parquet"
    sql = "SELECT i AS id, i % 10 AS digit, [i] AS list FROM range(5000) t(i)"
    duckdb.connect().from_query(sql).write_parquet(str(path))
    file = shown(call, "t.parquet")
    assert (file.row_count, file.column_count, file.sampled_rows, file.sortable) == (5000, 3, 1000, True)
    assert [column.data_type for column in file.columns] == ["BIGINT", "BIGINT", "BIGINT[]"]
    assert file.columns[1].histogram
    assert rows(call, "t.parquet", offset=4999).rows == [[4999, 9, [4999]]]
    found = rows(call, "t.parquet", sort="digit", descending=True, filters={"id": "<100"}, limit=2)
    assert ([row[0] for row in found.rows], found.row_count) == ([9, 19], 100)


def test_a_file_that_grew_is_read_anew(call: Call) -> None:
    write(call, "orders.csv")
    before = shown(call, "orders.csv")
    with (call.folder / "orders.csv").open("a") as file:
        file.write("3000,FR,1.00,2026-02-01\n")
    after = shown(call, "orders.csv")
    assert after.version != before.version
    assert rows(call, "orders.csv", offset=3000).rows == [["3000", "FR", "1.00", "2026-02-01"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nul.csv", b"\0" * 4096),
        ("broken.parquet", b"PAR1 this is no table PAR1"),
        ("blank.csv", b"\n\n\n"),
        ("deep.jsonl", b"[" * 200_000),
    ],
    ids=["nul", "parquet", "blank", "deep"],
)
def test_what_is_no_table_is_refused_in_one_sentence(call: Call, name: str, content: bytes) -> None:
    write(call, name, content)
    with pytest.raises((BadFile, InvalidRequest, Exception)) as refused:
        shown(call, name)
    said = str(refused.value)
    assert str(call.folder) not in said
    assert "Traceback" not in said
    assert getattr(refused.value, "status", 500) < 500


def test_a_line_of_many_megabytes_and_many_columns_are_shown(call: Call) -> None:
    write(call, "line.csv", b"a,b\n" + b"x" * (12 << 20) + b",1\n2,3\n")
    found = until(lambda: (got := rows(call, "line.csv")).row_count and got)
    assert [row[1] for row in found.rows][-1] == "3"
    assert len(found.rows[0][0]) < 2000
    wide = ",".join(f"c{n}" for n in range(5000))
    write(call, "wide.csv", f"{wide}\n{','.join(['7'] * 5000)}\n")
    file = shown(call, "wide.csv")
    assert (file.column_count, len(file.columns)) == (5000, 2000)
    assert rows(call, "wide.csv", first_column=4990).rows == [["7"] * 10]


def test_hidden_and_foreign_files_are_not_there(call: Call) -> None:
    for given in ("../x.csv", ".lakebook/metadata.sqlite", "nothing.csv"):
        with pytest.raises(NotFound):
            shown(call, given)
        with pytest.raises(NotFound):
            rows(call, given)


def test_who_has_gone_is_not_waited_for(call: Call) -> None:
    write(call, "orders.csv")
    shown(call, "orders.csv")
    call.is_cancelled = lambda: True
    with pytest.raises(QueryCancelled):
        rows(call, "orders.csv")
    call.is_cancelled = lambda: False
    assert rows(call, "orders.csv", limit=1).rows


def test_a_reader_that_is_killed_is_started_again(call: Call) -> None:
    write(call, "orders.csv")
    shown(call, "orders.csv")
    reader = next(iter(call.runtime.readers._open.values()))
    assert reader._program is not None
    os.kill(reader._program.pid, 9)
    until(lambda: reader._program is not None and not reader._program.alive())
    assert rows(call, "orders.csv", limit=1).rows


def test_only_the_latest_files_are_kept_open_and_nothing_is_left(call: Call) -> None:
    cache = call.runtime.settings.folder("cache")
    for number in range(6):
        shown(call, write(call, f"f{number}.csv"))
    kept = call.runtime.readers._open
    assert [reader.file.name for reader in kept.values()] == ["f2.csv", "f3.csv", "f4.csv", "f5.csv"]
    programs = [reader._program for reader in kept.values()]
    call.runtime.readers.close()
    assert not any(program is not None and program.alive() for program in programs)
    assert not list(cache.glob("view-*"))


def test_folders_of_dead_processes_are_swept(call: Call) -> None:
    cache = call.runtime.settings.folder("cache")
    dead, other = cache / "view-999999999", cache / "kept"
    dead.mkdir()
    other.mkdir()
    assert call.runtime.readers
    assert not dead.exists()
    assert other.exists()


def test_rows_of_a_table_and_of_its_older_version(call: Call) -> None:
    loaded(call, "id,v\n1,a\n2,b\n", name="t")
    loaded(call, "id,v\n3,c\n", name="t", mode="append")
    found = dataset_rows(call, DatasetRowsRequest(dataset="t"))
    assert (found.rows, found.row_count) == ([[1, "a"], [2, "b"], [3, "c"]], 3)
    assert [(column.name, column.type) for column in found.columns] == [("id", "BIGINT"), ("v", "VARCHAR")]
    assert dataset_rows(call, DatasetRowsRequest(dataset="t", version=1)).row_count == 2
    sorted_ = dataset_rows(call, DatasetRowsRequest(dataset="t", sort="id", descending=True, offset=1, limit=1))
    assert sorted_.rows == [[2, "b"]]
    part = dataset_rows(call, DatasetRowsRequest(dataset="t", filters={"v": "=c"}))
    assert (part.rows, part.row_count) == ([[3, "c"]], 1)
    with pytest.raises(NotFound):
        dataset_rows(call, DatasetRowsRequest(dataset="t", version=9))
    with pytest.raises(NotFound):
        dataset_rows(call, DatasetRowsRequest(dataset="nothing"))


def test_money_keeps_its_digits_on_the_way(call: Call) -> None:
    loaded(call, "price\n12345678901234.56\n0.10\n", name="money")
    assert dataset_rows(call, DatasetRowsRequest(dataset="money")).rows == [["12345678901234.56"], ["0.10"]]


def test_a_closed_reader_says_so(call: Call, tmp_path: Path) -> None:
    write(call, "orders.csv")
    shown(call, "orders.csv")
    program = next(iter(call.runtime.readers._open.values()))._program
    assert program is not None
    program.kill()
    program.kill()
    with pytest.raises((Unavailable, ValueError)):
        program.send({})
    assert tmp_path.exists()
