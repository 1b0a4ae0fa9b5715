"""Generated SQL is valid, checked before it runs, refused where it is not, and its result explained."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import RefusedStatement
from lakebook.query import run
from lakebook.query.answer import Answer
from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import Guarded, check, guard
from lakebook.query.read import Way, statement
from lakebook.query.tables import Column, Table
from lakebook.query.travel import to_result
from tests.properties.grounding import grounded
from tests.properties.test_ask_trace import CHANNELS, COUNTRIES, TABLE, questions, sql_of
from tests.properties.test_query_guard import FORBIDDEN_CALLS, FORBIDDEN_STATEMENTS, TABLES, statements

ENGINES = ("snowflake", "spark")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def orders() -> Iterator[duckdb.DuckDBPyConnection]:
    """The table that questions are about, with nulls, ties and a few hundred rows."""
    columns = ", ".join(f'"{column.name}" {column.data_type}' for column in TABLE.columns)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA bronze; CREATE TABLE bronze.orders ({columns})")
        connection.execute(
            "INSERT INTO bronze.orders SELECT n, n % 37, ($1)[1 + n % 6], ($2)[1 + n % 4], nullif(n % 11, 0),"
            " (n % 90) / 4, nullif(n % 13, 5) / 3, date '2010-01-01' + (n * 7 % 1090)::INTEGER"
            " FROM range(300) AS numbers(n)",
            [list(COUNTRIES), list(CHANNELS)],
        )
        yield connection


class Spy(Children):
    """Stands in for the sealed children: keeps what it is asked to run, and runs it where it has a connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        super().__init__()
        self.connection, self.asked, self.seen = connection, list[Guarded](), list[str]()

    def run(
        self, guarded: Guarded, *, principal: str, memory_limit_bytes: int | None = None,
        time_limit: float | None = None, cancel: threading.Event | None = None,
    ) -> pa.Table:  # fmt: skip
        """Keep the statement; its rows, or one row of nothing."""
        self.asked.append(guarded)
        self.seen.append("run")
        if self.connection is None:
            return pa.table({"nothing": pa.array([None], pa.int64())})
        table: pa.Table = self.connection.sql(guarded.sql).to_arrow_table()
        return table


def watched(spy: Spy, patch: pytest.MonkeyPatch) -> None:
    """Have the guard say in the spy's list when it let a statement through."""

    def guarding(sql: str, tables: Sequence[Table], **more: Any) -> Guarded:
        guarded = guard(sql, tables, **more)
        spy.seen.append("passed")
        return guarded

    patch.setattr("lakebook.query.read.guard", guarding)


def known_values(_table: Table, column: Column) -> list[str]:
    """The values of a text column."""
    return list(column.top_values)


# Feature: ai-analytics-platform, Property 13: SQL generation validity. For any natural language question, the Platform should generate SQL that passes syntax validation for the target database (Snowflake).
@given(question=questions)
def test_the_sql_of_a_question_is_valid_where_it_runs(question: str, orders: duckdb.DuckDBPyConnection) -> None:
    sql = sql_of(question)
    assert sql is not None
    guarded = guard(sql, [TABLE])
    assert orders.execute(f"EXPLAIN {guarded.sql}").fetchall()
    for engine in ENGINES:
        there = guard(sql, [TABLE], engine=engine)
        assert check(there.sql, [TABLE], engine, engine=engine) == [], engine


broken = st.tuples(statements, st.integers(0, 200), st.sampled_from(("", ";", "'", "(", "FROM", "/*", "$$"))).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
)


# Feature: ai-analytics-platform, Property 14: SQL validation before execution. For any generated SQL, the Platform should validate the syntax before execution, and only execute if validation passes.
@given(sql=st.one_of(statements, broken, st.text(max_size=60), st.sampled_from(FORBIDDEN_STATEMENTS)))
def test_nothing_runs_that_was_not_checked_first(sql: str) -> None:
    spy = Spy()
    valid = check(sql, TABLES) == []
    with pytest.MonkeyPatch.context() as patch:
        watched(spy, patch)
        try:
            statement(sql, TABLES, Way(spy, "tester"))
        except RefusedStatement:
            assert not valid
            assert spy.seen == []
        else:
            assert valid
            assert spy.seen == ["passed", "run"]
            assert check(spy.asked[0].sql, TABLES) == []


unknown = st.from_regex(r"zz_[a-z]{1,8}", fullmatch=True)
invalid = st.one_of(
    st.sampled_from(FORBIDDEN_STATEMENTS),
    st.tuples(statements, st.sampled_from(FORBIDDEN_CALLS)).map(
        lambda parts: f"SELECT q.*, {parts[1]} AS x FROM ({parts[0]}) AS q"
    ),
    st.tuples(statements, unknown).map(lambda parts: f"SELECT * FROM ({parts[0]}) AS q, {parts[1]}"),
    st.tuples(statements, unknown).map(lambda parts: f"SELECT q.{parts[1]} FROM ({parts[0]}) AS q"),
    statements.map(lambda sql: f"{sql} WHERE ORDER"),
    statements.map(lambda sql: f"({sql}"),
    st.sampled_from(("", " ", ";", "--", "SELEC 1", "SELECT FROM", "SELECT 'x", "SELECT 1; SELECT 2", "\x00")),
)


# Feature: ai-analytics-platform, Property 15: Invalid SQL error handling. For any invalid generated SQL, the Platform should return an error message to the user and should not execute the query against the database.
@given(sql=invalid)
def test_an_invalid_statement_is_an_error_in_words_and_never_runs(sql: str) -> None:
    spy = Spy()
    with pytest.raises(RefusedStatement) as refused:
        statement(sql, TABLES, Way(spy, "tester"))
    assert spy.asked == []
    said = refused.value.to_dict()
    assert (refused.value.status, said["code"]) == (422, "refused_statement")
    assert said["message"]
    assert refused.value.reasons
    assert all(reason.message.endswith(".") for reason in refused.value.reasons)


def numbers_in(text: str) -> set[str]:
    """The numbers that a text says, without signs and thousands."""
    return {found.replace(",", "").rstrip(".") for found in NUMBER.findall(text)}


def explained(answer: Answer, told: str) -> None:
    """The explanation is there, and no number in it is made up."""
    table = answer.arrow()
    explanation = to_result(answer).explanation
    assert explanation.strip()
    if answer.sentence:
        assert explanation == answer.sentence
        assert grounded(explanation, table)
        return
    shape = {str(table.num_rows), str(table.num_columns)}
    assert numbers_in(explanation) <= numbers_in(told) | shape | numbers_in(str(table.to_pylist())), explanation


# Feature: ai-analytics-platform, Property 16: Query result explanation. For any successfully executed query, the Platform should generate a natural language explanation of the results using an LLM.
@given(question=questions)
def test_every_answer_is_explained_with_numbers_of_its_own(question: str, orders: duckdb.DuckDBPyConnection) -> None:
    spy = Spy(orders)
    answer = run.ask(question, Domain((TABLE,)), Way(spy, "tester"), values=known_values)
    assert answer.status == "answered"
    assert len(spy.asked) == 1
    explained(answer, question)
    stated = statement(answer.sql, [TABLE], Way(spy, "tester"))
    explained(stated, answer.sql)
