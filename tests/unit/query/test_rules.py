"""Rules of access as the guard applies them: rows by a condition, columns by a mask, wherever the table stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import duckdb
import pytest

from lakebook.errors import RefusedStatement
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Table
from tests.conformance.rows import tables as remote


@dataclass
class Fixed:
    """Rules by table name."""

    conditions: dict[str, str] = field(default_factory=dict)
    masks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def condition(self, table: Table) -> str | None:
        return self.conditions.get(table.name.lower())

    def masked(self, table: Table) -> Collection[str]:
        return self.masks.get(table.name.lower(), ())


ADELIE = Fixed({"birds": "species = 'Adelie' OR island = 'Nowhere'"}, {"birds": ("SEX",)})


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select count(*), count(sex), count(year) from birds", [(3, 0, 3)]),
        ("select b.sex, b.year from birds b where b.year = 2007", [(None, 2007)]),
        ("select count(*) from birds where species <> 'Adelie' or true", [(3,)]),
        ("select bronze.birds.species from bronze.birds where bronze.birds.year = 2007", [("Adelie",)]),
        ("with b as (select * from birds) select count(*), max(sex) from b", [(3, None)]),
        ("select (select count(*) from birds) n from customers limit 1", [(3,)]),
        ("select count(*) from birds a join birds b on a.year = b.year", [(5,)]),
        ("select count(*) from BIRDS", [(3,)]),
        ("select species from birds union select species from birds", [("Adelie",)]),
        ("select count(*) from birds where exists (select 1 from birds x where x.species = 'Gentoo')", [(0,)]),
        ("select sum(bill_length_mm) > 117, avg(bill_length_mm) < 40 from birds", [(True, True)]),
        ("pivot birds on species using count(*)", None),
        ("select * from birds using sample 100 percent (bernoulli)", None),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_only_what_may_be_seen(
    sql: str, rows: list[tuple[object, ...]] | None, tables: list[Table], plain: duckdb.DuckDBPyConnection
) -> None:
    found = plain.execute(guard(sql, tables, row_limit=None, rules=ADELIE).sql).fetchall()
    if rows is not None:
        assert found == rows
    assert "Gentoo" not in str(found)
    assert "male" not in str(found)


def test_without_a_rule_nothing_changes(tables: list[Table]) -> None:
    sql = "select count(*) from birds b join customers c on b.year = c.customer_id"
    assert guard(sql, tables, rules=Fixed()).sql == guard(sql, tables).sql
    one = guard(sql, tables, rules=ADELIE).sql
    assert "bronze.customers AS c" in one
    assert one.count("WHERE") == 1


@pytest.mark.parametrize(
    "condition", ["species = (", "species in (select name from customers)", "read_text('/etc/passwd') = ''"]
)
def test_a_rule_that_cannot_be_used_refuses(condition: str, tables: list[Table]) -> None:
    with pytest.raises(RefusedStatement):
        guard("select * from birds", tables, rules=Fixed({"birds": condition}))


@pytest.mark.parametrize("engine", ["snowflake", "spark"])
def test_rules_hold_on_other_engines(engine: str) -> None:
    rules = Fixed({"items": "paid"}, {"items": ("price",)})
    sql = guard("select country, sum(price) from items group by country", remote(engine), rules=rules).sql
    assert "WHERE" in sql
    assert "CAST(NULL AS" in sql
    assert sql.count("CONFORMANCE" if engine == "snowflake" else "conformance") == 1
