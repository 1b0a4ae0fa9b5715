"""Types of text cells: the lattice, money, null words, dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.native.ingested import Ingest, Ingested


def one(ingest: Ingest, *cells: str, name: str = "v") -> Ingested:
    """A table of one column beside a column of text, so that the header is one."""
    quoted = ['"' + cell.replace('"', '""') + '"' if "," in cell else cell for cell in cells]
    return ingest(f"{name},note\n" + "".join(f"{cell},n\n" for cell in quoted))


@pytest.mark.parametrize(
    ("cells", "data_type"),
    [
        (["1", "-2", "+3"], "BIGINT"),
        (["9223372036854775807", "-9223372036854775808"], "BIGINT"),
        (["9223372036854775808", "1"], "VARCHAR"),
        (["1", "2.5"], "DOUBLE"),
        (["1", "1e5"], "DOUBLE"),
        (["0.5", "nan", "-inf"], "DOUBLE"),
        (["nan", "Inf"], "VARCHAR"),
        (["9007199254740993", "0.5"], "DECIMAL(38,1)"),
        (["9007199254740992", "0.5"], "DOUBLE"),
        (["1000000000000000.0", "1e16"], "DOUBLE"),
        (["9007199254740993", "1e3"], "VARCHAR"),
        (["007", "008"], "VARCHAR"),
        (["0", "10"], "BIGINT"),
        (["0.5", "00.5"], "VARCHAR"),
        (["+4915112345678", "+4915112345679"], "VARCHAR"),
        (["true", "FALSE"], "BOOLEAN"),
        (["yes", "No"], "BOOLEAN"),
        (["t", "F"], "BOOLEAN"),
        (["true", "yes"], "VARCHAR"),
        (["Y", "N"], "VARCHAR"),
        (["0", "1"], "BIGINT"),
        (["true", "1"], "VARCHAR"),
        (["2024-01-02", "1999-12-31"], "DATE"),
        (["2024-01-02", "2024-01-02 03:04:05"], "TIMESTAMP"),
        (["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+02:00"], "TIMESTAMP WITH TIME ZONE"),
        (["2024-01-02T03:04:05Z", "2024-01-02T03:04:05"], "VARCHAR"),
        (["2024-01-02", "12"], "VARCHAR"),
        (["2024-02-30", "2024-02-01"], "VARCHAR"),
        (["1,234", "12,345,678"], "BIGINT"),
        (["1,23", "4,5"], "DOUBLE"),
        (["1,23", "4.5"], "VARCHAR"),
        (["12.5%", "3%"], "VARCHAR"),
        (["1.2.3", "4"], "VARCHAR"),
        (["0x1f", "1"], "VARCHAR"),
        (["1_000", "1"], "VARCHAR"),
        (["", ""], "VARCHAR"),
    ],
)
def test_a_column_has_the_narrowest_type_that_holds_every_value(
    ingest: Ingest, cells: list[str], data_type: str
) -> None:
    assert one(ingest, *cells).types["v"] == data_type


@pytest.mark.parametrize("late", ["0.5", "x", "2024-01-01", "00", "99999999999999999999"])
def test_a_last_value_of_another_type_widens_the_whole_column(ingest: Ingest, late: str) -> None:
    table = one(ingest, *[str(n) for n in range(30_000)], late)
    values = table.values("v")
    assert table.column("v")["null_count"] == 0
    expected: list[Any] = [str(n) for n in range(30_000)] + [late]
    assert values == ([float(cell) for cell in expected] if late == "0.5" else expected)


def test_numbers_keep_their_outer_blanks_out(ingest: Ingest) -> None:
    assert one(ingest, " 1", "2 ", " 3 ").values("v") == [1, 2, 3]


def test_blank_cells_of_a_typed_column_are_missing_and_said(ingest: Ingest) -> None:
    table = one(ingest, "1", "  ", "3")
    assert table.values("v") == [1, None, 3]
    assert any("blanks count as missing" in note for note in table.column("v")["notes"])


@pytest.mark.parametrize(
    "name", ["price", "UnitPrice", "unit_price", "Total Amount", "COST", "salesTax", "Preis", "montant", "balances"]
)
def test_decimals_under_a_money_name_are_decimals(ingest: Ingest, name: str) -> None:
    table = one(ingest, "1.5", "2.25", "-3", name=name)
    column = table.result.columns[0]
    assert column["data_type"] == "DECIMAL(18,2)"
    assert column["money"] is not None
    assert [row[0] for row in table.rows] == [Decimal("1.50"), Decimal("2.25"), Decimal("-3.00")]


@pytest.mark.parametrize("name", ["coffee", "syntax", "Quantity", "weight", "priceless"])
def test_other_names_stay_double(ingest: Ingest, name: str) -> None:
    column = one(ingest, "1.5", "2.25", name=name).result.columns[0]
    assert (column["data_type"], column["money"]) == ("DOUBLE", None)


@pytest.mark.parametrize(
    ("cells", "data_type"),
    [
        (["1.2345", "2"], "DECIMAL(18,4)"),
        (["1.23456", "2"], "DOUBLE"),
        (["1e2", "2.5"], "DOUBLE"),
        (["1", "2"], "BIGINT"),
        (["123456789012345.67", "1.2345"], "DECIMAL(38,4)"),
        (["12345678901234567890123456789012.5", "1"], "DECIMAL(38,1)"),
    ],
)
def test_money_is_decimal_only_where_it_is_exact(ingest: Ingest, cells: list[str], data_type: str) -> None:
    assert one(ingest, *cells, name="price").types["price"] == data_type


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["$1,200", "$3.50"], ["1200.00", "3.50"]),
        (["€5", "-€ 2.5"], ["5.0", "-2.5"]),
        (["5 €", "£7"], ["5", "7"]),
        (["($12.00)", "$1"], ["-12.00", "1.00"]),
        (["1,234.56", "2.5"], ["1234.56", "2.50"]),
    ],
)
def test_currency_and_thousands_make_money_under_any_name(ingest: Ingest, cells: list[str], values: list[str]) -> None:
    table = one(ingest, *cells)
    assert table.column("v")["money"] is not None
    assert [str(value) for value in table.values("v")] == values


def test_decimal_commas_are_read_where_the_file_has_them(ingest: Ingest) -> None:
    table = ingest("name;weight;ratio\nx;1.234,5;1,234\ny;2,25;5,678\n")
    assert table.rows == [("x", Decimal("1234.50"), 1.234), ("y", Decimal("2.25"), 5.678)]
    assert table.result.dialect["decimal"] == ","


def test_a_null_word_beside_numbers_is_missing(ingest: Ingest) -> None:
    assert one(ingest, "1", "NA", "3").values("v") == [1, None, 3]


@pytest.mark.parametrize("word", ["NA", "N/A", "null", "None", "-", "\\N"])
def test_a_word_that_is_null_in_a_typed_column_is_null_in_text(ingest: Ingest, word: str) -> None:
    table = ingest(f"n,sex\n1,male\n{word},{word}\n3,female\n")
    assert table.rows == [(1, "male"), (None, None), (3, "female")]


def test_a_word_that_is_null_nowhere_stays_text_and_is_reported(ingest: Ingest) -> None:
    table = ingest("n,code\n1,NA\n2,SA\n")
    assert table.values("code") == ["NA", "SA"]
    assert table.column("code")["notes"] == ['"NA" is kept as text (1 cells)']
    assert table.result.deviation_counts["column_note"] == 1


def test_spellings_are_words_of_their_own(ingest: Ingest) -> None:
    assert ingest("n,code\n1,null\nNA,NA\n3,null\n").values("code") == ["null", None, "null"]


def test_words_for_null_can_be_given(ingest: Ingest) -> None:
    table = ingest("n,code\n1,NA\n?,?\n3,x\n", nulls=["?"])
    assert table.rows == [(1, "NA"), (None, None), (3, "x")]
    assert ingest("n,code\n1,NA\n2,x\n", nulls=["NA"]).values("code") == [None, "x"]
    assert ingest("n\n1\nNA\n", nulls=[]).values("n") == ["1", "NA"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["13/01/2024", "02/03/2024"], [dt.date(2024, 1, 13), dt.date(2024, 3, 2)]),
        (["01/13/2024", "02/03/2024"], [dt.date(2024, 1, 13), dt.date(2024, 2, 3)]),
        (["31.12.2023", "1.2.2024"], [dt.date(2023, 12, 31), dt.date(2024, 2, 1)]),
        (["25-12-2023", "01-02-2024"], [dt.date(2023, 12, 25), dt.date(2024, 2, 1)]),
        (["2024/03/05", "2024/1/9"], [dt.date(2024, 3, 5), dt.date(2024, 1, 9)]),
    ],
)
def test_dates_are_read_in_the_order_that_fits_them_all(
    ingest: Ingest, cells: list[str], expected: list[dt.date]
) -> None:
    table = one(ingest, *cells)
    assert table.values("v") == expected
    assert table.column("v")["notes"] == []


def test_an_order_that_nothing_decides_is_day_first_and_reported(ingest: Ingest) -> None:
    table = one(ingest, "03/04/2024", "05/05/2024")
    assert table.values("v") == [dt.date(2024, 4, 3), dt.date(2024, 5, 5)]
    assert table.column("v")["notes"] == [
        "1 dates could be read in two ways; they were read day first, because nothing in the table decides"
    ]


def test_an_undecided_order_follows_another_column(ingest: Ingest) -> None:
    table = ingest("a,b\n03/04/2024,12/31/2023\n05/06/2024,01/02/2024\n")
    assert table.values("a") == [dt.date(2024, 3, 4), dt.date(2024, 5, 6)]
    assert "month first, as in another column" in table.column("a")["notes"][0]


def test_dates_that_fit_no_single_order_stay_text(ingest: Ingest) -> None:
    table = one(ingest, "13/01/2024", "01/13/2024")
    assert table.types["v"] == "VARCHAR"
    assert "no single order" in table.column("v")["notes"][0]


def test_instants_are_kept_in_utc_and_naive_times_as_they_are(ingest: Ingest) -> None:
    offset = one(ingest, "2024-05-02T10:00:00.001+02:00", "2024-05-02T08:00:00Z")
    assert offset.values("v") == [
        dt.datetime(2024, 5, 2, 8, 0, 0, 1000, tzinfo=dt.UTC),
        dt.datetime(2024, 5, 2, 8, tzinfo=dt.UTC),
    ]
    naive = one(ingest, "2024-05-02 10:00", "5/2/2024 10:00")
    assert naive.types["v"] == "VARCHAR"
    naive = one(ingest, "2/5/2024 3:04 PM", "25/5/2024 12:00 AM")
    assert naive.values("v") == [dt.datetime.fromisoformat(text) for text in ("2024-05-02 15:04", "2024-05-25")]


def test_times_before_1970_and_far_ahead_survive(ingest: Ingest) -> None:
    cells = ["0001-01-01 00:00:00", "1969-12-31 23:59:59.999999", "9999-12-31 23:59:59"]
    assert [str(value) for value in one(ingest, *cells).values("v")] == cells
