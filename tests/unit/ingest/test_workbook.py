"""Workbooks as sources: each sheet a typed table, the table found inside its sheet, everything odd said."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, NameTaken, NotFound
from lakebook.ingest.models import IngestResult
from lakebook.runtime import Runtime
from tests.unit.ingest.test_sources import loaded
from tests.unit.ingest.test_sqlite import exact
from tests.unit.ingest.test_zip import packed_in
from tests.unit.remains import left_in, rows_of

Rows = Sequence[Sequence[Any]]
ORDERS: Rows = [["id", "kind"], [1, "a"], [2, "b"]]
HEAD = ["id", "kind", "paid"]


def book(path: Path, sheets: dict[str, Rows], more: Callable[[Worksheet], None] | None = None) -> Path:
    """A workbook with these sheets; `more` does the rest to the last of them."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as made:
        clock = made.add_format({"num_format": "hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, (dt.time, dt.timedelta)):
                        sheet.write_datetime(at, place, cell, clock)
                    elif cell is not None:
                        sheet.write(at, place, cell)
        if more is not None:
            more(sheet)
    return path


def said(made: IngestResult) -> dict[str, list[str | None]]:
    """What was raw, by kind of deviation."""
    found: dict[str, list[str | None]] = {}
    for one in made.deviations:
        found.setdefault(one.kind, []).append(one.raw)
    return found


def test_one_sheet_bears_the_files_name(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "orders.xlsx", {"Sheet1": ORDERS})
    made = loaded(call, source="orders.xlsx")
    assert (made.name, made.tables, made.deviations) == ("orders", [], [])
    assert made.dialect == {"format": "xlsx", "sheet": "Sheet1", "header": True}
    assert rows_of(runtime, "orders") == [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}]
    (edge,) = runtime.catalog.lineage(made.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("workbook", "orders.xlsx")
    assert left_in(runtime) == []


def test_several_sheets_bear_their_own(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "shop.xlsx", {"orders 2024": ORDERS, "people": [["name"], ["Zoë"]], "notes": []})
    made = loaded(call, source="shop.xlsx")
    assert [made.name, *(one.name for one in made.tables)] == ["orders_2024", "people"]
    assert rows_of(runtime, "people") == [{"name": "Zoë"}]
    assert [one.reason for one in made.deviations] == ["the sheet 'notes' is empty"]
    named = loaded(call, source="shop.xlsx", name="shop", again=True)
    assert [named.name, *(one.name for one in named.tables)] == ["shop_orders_2024", "shop_people"]
    assert left_in(runtime) == []


def test_a_sheet_is_taken_by_its_name(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "shop.xlsx", {"orders": ORDERS, "people": [["name"], ["Zoë"]]})
    assert loaded(call, source="shop.xlsx", sheet="PEOPLE", name="t").name == "t"
    assert rows_of(runtime, "t") == [{"name": "Zoë"}]
    other = loaded(call, source="shop.xlsx", sheet="orders", name="t", mode="replace")
    assert (other.unchanged, other.rows) == (False, 2)
    assert loaded(call, source="shop.xlsx", sheet="orders", name="t", mode="replace").unchanged
    with pytest.raises(NotFound, match="no sheet 'persons'") as refused:
        loaded(call, source="shop.xlsx", sheet="persons")
    assert "orders, people" in refused.value.hint


def test_hidden_sheets_are_said_and_can_be_asked_for(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "shop.xlsx", {"orders": ORDERS, "secret": [["x"], [1]]}, lambda sheet: sheet.hide())
    made = loaded(call, source="shop.xlsx")
    assert (made.name, made.tables) == ("shop", [])
    assert "'secret' is hidden" in made.deviations[0].reason
    loaded(call, source="shop.xlsx", sheet="secret", name="x")
    assert rows_of(runtime, "x") == [{"x": 1}]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([1, 2.5, None], [1.0, 2.5, None]),
        ([1, None, -3], [1, None, -3]),
        ([True, False, None], [True, False, None]),
        (["a", "  ", " b"], ["a", None, " b"]),
        ([dt.datetime(2024, 2, 29), None, dt.datetime(2024, 3, 1)], [dt.date(2024, 2, 29), None, dt.date(2024, 3, 1)]),
        ([dt.datetime(2024, 2, 29), dt.datetime(2024, 2, 29, 10, 30), None],
         [dt.datetime(2024, 2, 29), dt.datetime(2024, 2, 29, 10, 30), None]),
        ([dt.time(10, 30), None, dt.time(23, 59, 59)], ["10:30:00", None, "23:59:59"]),
        (["00123", "7", None], ["00123", "7", None]),
    ],
    ids=["double", "whole", "truth", "text", "day", "moment", "clock", "digits"],
)  # fmt: skip
def test_cells_keep_their_types(
    call: Call, runtime: Runtime, tmp_path: Path, cells: list[Any], expected: list[Any]
) -> None:
    def texts(sheet: Worksheet) -> None:
        for at, cell in enumerate(cells, 1):
            if isinstance(cell, str):
                sheet.write_string(at, 1, cell)

    book(tmp_path / "t.xlsx", {"t": [["n", "x"], *([at, cell] for at, cell in enumerate(cells))]}, texts)
    made = loaded(call, source="t.xlsx")
    assert [row["x"] for row in exact(runtime, "t")] == expected
    assert made.deviations == []


