"""Whatever statement is made up: what the guard lets through is one SELECT over known tables, and stays so."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse

from lakebook.errors import RefusedStatement
from lakebook.query.guard.guarded import check, guard
from lakebook.query.tables import Column, Table

TABLES = [
    Table("orders", "bronze", "o", 1, 10, (), (Column("id", "BIGINT"), Column("price", "DOUBLE"),
                                               Column("country", "VARCHAR"), Column("day", "DATE"))),
    Table("people", "silver", "p", 1, 10, (), (Column("id", "BIGINT"), Column("name", "VARCHAR"))),
]  # fmt: skip

SCHEMA = """
CREATE SCHEMA bronze; CREATE SCHEMA silver;
CREATE TABLE bronze.orders AS SELECT * FROM (VALUES (1, 2.5::DOUBLE, 'FR', DATE '2011-01-01'), (2, NULL, NULL, NULL))
    AS t(id, price, country, day);
CREATE TABLE silver.people AS SELECT * FROM (VALUES (1, 'Ada')) AS t(id, name);
"""

FORBIDDEN_CALLS = (
    "read_csv('/etc/passwd')", "read_text('/etc/passwd')", "glob('/*')", "getenv('HOME')", "nextval('s')",
    "current_setting('threads')", "query('select 1')", "query_table('people')", "pg_sleep(9)", "error('x')",
    "duckdb_settings()", "sniff_csv('/x')", "write_log('x')", "my_udf(1)", "setseed(1)", "version()",
)  # fmt: skip
FORBIDDEN_STATEMENTS = (
    "DROP TABLE orders", "DELETE FROM orders", "UPDATE orders SET id = 1", "INSERT INTO orders VALUES (1)",
    "COPY orders TO '/tmp/x'", "ATTACH '/tmp/x' AS x", "SET threads = 1", "PRAGMA version", "INSTALL httpfs",
    "LOAD httpfs", "CREATE TABLE x AS SELECT 1", "CALL pragma_version()", "EXPORT DATABASE '/tmp/x'", "CHECKPOINT",
)  # fmt: skip

values = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12).map(
        lambda text: "'" + text.replace("'", "''") + "'"
    ),
    st.sampled_from(("NULL", "TRUE", "DATE '2011-01-01'", "1.5", "price", "id", "country", "day")),
)
scalars = st.recursive(
    values,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("+", "-", "=", "<", "AND", "OR", "||")), inner).map(
            lambda parts: (
                f"(({parts[0]})::VARCHAR {parts[1]} ({parts[2]})::VARCHAR)"
                if parts[1] == "||"
                else f"(try_cast({parts[0]} AS BIGINT) {parts[1]} try_cast({parts[2]} AS BIGINT))"
                if parts[1] not in ("AND", "OR")
                else f"(({parts[0]}) IS NULL {parts[1]} ({parts[2]}) IS NULL)"
            )
        ),
        inner.map(lambda value: f"coalesce({value}, NULL)"),
        inner.map(lambda value: f"CASE WHEN ({value}) IS NULL THEN 1 ELSE 2 END"),
    ),
    max_leaves=5,
)
aggregates = st.sampled_from(
    ("count(*)", "sum(price)", "avg(price)", "sum(price) FILTER (WHERE id > 1)", "avg(price * id)", "max(day)",
     "count(DISTINCT country)", "median(price)", "mean(price)")
)  # fmt: skip
rows = st.tuples(st.lists(scalars, min_size=1, max_size=3), scalars).map(
    lambda parts: f"SELECT {', '.join(parts[0])} FROM orders WHERE ({parts[1]}) IS NOT NULL"
)
groups = st.lists(aggregates, min_size=1, max_size=3).map(
    lambda chosen: f"SELECT country, {', '.join(chosen)} FROM orders GROUP BY country"
)
selects = st.one_of(rows, groups)
shapes = st.sampled_from(
    ("{0}", "SELECT * FROM ({0}) AS q", "WITH c AS ({0}) SELECT * FROM c",
     "SELECT count(*) FROM people WHERE EXISTS ({0})",
     "{0} LIMIT 3", "SELECT (SELECT count(*) FROM ({0}) q) AS n FROM people", "({0})")
)  # fmt: skip
statements = st.tuples(shapes, selects).map(lambda parts: parts[0].format(parts[1]))


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(SCHEMA)
    return made


@given(sql=statements)
def test_ordinary_statements_pass_and_run(sql: str, connection: duckdb.DuckDBPyConnection) -> None:
    guarded = guard(sql, TABLES, row_limit=5)
    assert len(connection.execute(guarded.sql).fetchall()) <= 5


@given(sql=statements)
def test_what_passes_is_one_select_that_passes_again_unchanged(sql: str) -> None:
    guarded = guard(sql, TABLES, row_limit=5)
    trees = parse(guarded.sql, read="duckdb")
    assert len(trees) == 1
    assert isinstance(trees[0], exp.Query)
    assert guard(guarded.sql, TABLES, row_limit=5).sql == guarded.sql


@given(sql=statements)
def test_no_sum_over_doubles_stays(sql: str) -> None:
    tree = parse(guard(sql, TABLES).sql, read="duckdb")[0]
    assert tree is not None
    for node in tree.find_all(exp.Sum, exp.Avg):
        assert "price" not in node.sql()


@given(
    sql=statements, call=st.sampled_from(FORBIDDEN_CALLS), place=st.sampled_from(("column", "where", "from", "order"))
)
def test_a_forbidden_function_is_refused_wherever_it_hides(sql: str, call: str, place: str) -> None:
    hidden = {
        "column": f"SELECT {call} AS x, q.* FROM ({sql}) AS q",
        "where": f"SELECT * FROM ({sql}) AS q WHERE {call} IS NOT NULL",
        "from": f"SELECT 1 FROM ({sql}) AS q, {call} AS x",
        "order": f"SELECT * FROM ({sql}) AS q ORDER BY {call}",
    }[place]
    with pytest.raises(RefusedStatement):
        guard(hidden, TABLES)


@given(sql=statements, other=st.sampled_from(FORBIDDEN_STATEMENTS), first=st.booleans())
def test_a_second_statement_is_refused(sql: str, other: str, first: bool) -> None:
    both = f"{other}; {sql}" if first else f"{sql}; {other}"
    with pytest.raises(RefusedStatement):
        guard(both, TABLES)


@given(
    sql=statements, table=st.sampled_from(("secrets", "information_schema.tables", "duckdb_settings", "gold.orders"))
)
def test_an_unknown_table_is_refused_wherever_it_hides(sql: str, table: str) -> None:
    with pytest.raises(RefusedStatement):
        guard(f"SELECT * FROM ({sql}) AS q WHERE EXISTS (SELECT 1 FROM {table})", TABLES)


@given(text=st.text(max_size=200))
def test_any_text_passes_or_is_refused_and_nothing_else(text: str) -> None:
    reasons = check(text, TABLES)
    if reasons:
        with pytest.raises(RefusedStatement):
            guard(text, TABLES)
    else:
        assert isinstance(guard(text, TABLES).statement, exp.Query)


@given(
    sql=statements,
    cut=st.integers(0, 200),
    junk=st.sampled_from(("", ";", "--", "/*", "'", '"', "\u200b", "\x00", "$$")),
)
def test_broken_statements_do_not_break_the_guard(sql: str, cut: int, junk: str) -> None:
    broken = sql[:cut] + junk + sql[cut:]
    if check(broken, TABLES):
        with pytest.raises(RefusedStatement):
            guard(broken, TABLES)
    else:
        assert {table.name for table in guard(broken, TABLES).tables} <= {"orders", "people"}
