"""The guard's parts one by one: places, series, recursions, joins, outputs, exact figures, engines."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one
from sqlglot.errors import OptimizeError, SqlglotError

from lakebook.errors import Reason, RefusedStatement
from lakebook.query.guard.guarded import check, guard, limited
from lakebook.query.guard.names import bind_columns, bind_tables, bound_table, exactly
from lakebook.query.guard.places import place_of, reason_at
from lakebook.query.guard.size import MAX_GENERATED, MAX_UNJOINED
from lakebook.query.guard.statement import MAX_CHARACTERS, one_statement
from lakebook.query.tables import Column, Table
from tests.conformance.rows import tables as remote


def messages(sql: str, tables: list[Table]) -> list[str]:
    return [reason.message for reason in check(sql, tables)]


@pytest.mark.parametrize(("offset", "place"), [(0, (1, 1)), (3, (1, 4)), (4, (2, 1)), (5, (2, 2)), (8, (4, 1))])
def test_lines_and_columns_count_from_one(offset: int, place: tuple[int, int]) -> None:
    assert place_of(offset, "abc\nde\n\nf") == place


def test_a_node_without_a_place_is_placed_by_what_is_around_it() -> None:
    sql = "select 1,\n  total from t"
    tree = parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Select)
    assert reason_at(tree.selects[1], "x", sql) == Reason("x", 2, 3)
    assert reason_at(tree.selects[0], "x", sql) == Reason("x", 1, 8)
    placeless = exp.Lock()
    tree.set("locks", [placeless])
    assert reason_at(placeless, "x", sql) == Reason("x", 1, 8)
    assert reason_at(exp.Null(), "x", sql) == Reason("x", 1, 1)
    assert reason_at(tree.selects[1], "x", "select") == Reason("x", 1, 1)


@pytest.mark.parametrize(
    ("series", "fits"),
    [
        (f"range({MAX_GENERATED})", True),
        (f"range({MAX_GENERATED + 1})", False),
        (f"range(5, {MAX_GENERATED + 5})", True),
        (f"range(5, {MAX_GENERATED + 6})", False),
        (f"range(0, {2 * MAX_GENERATED}, 2)", True),
        (f"range(0, {2 * MAX_GENERATED + 2}, 2)", False),
        (f"range(0, -{MAX_GENERATED}, -1)", True),
        (f"range(0, -{MAX_GENERATED + 1}, -1)", False),
        (f"generate_series(1, {MAX_GENERATED + 1})", True),
        ("range(0, 10, 0)", True),
        ("range('a', 'b')", False),
        ("generate_series(DATE '2024-01-01', DATE '2024-12-31', INTERVAL 1 DAY)", True),
        ("generate_series(DATE '2024-01-01', now(), INTERVAL 1 DAY)", False),
    ],
)
def test_how_long_a_series_may_be(series: str, fits: bool, tables: list[Table]) -> None:
    assert (messages(f"select count(*) from {series}", tables) == []) is fits


def test_a_series_of_a_column_is_refused(tables: list[Table]) -> None:
    assert "numbers or times written out" in messages("select unnest(range(year)) from birds", tables)[0]


@pytest.mark.parametrize(
    ("sql", "ends"),
    [
        ("with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select n from t", True),
        ("with recursive t(n) as (select 1 union all select n + 1 from t) select n from t", False),
        ("with recursive T(n) as (select 1 union all select n + 1 from t) select n from t", False),
        ("with recursive t(n) as (select 1 union all select 2) select n from t", True),
        ("with recursive t(n) as (select 1) select n from t", True),
        ("with t(n) as (select 1 union all select year from birds) select n from t", True),
    ],
)
def test_a_recursion_needs_an_end(sql: str, ends: bool, tables: list[Table]) -> None:
    assert (messages(sql, tables) == []) is ends


@pytest.mark.parametrize(
    ("joins", "fits"),
    [
        ("birds a, birds b, birds c", True),
        ("birds a, birds b, birds c, birds d", False),
        ("birds a, birds b, birds c, birds d where a.year = 1", True),
        ("birds a join birds b on true join birds c on 1 = 1 join birds d on a.year = a.year", False),
        ("birds a join birds b on a.year = b.year join birds c on true join birds d on true", True),
        ("birds a join birds b using (year) join birds c using (year) join birds d using (year)", True),
        ("birds a natural join birds b natural join birds c natural join birds d", True),
        ("birds a join birds b on year = 1 join birds c on true join birds d on true", False),
    ],
)
def test_how_many_tables_may_be_joined_blindly(joins: str, fits: bool, tables: list[Table]) -> None:
    found = [message for message in messages(f"select count(*) from {joins}", tables) if "joined without" in message]
    assert (found == []) is (fits or "on year" in joins)
    assert MAX_UNJOINED == 3


def test_the_longest_statement(tables: list[Table]) -> None:
    exactly_so = "select 1" + " " * (MAX_CHARACTERS - len("select 1"))
    assert check(exactly_so, tables) == []
    assert check(exactly_so + " ", tables) == [Reason("The statement is longer than 100,000 characters.", 1, 1)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * frm birds where", Reason("This cannot be read as SQL near 'birds'.", 1, 14)),
        ("select\n(1", None),
        ("select 1\u00a0", Reason("There is no-break space outside of quotes.", 1, 9)),
        ("select 1,\n\u200b2", Reason("There is zero width space outside of quotes.", 2, 1)),
        ("select 1 \x01", Reason("There is a control character outside of quotes.", 1, 10)),
        ('select \'\u200b\', "a\u00a0" from (select 1 as "a\u00a0")', None),
        ("select 1 as größe, 2 as e\u0301, 3 as कि", None),
    ],
)
def test_how_text_is_read(sql: str, reason: Reason | None) -> None:
    tree, reasons = one_statement(sql, "duckdb")
    if reason is None and sql != "select\n(1":
        assert reasons == []
        assert tree is not None
    elif reason is None:
        assert reasons[0].line is not None
    else:
        assert reasons == [reason]
        assert tree is None


@pytest.mark.parametrize("sql", ["insert into t select 1", "values (1)", "describe t", "show tables", "1 + 1"])
def test_only_queries_are_statements(sql: str) -> None:
    tree, reasons = one_statement(sql, "duckdb")
    assert tree is None
    assert reasons[0].message
    assert (reasons[0].line, reasons[0].column) != (None, None)


def test_a_limit_is_set_once_and_a_smaller_one_stays() -> None:
    def bounded(sql: str, rows: int) -> str:
        return limited(parse_one(sql, read="duckdb"), rows).sql("duckdb")

    assert bounded("select 1", 5) == "SELECT 1 LIMIT 5"
    assert bounded("select 1 limit 4", 5) == "SELECT 1 LIMIT 4"
    assert bounded("select 1 limit 5", 5) == "SELECT 1 LIMIT 5"
    assert bounded("select 1 limit 6", 5) == "SELECT 1 LIMIT 5"
    assert bounded("select 1 union select 2", 5) == "SELECT 1 UNION SELECT 2 LIMIT 5"
    assert bounded("(select 1)", 5) == "SELECT * FROM ((SELECT 1)) AS answer LIMIT 5"
    assert bounded("select 1 limit (2 + 1)", 5) == "SELECT * FROM (SELECT 1 LIMIT (2 + 1)) AS answer LIMIT 5"
    assert bounded("select 1 limit 10%", 5).startswith("SELECT * FROM (SELECT 1")


@pytest.mark.parametrize(
    ("name", "engine", "sql"),
    [
        ("orders", "duckdb", "orders"), ("Line No", "duckdb", '"Line No"'), ("ORDERS", "snowflake", "ORDERS"),
        ("orders", "snowflake", '"orders"'), ("a b", "spark", "`a b`"), ("orders", "spark", "orders"),
    ],
)  # fmt: skip
def test_an_identifier_means_exactly_its_name(name: str, engine: str, sql: str) -> None:
    assert exactly(name, engine).sql(engine) == sql


def test_bound_names_are_found_again(tables: list[Table]) -> None:
    tree = parse_one("select * from BIRDS, customers c, (select 1) q, main.days, range(3) r", read="duckdb")
    used, reasons = bind_tables(list(tree.walk()), tables, "")
    assert reasons == []
    assert [table.name for table in used] == ["birds", "customers", "days"]
    nodes = [node for node in tree.find_all(exp.Table) if isinstance(node.this, exp.Identifier)]
    assert [found.name for node in nodes if (found := bound_table(node, used))] == ["birds", "customers", "days"]
    assert tree.sql("duckdb").startswith("SELECT * FROM bronze.birds AS BIRDS, bronze.customers AS c,")
    strange = parse_one("select * from gold.birds, nothing", read="duckdb")
    assert all(bound_table(node, used) is None for node in strange.find_all(exp.Table))
    assert len(bind_tables(list(strange.walk()), tables, "")[1]) == 2
    catalogued = parse_one("select * from db.bronze.birds", read="duckdb")
    assert "There is no table" in bind_tables(list(catalogued.walk()), tables, "")[1][0].message


def test_a_common_name_hides_a_table_only_where_it_is_seen(tables: list[Table]) -> None:
    assert guard("with birds as (select 1 as a) select a from birds", tables).tables == ()
    assert messages("select a from (with q as (select 1 as a) select a from q) x, q", tables)
    assert messages("with a as (select * from b), b as (select 1 as x) select * from a", tables)
    assert guard("with a as (select 1 as x), b as (select * from a) select * from b", tables).tables == ()
    assert messages("with bronze as (select 1) select * from bronze.nowhere", tables)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select nothing from birds", "There is no column 'nothing' to be had here."),
        ("select specie from birds", "There is no column 'specie' to be had here. Did you mean 'species'?"),
        ("select b.nothing from birds b", "There is no column 'nothing' to be had here."),
        ("select country from customers a join orders b on true", "The column 'country' is in"),
        ("pivot birds on specie using count(*)", "There is no column 'specie' to be had here. Did you mean 'species'?"),
        ("pivot (select nothing from birds) on species using count(*)", "There is no column 'nothing' to be had here."),
        ("select * from (pivot birds on specie using count(*)) q", "There is no column 'specie'"),
    ],
)
def test_columns_that_cannot_be_bound(sql: str, message: str, tables: list[Table]) -> None:
    reasons = check(sql, tables)
    assert reasons[0].message.startswith(message)
    assert reasons[0].line == 1
    assert reasons[0].column is not None
    assert reasons[0].column > 1


def test_fields_of_a_struct() -> None:
    table = Table("t", "bronze", "x", 1, 1, (), (Column("s", "STRUCT(a INTEGER, b STRUCT(c DOUBLE))"),))
    assert check("select s.a, s.b.c from t", [table]) == []
    assert check("select s.x from t", [table]) == [Reason("There is no field 'x'; there are a, b.", 1, 10)]
    assert "there are c." in check("select s.b.x from t", [table])[0].message
    assert "FSUM(s.b.c)" in guard("select sum(s.b.c) from t", [table]).sql


def test_types_are_given_where_they_are_asked_for(tables: list[Table]) -> None:
    tree = parse_one("select bill_length_mm from bronze.birds", read="duckdb")
    (typed,), reasons = bind_columns(tree, tables, "")
    assert reasons == []
    assert isinstance(typed, exp.Select)
    assert typed.selects[0].type == exp.DataType.build("double")
    (bare,), _ = bind_columns(tree, tables, "", typing=False)
    assert isinstance(bare, exp.Select)
    assert bare.selects[0].type is None or bare.selects[0].type.is_type("unknown")
    assert tree.sql() == "SELECT bill_length_mm FROM bronze.birds"


@pytest.mark.parametrize(
    ("sql", "runs"),
    [
        ("select median(credit_limit) from customers",
         'MEDIAN(CAST(credit_limit AS DOUBLE)) AS "median(credit_limit)"'),
        ("select quantile_cont(credit_limit, 0.5) q from customers",
         "QUANTILE_CONT(CAST(credit_limit AS DOUBLE), 0.5) AS q"),
        ("select median(customer_id) m from customers", "MEDIAN(customer_id) AS m"),
        ("select median(bill_length_mm) m from birds", "MEDIAN(bill_length_mm) AS m"),
        ("select sum(credit_limit) s from customers", "SUM(credit_limit) AS s"),
        ("select sum(bill_length_mm) s from birds", "FSUM(bill_length_mm) AS s"),
        ("select avg(bill_length_mm) s from birds", "(FSUM(bill_length_mm) / COUNT(bill_length_mm)) AS s"),
        ("select mean(bill_length_mm) s from birds", "(FSUM(bill_length_mm) / COUNT(bill_length_mm)) AS s"),
        ("select sum(distinct bill_length_mm) s from birds", "FSUM(DISTINCT bill_length_mm) AS s"),
        ("select avg(year) s from birds", "AVG(year) AS s"),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_figures_are_exact(sql: str, runs: str, tables: list[Table]) -> None:
    line = " ".join(guard(sql, tables).sql.split())
    assert runs in line.replace("( FSUM", "(FSUM").replace(" ) AS", ") AS")


def test_the_middle_of_two_decimals_is_between_them(tables: list[Table]) -> None:
    import duckdb

    table = Table("t", "bronze", "x", 1, 2, (), (Column("d", "DECIMAL(12,2)"),))
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA bronze; CREATE TABLE bronze.t AS FROM (VALUES (1.00), (1.01)) t(d)")
    assert connection.execute(guard("select median(d) from t", [table]).sql).fetchall() == [(1.005,)]


@pytest.mark.parametrize(
    "sql",
    [
        "(select 1 as x) where x = 1", "(select 1 as x) group by x", "(select 1 as x) having true",
        "(select 1 as x) qualify true",
    ],
)  # fmt: skip
def test_clauses_that_nobody_binds_are_refused(sql: str, tables: list[Table]) -> None:
    with pytest.raises(RefusedStatement):
        guard(sql, tables)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select sum(year) from birds where sum(year) > 1", "put the condition on the aggregate into HAVING"),
        ("select count(*) filter (where year > 1) from birds where year > 2", ""),
        ("select * from birds where year = (select max(year) from birds)", ""),
        ("select main.upper(species) from birds", "may not be called with a schema"),
        ("select * from read_csv('x')", "may not be used"),
        ("select * from birds at (version => 1)", "may not be used"),
        ("select year::regtype from birds", "may not be used"),
        ("select my_agg(distinct year) from birds", "'my_agg' may not be used"),
        ("select * from nothing_at_all(1)", "is no table that may be read"),
        ("select count(*) from range(3), unnest([1, 2]) u", ""),
    ],
)
def test_strangers(sql: str, message: str, tables: list[Table]) -> None:
    found = messages(sql, tables)
    assert (found == []) is (message == "")
    assert message in " ".join(found)


def test_where_a_statement_runs(tables: list[Table]) -> None:
    assert guard("select 1 as one", tables).dialect == "duckdb"
    assert guard("select id from items", remote("spark")).dialect == "spark"
    assert guard("select 1 as one", tables, engine="snowflake").dialect == "snowflake"
    both = check("select 1 from conformance.items, bronze.birds", [*tables, *remote("spark")])
    assert both == [Reason("No engine has all of these tables: 'birds' in the lake and 'items' in Spark. "
                           "Ingest those that are elsewhere.", 1, 1)]  # fmt: skip
    assert check("select id from items", remote("spark"), "spark") == []
    assert check("select id from items", remote("spark"), "snowflake") == [
        Reason("A statement for Snowflake cannot run in Spark.", 1, 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE bronze.birds", "SELECT 1; SELECT 2", "SELECT * FROM read_csv('x')", "SELECT * FROM bronze.days",
        "SELECT count(*) FROM bronze.birds a, bronze.birds b, bronze.birds c, bronze.birds d", "SELECT '",
    ],
)  # fmt: skip
def test_regenerated_text_is_held_against_the_lists_again(
    text: str, tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the generator ever write something else than the tree says, it does not run."""
    monkeypatch.setattr("lakebook.query.guard.guarded._text", lambda _statement, _dialect: text)
    with pytest.raises(RefusedStatement):
        guard("select species from birds", tables)