@pytest.mark.parametrize(
    ("cells", "expected", "reason"),
    [
        ([1, "many", 2.5], ["1", "many", "2.5"], "2 numbers, 1 texts"),
        ([True, "a", 1e20, "b"], ["TRUE", "a", "1e+20", "b"], "2 texts, 1 true or false"),
        ([dt.datetime(2024, 2, 29, 10), 7, None], ["2024-02-29 10:00:00", "7", None], "1 moments, 1 numbers"),
        ([dt.time(1, 2, 3), 7, None], ["01:02:03", "7", None], "1 times of day, 1 numbers"),
    ],
    ids=["numbers", "truth", "moment", "clock"],
)
def test_mixed_columns_become_text_and_say_so(
    call: Call, runtime: Runtime, tmp_path: Path, cells: list[Any], expected: list[Any], reason: str
) -> None:
    book(tmp_path / "t.xlsx", {"t": [["n", "x"], *([at, cell] for at, cell in enumerate(cells))]})
    made = loaded(call, source="t.xlsx")
    assert [row["x"] for row in rows_of(runtime, "t")] == expected
    assert made.deviation_counts == {"mixed_types": 1}
    assert reason in made.deviations[0].reason


def test_money_is_exact(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "t.xlsx", {"t": [["id", "price"], [1, 0.1], [2, 19.99]]})
    loaded(call, source="t.xlsx")
    assert [row["price"] for row in exact(runtime, "t")] == [Decimal("0.10"), Decimal("19.99")]


def test_the_table_is_found_in_its_sheet(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    rows: Rows = [["Report of the year"], [], [None, "made by us"], [], HEAD, [1, "a", True], [], [2, "b", False], [],
                  ["Source: the shop"], [None, "checked"]]  # fmt: skip
    book(tmp_path / "t.xlsx", {"t": rows})
    made = loaded(call, source="t.xlsx")
    assert said(made)["preamble"] == ["Report of the year", "made by us"]
    assert said(made)["footer"] == ["Source: the shop", "checked"]
    assert {one.line for one in made.deviations if one.kind == "footer"} == {10, 11}
    assert made.deviation_counts["blank_line"] == 2
    assert [row["id"] for row in rows_of(runtime, "t")] == ["1", "2", "Source: the shop", None]


def test_a_table_may_begin_anywhere(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "t.xlsx", {"t": [[], [], *([None, None, *row, None] for row in ORDERS)]})
    made = loaded(call, source="t.xlsx")
    assert rows_of(runtime, "t") == [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}]
    assert made.deviations == []


@pytest.mark.parametrize(
    ("rows", "words", "names"),
    [
        ([[1, "a"], [2, "b"]], {}, ["column_1", "column_2"]),
        ([["country", 2019, 2020], ["PL", 1.5, 2.5], ["DE", 2.5, 3.5]], {}, ["country", "2019", "2020"]),
        ([["a", "b"], ["c", "d"]], {}, ["a", "b"]),
        ([["a", "b"], ["c", "d"]], {"header": False}, ["column_1", "column_2"]),
        ([["x", "y"], [1, 2], [3, 4]], {"skip": 1, "header": True}, ["1", "2"]),
        ([["id", None, "id", None], [1, 2, 3, None]], {}, ["id", "column_2", "id_2"]),
    ],
    ids=["none", "years", "texts", "said", "skipped", "twins"],
)
def test_the_header_is_told(
    call: Call, runtime: Runtime, tmp_path: Path, rows: Rows, words: dict[str, Any], names: list[str]
) -> None:
    book(tmp_path / "t.xlsx", {"t": rows})
    loaded(call, source="t.xlsx", **words)
    assert list(rows_of(runtime, "t")[0]) == names


