"""Tables, their names and the kinds of their columns."""

from __future__ import annotations

import pytest

from lakebook.query.tables import Column, Table, find_table, folded


@pytest.mark.parametrize(
    ("data_type", "kinds"),
    [
        ("VARCHAR", {"is_text"}),
        ("ENUM('a', 'b')", {"is_text"}),
        ("INTEGER", {"is_number", "is_whole"}),
        ("UBIGINT", {"is_number", "is_whole"}),
        ("HUGEINT", {"is_number", "is_whole"}),
        ("DOUBLE", {"is_number", "is_inexact"}),
        ("FLOAT", {"is_number", "is_inexact"}),
        ("DECIMAL(18,2)", {"is_number"}),
        ("DATE", {"is_date", "is_time"}),
        ("TIMESTAMP", {"is_time"}),
        ("TIMESTAMP WITH TIME ZONE", {"is_time"}),
        ("TIMESTAMP_NS", {"is_time"}),
        ("BOOLEAN", set()),
        ("TIME", set()),
        ("BLOB", set()),
        ("INTEGER[]", {"is_nested"}),
        ("VARCHAR[3]", {"is_nested"}),
        ("STRUCT(a INTEGER)", {"is_nested"}),
        ("MAP(VARCHAR, DATE)", {"is_nested"}),
    ],
)
def test_kinds(data_type: str, kinds: set[str]) -> None:
    column = Column("x", data_type)
    names = ("is_text", "is_number", "is_whole", "is_inexact", "is_date", "is_time", "is_nested")
    assert {name for name in names if getattr(column, name)} == kinds


def table(name: str, layer: str = "bronze") -> Table:
    return Table(name, layer, f"{layer}-{name}", 1, 1, (), ())


def test_names_are_compared_folded_and_composed() -> None:
    assert folded("CAFE\u0301") == folded("café")
    assert folded("STRASSE") == folded("straße")


def test_bronze_first_else_the_only_layer() -> None:
    bronze, gold, silver = table("sales"), table("sales", "gold"), table("sales", "silver")
    assert find_table([gold, bronze], "Sales") is bronze
    assert find_table([gold], "sales") is gold
    assert find_table([gold, silver], "sales") is None
    assert find_table([gold, silver], "sales", "SILVER") is silver
    assert find_table([bronze], "sales", "gold") is None
    assert find_table([], "sales") is None
    assert bronze.full_name == "bronze.sales"


def test_what_the_profile_says_does_not_make_another_column() -> None:
    assert Column("a", "DATE", min="2011-01-01", top_values=("x",)) == Column("a", "DATE")
    assert hash(Column("a", "DATE", min=["unhashable"])) == hash(Column("a", "DATE"))