def test_what_is_refused_elsewhere_comes_with_every_reason() -> None:
    reasons = check("select mode(name), any_value(name), nothing from items", remote("spark"))
    assert [reason.message[:24] for reason in reasons] == ["There is no column 'noth"]
    reasons = check("select mode(name), try_cast(name as int), mode(name) from items", remote("spark"))
    assert len(reasons) == len(set(reasons)) == 3
    assert check("select nothing from items", remote("spark"), "spark")[0].message.startswith("There is no column")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ValueError("odd"), Reason("The names in this statement cannot be bound.", 1, 1)),
        (OptimizeError("Some trouble. Line: 3, Col: 7"), Reason("Some trouble.", 3, 7)),
        (OptimizeError("Some trouble"), Reason("Some trouble.", 1, 8)),
        (OptimizeError("Column 'specie' could not be resolved. Line: 1, Col: 13"),
         Reason("There is no column 'specie' to be had here. Did you mean 'species'?", 1, 8)),
    ],
)  # fmt: skip
def test_what_the_binder_cannot_do_is_a_reason(
    fault: Exception, reason: Reason, tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_given: object, **_more: object) -> None:
        raise fault

    monkeypatch.setattr("lakebook.query.guard.names.qualify", failing)
    assert check("select species from birds", tables) == [reason]


def test_what_the_parser_cannot_do_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_given: object, **_more: object) -> None:
        raise SqlglotError("Something else.\nand more")

    monkeypatch.setattr("lakebook.query.guard.statement.parse", failing)
    assert one_statement("select 1", "duckdb")[1] == [Reason("This cannot be read as SQL: Something else.", 1, 1)]


def test_types_that_nobody_knows_bind_as_unknown() -> None:
    table = Table("t", "bronze", "x", 1, 1, (), (Column("odd", "NO SUCH TYPE (1"), Column("n", "DOUBLE")))
    assert "FSUM(n)" in guard("select odd, sum(n) as s from t group by odd", [table]).sql
    assert check("select odd.field from t", [table]) == []
