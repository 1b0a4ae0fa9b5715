"""Question to answer, statement to rows, in real children over real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakebook.errors import QueryFailed, QueryTimedOut, RefusedStatement
from lakebook.query.answer import Answer
from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain
from lakebook.query.read import Way, answered, statement
from lakebook.query.reading import Aggregate, Reading
from lakebook.query.run import ask
from lakebook.query.seen import values_from
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Field


def asked(question: str, tables: list[Table], children: Children, **more: Any) -> Answer:
    return ask(question, Domain(tuple(tables)), Way(children, "a"), **more)


def test_a_question_is_answered(shop: dict[str, Table], children: Children) -> None:
    answer = asked("total quantity by country", [shop["orders"]], children)
    assert (answer.status, answer.source, answer.truncated) == ("answered", "parser", False)
    assert answer.reading == "total Quantity by Country"
    assert answer.arrow().to_pylist()[:2] == [
        {"Country": "EIRE", "total_Quantity": 1},
        {"Country": "France", "total_Quantity": 27},
    ]
    assert answer.sentence == "Netherlands is the highest with 47; EIRE is the lowest with 1."
    assert [answer.sentence[start:end] for start, end, _, _ in answer.traces] == ["Netherlands", "47", "EIRE", "1"]
    assert answer.datasets == (("orders", 1),)
    assert answer.chart is not None
    assert answer.execution_time_ms > 0
    assert isinstance(answer.meaning, Reading)


def test_the_sql_of_an_answer_gives_its_rows(shop: dict[str, Table], children: Children) -> None:
    answer = asked("total quantity by month in 2011", [shop["orders"]], children)
    assert statement(answer.sql, [shop["orders"]], Way(children, "a")).arrow() == answer.arrow()


def test_a_question_is_declined_without_running(shop: dict[str, Table], children: Children) -> None:
    answer = asked("monthly churn", [shop["orders"]], children, values=lambda table, column: [])
    assert (answer.status, answer.words, answer.sql) == ("declined", ("churn",), "")
    assert answer.table is None


def test_values_are_looked_up_in_the_children(shop: dict[str, Table], children: Children) -> None:
    bare = Table("orders", "bronze", "bare", 1, 12, shop["orders"].files,
                 tuple(Column(column.name, column.data_type) for column in shop["orders"].columns))  # fmt: skip
    answer = asked("total quantity in Germany", [bare], children)
    assert answer.arrow().to_pylist() == [{"total_Quantity": 22}]


def test_values_are_looked_up_once_a_version(shop: dict[str, Table], children: Children) -> None:
    look = values_from(children, principal="once")
    country = next(column for column in shop["orders"].columns if column.name == "Country")
    assert look(shop["orders"], country) is look(shop["orders"], country)
    assert sorted(look(shop["orders"], country))[0] == "EIRE"


def test_a_statement_pasted_as_a_question_is_guarded_and_run(tables: list[Table], children: Children) -> None:
    answer = asked("SELECT count(*) AS n FROM birds", tables, children)
    assert (answer.status, answer.source, answer.arrow().to_pylist()) == ("answered", "sql", [{"n": 7}])
    refused = asked("SELECT * FROM read_csv('/etc/passwd')", tables, children)
    assert (refused.status, refused.table) == ("declined", None)
    assert "may not be used" in refused.reason or "no table" in refused.reason


def test_an_answer_says_what_it_takes_for_granted(shop: dict[str, Table], children: Children) -> None:
    reading = Reading("", figures=(Aggregate("rows", shop["birds"]),), notes=("'brids' read as birds.",))
    answer = answered(reading, Domain((shop["birds"],)), Way(children, "a"))
    assert answer.notes == ("'brids' read as birds.",)
    assert answer.notes[0] in repr(answer)


def test_tables_that_nothing_ties_decline_the_question(
    shop: dict[str, Table], children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = Reading(
        "", figures=(Aggregate("rows", shop["birds"]),), groups=(Field(shop["days"], shop["days"].columns[0]),)
    )
    monkeypatch.setattr("lakebook.query.run.understand", lambda *_: apart)
    answer = asked("birds by date", [shop["birds"], shop["days"]], children)
    assert answer.status == "declined"
    assert "birds" in answer.reason
    assert "days" in answer.reason


@pytest.mark.parametrize(("limit", "rows", "truncated"), [(3, 3, True), (6, 6, True), (7, 7, False), (8, 7, False)])
def test_rows_past_the_limit_are_cut_and_said(
    limit: int, rows: int, truncated: bool, tables: list[Table], children: Children
) -> None:
    answer = statement("select * from birds", tables, Way(children, "a", row_limit=limit))
    assert (answer.arrow().num_rows, answer.truncated) == (rows, truncated)
    assert f"LIMIT {limit}" in answer.sql


def test_a_limit_of_its_own_is_no_truncation(tables: list[Table], children: Children) -> None:
    answer = statement("select * from birds limit 3", tables, Way(children, "a", row_limit=3))
    assert (answer.arrow().num_rows, answer.truncated) == (3, False)


def test_a_refused_statement(tables: list[Table], children: Children) -> None:
    with pytest.raises(RefusedStatement):
        statement("drop table orders", tables, Way(children, "a"))


def test_errors_of_the_engine_are_typed(tables: list[Table], children: Children) -> None:
    with pytest.raises(QueryFailed) as caught:
        statement("select cast(species as int) from birds", tables, Way(children, "a"))
    assert caught.value.status == 422
    with pytest.raises(QueryTimedOut):
        statement("select 1", tables, Way(children, "a", time_limit=0.0))


def test_sums_of_doubles_repeat_to_the_digit(tables: list[Table], children: Children) -> None:
    text = "select sum(precipitation * temp_max) as s, avg(temp_max) as a from days"
    found = {str(statement(text, tables, Way(children, "a")).arrow().to_pylist()) for _ in range(30)}
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
    found = {statement(text, [retail], Way(children, "a")).arrow().column(0)[0].as_py() for _ in range(30)}
    assert found == {9747747.934}
