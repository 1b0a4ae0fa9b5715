"""Functions that other engines know, put into DuckDB's words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from lakebook.query.tables import Table

# Functions that DuckDB has not, or has with another meaning, and the engine in whose sense they are read.
DIALECTS = {
    "date_format": "mysql", "str_to_date": "mysql", "curdate": "mysql", "unix_timestamp": "mysql",
    "to_char": "postgres",
    "dateadd": "snowflake", "datepart": "tsql", "datename": "tsql", "isnull": "tsql", "getdate": "tsql",
    "charindex": "tsql", "eomonth": "tsql", "format_date": "bigquery",
    "safe_divide": "bigquery", "countif": "bigquery", "iff": "snowflake", "zeroifnull": "snowflake",
}  # fmt: skip
NAMES = {
    "average": "avg", "mean": "avg", "stdev": "stddev", "std": "stddev", "stddev_sample": "stddev", "var": "variance",
    "len": "length",
    "ucase": "upper", "lcase": "lower",
    "count_distinct": "count_distinct", "distinct_count": "count_distinct",
    "maximum": "max", "minimum": "min", "ifnull": "coalesce", "total": "sum",
}  # fmt: skip


def mend_functions(tree: exp.Expr, _tables: Sequence[Table]) -> list[str]:
    """Each function of another engine in DuckDB's words, where that engine's meaning is known."""
    changes = []
    for node in list(tree.find_all(exp.Func)):
        after = _mended(node)
        if after is not None and node.parent is not None:
            changes.append(f"{_written(node)} written as {after.sql('duckdb')}")
            node.replace(after)
    return changes


def _mended(node: exp.Func) -> exp.Expr | None:
    if isinstance(node, exp.ArrayOverlaps):
        return None
    name = node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()
    if isinstance(node, exp.Anonymous) and name in NAMES:
        return _renamed(node, NAMES[name])
    dialect = DIALECTS.get(name)
    if dialect is None or (name == "isnull" and len(node.expressions) != 2):
        return None
    return _translated(_written(node), dialect, known=isinstance(node, exp.Anonymous))


def _renamed(node: exp.Anonymous, name: str) -> exp.Expr | None:
    arguments = ", ".join(each.sql("duckdb") for each in node.expressions)
    if name == "count_distinct":
        return _read(f"count(DISTINCT {arguments})", "duckdb")
    return _read(f"{name}({arguments})", "duckdb")


def _translated(text: str, dialect: str, *, known: bool) -> exp.Expr | None:
    """The expression as the other engine means it; None where it does not know the function either."""
    found = _read(text, dialect)
    if found is None or (known and isinstance(found, exp.Anonymous)):
        return None
    return _read(found.sql("duckdb"), "duckdb")


def _read(text: str, dialect: str) -> exp.Expr | None:
    try:
        return parse_one(text, read=dialect)
    except SqlglotError:
        return None


def _written(node: exp.Expr) -> str:
    """The call as it was written; DuckDB's writer would drop the format of `to_char`."""
    return node.sql("postgres") if isinstance(node, exp.ToChar) else node.sql("duckdb")
