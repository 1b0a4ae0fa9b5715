"""Whatever is written for DuckDB is said for another engine so that it passes there, or is refused; never otherwise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse

from lakebook.query.guard.guarded import check, guard
from tests.conformance.rows import tables

ENGINES = st.sampled_from(("snowflake", "spark"))
numbers = st.recursive(
    st.sampled_from(("id", "price", "qty", "score", "1", "2.5", "-3", "NULL", "length(name)", "month(day)")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(("abs", "floor", "ceil", "round", "sqrt", "exp")), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, inner).map(lambda parts: f"coalesce({parts[0]}, {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"CASE WHEN paid THEN {parts[0]} ELSE {parts[1]} END"),
        inner.map(lambda value: f"nullif({value}, 0)"),
        inner.map(lambda value: f"CAST({value} AS BIGINT)"),
        inner.map(lambda value: f"CAST({value} AS DOUBLE)"),
    ),
    max_leaves=6,
)
texts = st.recursive(
    st.sampled_from(("name", "country", "'x'", "dayname(seen)", "strftime(day, '%Y-%m')", "CAST(id AS VARCHAR)")),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(("lower", "upper", "trim")), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} || {parts[1]})"),
        inner.map(lambda value: f"substring({value}, 2, 3)"),
    ),
    max_leaves=4,
)
times = st.sampled_from(
    ("day", "seen", "date_trunc('week', seen)", "date_trunc('month', day)", "day + INTERVAL 1 MONTH",
     "CAST(seen AS DATE)", "DATE '2024-02-29'", "last_day(day)")
)  # fmt: skip
truths = st.one_of(
    st.just("paid"),
    st.tuples(numbers, st.sampled_from(("=", "<>", "<", ">=")), numbers).map(" ".join),
    st.tuples(texts, st.sampled_from(("=", "<>")), texts).map(" ".join),
    st.tuples(times, st.sampled_from(("<", ">=")), times).map(" ".join),
    texts.map(lambda value: f"{value} ILIKE '%a%'"),
    numbers.map(lambda value: f"{value} IS NOT NULL"),
    texts.map(lambda value: f"{value} IN ('UK', 'FR')"),
    numbers.map(lambda value: f"{value} BETWEEN 1 AND 10"),
)
figures = st.one_of(
    st.just("count(*)"),
    st.tuples(st.sampled_from(("sum", "avg", "min", "max", "median", "stddev", "count")), numbers).map(
        "{0[0]}({0[1]})".format
    ),
    st.tuples(numbers, truths).map(lambda parts: f"sum({parts[0]}) FILTER (WHERE {parts[1]})"),
    texts.map(lambda value: f"count(DISTINCT {value})"),
    numbers.map(lambda value: f"quantile_cont({value}, 0.9)"),
)
values = st.one_of(numbers, texts, times)
listings = st.tuples(st.lists(values, min_size=1, max_size=3), truths).map(
    lambda parts: f"SELECT {', '.join(parts[0])} FROM items WHERE {parts[1]} ORDER BY id LIMIT 20"
)
groups = st.tuples(values, st.lists(figures, min_size=1, max_size=3), truths).map(
    lambda parts: f"SELECT {parts[0]} AS k, {', '.join(parts[1])} FROM items WHERE {parts[2]} GROUP BY 1 ORDER BY k"
)
windows = st.tuples(values, numbers).map(
    lambda parts: (
        f"SELECT id, sum({parts[1]}) OVER (PARTITION BY {parts[0]} ORDER BY id) AS s FROM items "
        f"QUALIFY row_number() OVER (PARTITION BY {parts[0]} ORDER BY id) <= 2 ORDER BY id"
    )
)
queries = st.one_of(listings, groups, windows)


@given(sql=queries, engine=ENGINES)
def test_what_is_said_elsewhere_passes_there_or_is_refused(sql: str, engine: str) -> None:
    reasons = check(sql, tables(engine))
    assert all(reason.message and reason.line and reason.column for reason in reasons)
    if reasons:
        return
    guarded = guard(sql, tables(engine), row_limit=100)
    assert check(guarded.sql, tables(engine), engine) == []
    trees = parse(guarded.sql, read=engine)
    assert [isinstance(tree, exp.Query) for tree in trees] == [True]
    assert {table.name.lower() for table in guarded.statement.find_all(exp.Table)} <= {"items", "__all"}
    for node in guarded.statement.find_all(exp.Avg, exp.Div):
        operand = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
        # No average and no quotient keeps the decimals of an engine.
        assert "DOUBLE" in operand.sql() or "score" in operand.sql() or operand.find(exp.Div, exp.Round, exp.Floor)
