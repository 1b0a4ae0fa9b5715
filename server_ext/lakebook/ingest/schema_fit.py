"""How a value of one type is said in another, and when it cannot be, as SQL of DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

# Years of two digits first: as years of four they would be of the first century.
DAY_FIRST = ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
MONTH_FIRST = ("%m/%d/%y", "%m.%d.%y", "%m-%d-%y", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y")
YEAR_FIRST = r"^\s*[0-9]{4}[-/][0-9]{1,2}[-/]"
# Wide enough for every DECIMAL that money becomes, exact where a DOUBLE is not.
EXACT = "DECIMAL(38,15)"
TRUE, FALSE = ("true", "t", "yes", "y"), ("false", "f", "no", "n")


@dataclass(frozen=True)
class Fit:
    """A column on its way to the type that stands: its value there, and the condition under which it has none."""

    value: str
    broken: str


def fit(name: str, given: str, wanted: str, days: tuple[str, ...] = ()) -> Fit:
    """The column of type `given` as `wanted`; `days` are the forms of its dates besides ISO 8601."""
    column = quoted(name)
    if given == wanted:
        return Fit(column, "FALSE")
    if wanted == "VARCHAR":
        return Fit(f"CAST({column} AS VARCHAR)", "FALSE")
    value = _value(column, given, wanted, days)
    conditions = [f"{value} IS NULL"]
    if wanted == "BIGINT" or wanted.startswith("DECIMAL"):
        # A cast rounds in silence: what is not the same number afterwards does not fit.
        conditions.append(f"TRY_CAST({column} AS {EXACT}) IS DISTINCT FROM TRY_CAST({value} AS {EXACT})")
    elif wanted == "DATE" and given.startswith("TIMESTAMP"):
        conditions.append(f"{value} <> {column}")
    return Fit(value, f"{column} IS NOT NULL AND ({' OR '.join(conditions)})")


def _value(column: str, given: str, wanted: str, days: tuple[str, ...]) -> str:
    if given.startswith("TIMESTAMP ") != wanted.startswith("TIMESTAMP ") and {given, wanted} & {"TIMESTAMP", "DATE"}:
        # A moment and a reading of a clock cannot be told from each other without a place.
        return f"CAST(NULL AS {wanted})"
    if wanted == "BOOLEAN":
        text = f"lower(trim(CAST({column} AS VARCHAR)))"
        return f"CASE WHEN {text} IN {TRUE} THEN true WHEN {text} IN {FALSE} THEN false END"
    if given == "VARCHAR" and wanted in ("DATE", "TIMESTAMP"):
        offset = f"regexp_matches({column}, '[0-9 ](Z|[+-][0-9]{{2}}:?[0-9]{{2}})$') AND contains({column}, ':')"
        year = f"regexp_matches({column}, {literal(YEAR_FIRST)})"
        parsed = f"CASE WHEN {year} AND NOT ({offset}) THEN TRY_CAST({column} AS {wanted}) END"
        return f"coalesce({parsed}, CAST({_parsed(column, days)} AS {wanted}))" if days else parsed
    return f"TRY_CAST({column} AS {wanted})"


def days_of(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> tuple[str, ...] | None:
    """The forms of a text column's dates that are not ISO 8601, empty where there are none; None where both orders of
    day and month read as many of them, and not to the same dates."""
    column = quoted(name)
    first, second = (_parsed(column, forms) for forms in (DAY_FIRST, MONTH_FIRST))
    ((day, month, unlike),) = connection.execute(
        f"SELECT count({first}), count({second}), count(*) FILTER ({first} IS DISTINCT FROM {second}) "
        f"FROM {rows} WHERE NOT regexp_matches({column}, {literal(YEAR_FIRST)})"
    ).fetchall()
    if day == month:
        return None if unlike else (DAY_FIRST if day else ())
    return DAY_FIRST if day > month else MONTH_FIRST


def _parsed(column: str, forms: tuple[str, ...]) -> str:
    return f"try_strptime(trim({column}), [{', '.join(map(literal, forms))}])"
