"""Question to answer, statement to rows, in real children over real files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from lakebook.errors import QueryFailed, QueryTimedOut, RefusedStatement
from lakebook.query.children import Children
from lakebook.query.guard import guard
from lakebook.query.run import ask, query, values_from
from lakebook.query.tables import Column, Table


def test_a_question_is_answered(tables: list[Table], children: Children) -> None:
    answer = ask("top 2 countries by revenue without France", tables, children, principal="a")
    assert (answer.status, answer.source) == ("answered", "parser")
    assert answer.reading == "revenue by Country, Country ≠ France, top 2"
    assert answer.arrow().to_pylist() == [
        {"Country": "Netherlands", "revenue": Decimal("508.53")},
        {"Country": "United Kingdom", "revenue": Decimal("89.74")},
    ]
    assert answer.sentence == "Netherlands leads with 508.53."
    assert answer.datasets == (("orders", 1),)
    assert answer.chart is not None
    assert answer.execution_time_ms > 0
    assert not answer.truncated


def test_the_sql_of_an_answer_gives_its_rows(tables: list[Table], children: Children) -> None:
    answer = ask("monthly revenue in 2011", tables, children, principal="a")
    assert query(answer.sql, tables, children, principal="a").arrow() == answer.arrow()


def test_a_question_is_declined_without_running(tables: list[Table], children: Children) -> None:
    answer = ask("monthly churn", tables, children, principal="a", values=lambda table, column: [])
    assert (answer.status, answer.words, answer.sql) == ("declined", ("churn",), "")
    assert answer.suggestions


def test_values_are_looked_up_in_the_children(shop: dict[str, Table], children: Children) -> None:
    bare = Table("orders", "bronze", "bare", 1, 12, shop["orders"].files,
                 tuple(Column(column.name, column.data_type) for column in shop["orders"].columns))  # fmt: skip
    answer = ask("how many rows for regency cakestand 3 tier", [bare], children, principal="a")
    assert answer.arrow().to_pylist() == [{"rows": 2}]


def test_values_are_looked_up_once_a_version(shop: dict[str, Table], children: Children) -> None:
    look = values_from(children, principal="once")
    country = next(column for column in shop["orders"].columns if column.name == "Country")
    assert look(shop["orders"], country) is look(shop["orders"], country)
    assert sorted(look(shop["orders"], country))[0] == "EIRE"


def test_a_dataset_limits_the_question(tables: list[Table], children: Children) -> None:
    assert ask("how many rows", tables, children, principal="a").status == "declined"
    answer = ask("how many rows", tables, children, principal="a", dataset="birds")
    assert answer.sentence == "There are 7 rows in birds."


@pytest.mark.parametrize(("limit", "rows", "truncated"), [(3, 3, True), (6, 6, True), (7, 7, False), (8, 7, False)])
def test_rows_past_the_limit_are_cut_and_said(
    limit: int, rows: int, truncated: bool, tables: list[Table], children: Children
) -> None:
    answer = query("select * from birds", tables, children, principal="a", row_limit=limit)
    assert (answer.arrow().num_rows, answer.truncated) == (rows, truncated)
    assert f"LIMIT {limit}" in answer.sql


def test_a_limit_of_its_own_is_no_truncation(tables: list[Table], children: Children) -> None:
    answer = query("select * from birds limit 3", tables, children, principal="a", row_limit=3)
    assert (answer.arrow().num_rows, answer.truncated) == (3, False)


def test_a_refused_statement(tables: list[Table], children: Children) -> None:
    with pytest.raises(RefusedStatement):
        query("drop table orders", tables, children, principal="a")


def test_errors_of_the_engine_are_typed(tables: list[Table], children: Children) -> None:
    with pytest.raises(QueryFailed) as caught:
        query("select cast(species as int) from birds", tables, children, principal="a")
    assert caught.value.status == 422
    with pytest.raises(QueryTimedOut):
        query("select 1", tables, children, principal="a", time_limit=0.0)


def test_sums_of_doubles_repeat_to_the_digit(tables: list[Table], children: Children) -> None:
    text = "select sum(precipitation * temp_max) as s, avg(temp_max) as a from days"
    found = {str(query(text, tables, children, principal="a").arrow().to_pylist()) for _ in range(30)}
    assert len(found) == 1


# Real data.


@pytest.fixture(scope="module")
def retail(shared: Path) -> Table:
    file = shared / "data" / "retail" / "online_retail.parquet"
    connection = duckdb.connect()
    columns = [
        Column(row[0], row[1], unique_count=(connection.execute(
            f"SELECT count(DISTINCT \"{row[0]}\") FROM '{file}'").fetchone() or (0,))[0])
        for row in connection.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
    ]  # fmt: skip
    return Table("orders", "bronze", "retail", 1, 541_909, (str(file),), tuple(columns))


def test_the_sum_of_half_a_million_lines_is_exact(retail: Table, children: Children) -> None:
    text = "select sum(Quantity*UnitPrice) as revenue from orders"
    found = {query(text, [retail], children, principal="a").arrow().column(0)[0].as_py() for _ in range(30)}
    assert found == {9747747.934}


def test_top_countries_by_number_of_rows(retail: Table, children: Children) -> None:
    answer = ask("top 5 countries by number of rows", [retail], children, principal="a")
    assert answer.arrow().to_pylist() == [
        {"Country": "United Kingdom", "rows": 495478},
        {"Country": "Germany", "rows": 9495},
        {"Country": "France", "rows": 8557},
        {"Country": "EIRE", "rows": 8196},
        {"Country": "Spain", "rows": 2533},
    ]
    assert guard(answer.sql, [retail]).tables == (retail,)
