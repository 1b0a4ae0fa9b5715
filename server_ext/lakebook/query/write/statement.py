"""The statement that a reading means."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from lakebook.query.domain import Domain
from lakebook.query.reading import Figure, Reading
from lakebook.query.write.along import along
from lakebook.query.write.grouped import counted, grouped
from lakebook.query.write.listing import listing
from lakebook.query.write.scope import Writing
from lakebook.query.write.ways import Ways


def write(reading: Reading, domain: Domain, ways: Ways | None = None) -> str:
    """The SELECT that the reading means, in DuckDB's dialect; raises NotConnected, SeveralWays."""
    return plain(tree(reading, domain, ways)).sql("duckdb", pretty=True)


def tree(reading: Reading, domain: Domain, ways: Ways | None = None) -> exp.Select:
    """The statement as a tree."""
    statement = _tree(_settled(reading), domain, ways)
    return statement if reading.digits is None else _rounded(statement, len(reading.figures), reading.digits)


def _tree(reading: Reading, domain: Domain, ways: Ways | None) -> exp.Select:
    writing = Writing(domain, ways or Ways(domain), reading.subject)
    if reading.count_groups:
        return counted(writing, reading)
    if reading.along is not None:
        return along(writing, reading)
    if reading.figures or reading.groups:
        return grouped(writing, reading)
    return listing(writing, reading)


def _rounded(statement: exp.Select, number_of: int, digits: int) -> exp.Select:
    """The statement with its last columns, the figures, rounded; their order stays that of the exact figures."""
    order = statement.args.get("order")
    sorts = [each.this for each in order.expressions] if order is not None else []
    for column in statement.expressions[-number_of:]:
        value = column.this if isinstance(column, exp.Alias) else column
        for sort in sorts:
            if isinstance(sort, exp.Column) and sort.name == column.alias and not sort.table:
                sort.replace(value.copy())
        value.replace(exp.Round(this=value.copy(), decimals=exp.Literal.number(digits)))
    return statement


def plain(statement: exp.Select) -> exp.Select:
    """The statement without the table's name before each column, where there is one table and no other rows."""
    sources = list(statement.find_all(exp.Table, exp.Subquery))
    if len(sources) == 1:
        for column in statement.find_all(exp.Column):
            column.set("table", None)
    return statement


def _settled(reading: Reading) -> Reading:
    """A listing that goes by a figure is one of groups: the things that it lists."""
    by_figure = bool(reading.having) or any(isinstance(each.by, Figure) for each in reading.order)
    if reading.figures or reading.groups or not by_figure or reading.subject is None:
        return reading
    thing = replace(reading.subject, labels=reading.columns or reading.subject.labels)
    return replace(reading, groups=(thing,), columns=())