def test_columns_without_a_name_and_twins_are_said(call: Call, tmp_path: Path) -> None:
    book(tmp_path / "t.xlsx", {"t": [["id", None, "ID"], [1, 2, 3]]})
    made = loaded(call, source="t.xlsx")
    assert said(made)["renamed_column"] == ["B", "ID"]


def test_errors_are_null_and_named(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    def errors(sheet: Worksheet) -> None:
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=A1", None, "#REF!")
        sheet.write_string(3, 2, "#REF!")
        sheet.write_formula(3, 1, "=A2*2", None, 14)

    rows: Rows = [["id", "x", "y"], [1, None, "a"], [2, None, "b"], [3, None, None]]
    book(tmp_path / "t.xlsx", {"t": rows}, errors)
    made = loaded(call, source="t.xlsx")
    assert [(row["x"], row["y"]) for row in rows_of(runtime, "t")] == [(None, "a"), (None, "b"), (14, "#REF!")]
    assert [(one.raw, one.line, one.column) for one in made.deviations] == [("#DIV/0!", 2, "x"), ("#REF!", 3, "x")]
    assert made.deviations[0].reason.startswith("B2 holds the error")


def test_formulas_that_were_never_computed_are_said(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", {"t": [["id", "x"], [1, "=A2"], [2, 5]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("<f>A2</f><v>0</v>", "<f>A2</f>")
    packed_in(path, {name: text.encode() for name, text in parts.items()})
    made = loaded(call, source="t.xlsx")
    assert [row["x"] for row in rows_of(runtime, "t")] == [None, 5]
    assert made.deviation_counts == {"uncomputed_formula": 1}


def test_words_for_null_count_where_they_stand_for_null(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    rows: Rows = [["id", "x", "country"], [1, 2.5, "NA"], [2, "NA", "-"], [3, 4, "PL"]]
    book(tmp_path / "t.xlsx", {"t": rows})
    made = loaded(call, source="t.xlsx")
    assert [(row["x"], row["country"]) for row in rows_of(runtime, "t")] == [(2.5, None), (None, "-"), (4.0, "PL")]
    assert made.deviation_counts == {"null_word": 1}
    loaded(call, source="t.xlsx", null=["PL"], mode="replace")
    assert [(row["x"], row["country"]) for row in rows_of(runtime, "t")] == [("2.5", "NA"), ("NA", "-"), ("4", None)]


def test_merged_labels_are_in_each_row_and_numbers_are_not(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_range(1, 0, 2, 0, "north")
        sheet.merge_range(1, 2, 2, 2, 100)

    rows: Rows = [["region", "n", "total"], [None, 1, None], [None, 2, None], ["south", 3, 7]]
    book(tmp_path / "t.xlsx", {"t": rows}, merge)
    made = loaded(call, source="t.xlsx")
    assert [tuple(row.values()) for row in rows_of(runtime, "t")] == [
        ("north", 1, 100), ("north", 2, None), ("south", 3, 7),
    ]  # fmt: skip
    assert said(made)["merged_cells"] == ["north", "100"]


def test_groups_of_columns_give_their_names(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_range(1, 1, 2, 1, "shop")
        sheet.merge_range(1, 2, 1, 3, "2023")
        sheet.merge_range(1, 4, 1, 5, "2024")

    rows: Rows = [[None, "All shops"], [None], [None, None, "net", "gross", "net", "gross"], [None, "a", 1, 2, 3, 4]]
    book(tmp_path / "t.xlsx", {"t": rows}, merge)
    made = loaded(call, source="t.xlsx")
    assert rows_of(runtime, "t") == [
        {"shop": "a", "2023_net": 1, "2023_gross": 2, "2024_net": 3, "2024_gross": 4}
    ]  # fmt: skip
    assert (made.deviation_counts, made.deviations[0].raw) == ({"preamble": 1}, "All shops")


def test_a_header_alone_is_an_empty_table(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "t.xlsx", {"t": [["id", "kind"]]})
    made = loaded(call, source="t.xlsx")
    assert (made.rows, made.columns) == (0, 2)


def test_the_content_tells_not_the_name(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", {"t": ORDERS})
    for name in ("orders.csv", "orders2.xls", "orders3.bin"):
        (tmp_path / "a.xlsx").replace(tmp_path / name)
        assert loaded(call, source=name).rows == 2
        (tmp_path / name).replace(tmp_path / "a.xlsx")


def test_a_workbook_in_an_archive(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    content = book(tmp_path / "a.xlsx", {"t": ORDERS}).read_bytes()
    packed_in(tmp_path / "orders.zip", {"deep/a.xlsx": content})
    assert loaded(call, source="orders.zip").name == "orders"
    packed_in(tmp_path / "two.zip", {"a.xlsx": content, "b.xlsx": content})
    with pytest.raises(BadFile, match="several Excel files"):
        loaded(call, source="two.zip")
    assert left_in(runtime) == []


def test_a_compressed_workbook(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    content = book(tmp_path / "a.xlsx", {"t": ORDERS}).read_bytes()
    (tmp_path / "orders.xlsx.gz").write_bytes(gzip.compress(content))
    assert loaded(call, source="orders.xlsx.gz").name == "orders"
    assert left_in(runtime) == []


def test_sheets_are_added_and_replaced(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "shop.xlsx", {"a": [["x"], [1]], "b": [["y"], ["p"]]})
    loaded(call, source="shop.xlsx")
    with pytest.raises(NameTaken, match="'a'"):
        loaded(call, source="shop.xlsx")
    book(tmp_path / "shop.xlsx", {"a": [["x"], [2]], "b": [["y"], ["q"]]})
    loaded(call, source="shop.xlsx", mode="append")
    assert [row["x"] for row in rows_of(runtime, "a")] == [1, 2]
    assert [row["y"] for row in rows_of(runtime, "b")] == ["p", "q"]
    loaded(call, source="shop.xlsx", mode="replace")
    assert [row["y"] for row in rows_of(runtime, "b")] == ["q"]
    assert loaded(call, source="shop.xlsx", mode="replace").unchanged


@pytest.mark.parametrize("words", [{"query": "SELECT 1"}, {"watermark": "x"}, {"key": ["x"]}, {"tables": ["t"]}])
def test_what_a_workbook_has_no_place_for(call: Call, tmp_path: Path, words: dict[str, Any]) -> None:
    book(tmp_path / "t.xlsx", {"t": ORDERS})
    with pytest.raises(InvalidRequest, match=f"`{next(iter(words))}` has no place"):
        loaded(call, source="t.xlsx", **words)


def test_many_rows_come_in_batches(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    book(tmp_path / "t.xlsx", {"t": [["n", "half"], *([at, at / 2] for at in range(12_001))]})
    assert loaded(call, source="t.xlsx").rows == 12_001
    assert sum(row["n"] for row in exact(runtime, "t")) == sum(range(12_001))


def test_a_folder_of_workbooks_is_one_table(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "months"
    folder.mkdir()
    book(folder / "jan.xlsx", {"Sheet1": ORDERS, "notes": []})
    book(folder / "feb.xlsx", {"Sheet1": [["kind", "id", "paid"], ["c", 3, 2.5]]})
    made = loaded(call, source="months")
    assert (made.name, made.rows, made.tables) == ("months", 3, [])
    assert rows_of(runtime, "months") == [
        {"kind": "c", "id": 3, "paid": 2.5}, {"kind": "a", "id": 1, "paid": None},
        {"kind": "b", "id": 2, "paid": None},
    ]  # fmt: skip
    assert [one.reason for one in made.deviations] == ["jan.xlsx: the sheet 'notes' is empty"]
    (edge,) = runtime.catalog.lineage(made.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("folder", "months (2 files)")
    assert left_in(runtime) == []
    assert loaded(call, source="months", mode="replace").unchanged
    book(folder / "mar.xlsx", {"Sheet1": [["id"], [4]]})
    assert loaded(call, source="months", mode="replace").rows == 4


def test_the_sheet_of_each_can_be_named(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "months"
    folder.mkdir()
    for number, name in enumerate(("jan", "feb"), 1):
        book(folder / f"{name}.xlsx", {"Orders": [["id"], [number]], "people": [["name"], ["Zoë"]]})
    with pytest.raises(BadFile, match=r"feb\.xlsx has several sheets") as refused:
        loaded(call, source="months")
    assert "--sheet" in refused.value.hint
    assert left_in(runtime) == []
    loaded(call, source="months", sheet="orders")
    assert sorted(row["id"] for row in rows_of(runtime, "months")) == [1, 2]
    assert not loaded(call, source="months", sheet="people", mode="replace").unchanged
    assert rows_of(runtime, "months") == [{"name": "Zoë"}] * 2
    with pytest.raises(NotFound, match=r"feb\.xlsx has no sheet 'sales'"):
        loaded(call, source="months", sheet="sales", mode="replace")
    assert left_in(runtime) == []


def test_workbooks_among_other_files_are_refused(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "months"
    folder.mkdir()
    book(folder / "jan.xlsx", {"Sheet1": ORDERS})
    (folder / "feb.xlsx").write_text("id,kind\n3,c\n")
    with pytest.raises(BadFile, match="workbooks and other files"):
        loaded(call, source="months")
    assert left_in(runtime) == []
