"""Up to three rows that show an issue, looked up in the table's files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lakebook.profile.issues import OUTLIER_DEVIATIONS
from lakebook.profile.spelling import BLANKS, lesser_spellings
from lakebook.rows import json_rows
from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

SHOWN = 3
# Beyond it, finding equal rows again is a matter of seconds.
ROWS_TO_PAIR = 1_000_000


def examples_of(profile: dict[str, Any], files: Sequence[str]) -> list[list[dict[str, Any]]]:
    """For each issue of the profile, in its order, the first rows of these Parquet files that have it; often none."""
    import duckdb

    columns = {column["name"]: column for column in profile["columns"]}
    with duckdb.connect() as connection:
        connection.execute("SET autoinstall_known_extensions=false")
        rows = connection.read_parquet(list(files), union_by_name=True)
        connection.register("examined", rows)
        found = []
        for issue in profile["issues"]:
            statement = _statement(profile, issue, columns.get(issue["column"], {}))
            found.append(_rows(connection, statement) if statement else [])
    return found


def _rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]]:
    answer = connection.execute(statement)
    names = [name for name, *_ in answer.description or ()]
    return json_rows([dict(zip(names, row, strict=True)) for row in answer.fetchall()])


def _statement(profile: dict[str, Any], issue: dict[str, Any], column: dict[str, Any]) -> str | None:
    if issue["issue_type"] == "duplicates":
        if profile["row_count"] > ROWS_TO_PAIR:
            return None
        names = ", ".join(quoted(each["name"]) for each in profile["columns"])
        return f"SELECT {names} FROM examined GROUP BY {names} HAVING count(*) > 1 LIMIT {SHOWN}"
    condition = _condition(issue["issue_type"], column)
    return f"SELECT * FROM examined WHERE {condition} LIMIT {SHOWN}" if condition else None


def _condition(kind: str, column: dict[str, Any]) -> str | None:
    name = quoted(column.get("name", ""))
    match kind:
        case "outer_blanks":
            return f"{name} <> trim({name}, {literal(BLANKS)})"
        case "missing_values" | "high_nulls":
            return f"{name} IS NULL"
        case "outliers":
            # Without the casts the numbers are DECIMALs, and their product overflows.
            far = OUTLIER_DEVIATIONS * column["std_dev"]
            return f"abs({name}::DOUBLE - ({column['mean']!r})::DOUBLE) > ({far!r})::DOUBLE"
        case "case_variants":
            return f"{name} IN ({', '.join(map(literal, lesser_spellings(column)))})"
        case "spelling_variants":
            return f"{name} IN ({', '.join(literal(value) for _, value, _ in column['spelling_variants']['examples'])})"
        case "repeated_keys":
            return f"{name} IN (SELECT {name} FROM examined GROUP BY {name} HAVING count(*) > 1)"
    return None
