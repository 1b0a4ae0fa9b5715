"""A window of a table's rows as one SELECT: filters as people type them, an order, an offset and a limit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lakebook.errors import InvalidRequest

if TYPE_CHECKING:
    from sqlglot import exp

    from lakebook.view.models import Window

# Past so many rows only the keys are sorted first, so that a sort of long rows needs little memory.
DEEP = 2000
LONGEST_TEXT = 1001
PLACE = ("file_index", "file_row_number")
_SIGN = re.compile(r"(!=|<>|<=|>=|<|>|=)\s*", re.DOTALL)
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+)", re.DOTALL)
_SIGNS = {"=": "EQ", "!=": "NEQ", "<>": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE"}
_TEXT = re.compile(r"VARCHAR|TEXT|STRING|CHAR|ENUM|BLOB|JSON", re.IGNORECASE)
_NESTED = re.compile(r"STRUCT|MAP|UNION|LIST|.*\]$", re.IGNORECASE | re.DOTALL)

Columns = Mapping[str, str]


def rows_statement(files: Sequence[str], columns: Columns, window: Window) -> str:
    """The SELECT of a window's rows; `columns` are names and DuckDB types."""
    from sqlglot import exp

    shown = list(columns)[window.first_column : window.first_column + window.column_limit]
    selected = [_shown(name, columns[name]) for name in shown]
    if not window.sort:
        return _text(_filtered(files, columns, window).select(*selected).limit(window.limit).offset(window.offset))
    order = _order(columns, window)
    if window.offset + window.limit <= DEEP or _hides_place(columns):
        rows = _filtered(files, columns, window).select(*selected).order_by(*order)
        return _text(rows.limit(window.limit).offset(window.offset))
    places = [exp.column(name) for name in PLACE]
    picked = (
        _filtered(files, columns, window).select(*places).order_by(*order).limit(window.limit).offset(window.offset)
    )
    joined = _source(files).select(*selected).where(exp.In(this=exp.Tuple(expressions=places), query=picked.subquery()))
    return _text(joined.order_by(*order))


def count_statement(files: Sequence[str], columns: Columns, window: Window) -> str:
    """The SELECT that counts the rows that pass a window's filters."""
    from sqlglot import exp

    return _text(_filtered(files, columns, window).select(exp.alias_(exp.Count(this=exp.Star()), "rows")))


def columns_statement(files: Sequence[str]) -> str:
    """The statement that names the columns of these files and their types."""
    return f"SELECT column_name, column_type FROM (DESCRIBE {_text(_source(files).select('*'))})"


def size_statement(files: Sequence[str]) -> str:
    """The SELECT that counts the rows of these files without reading them."""
    from sqlglot import exp

    return _text(_source(files).select(exp.alias_(exp.Count(this=exp.Star()), "rows")))


def _source(files: Sequence[str]) -> exp.Select:
    from sqlglot import exp

    listed = exp.Array(expressions=[exp.Literal.string(file) for file in files])
    named = [exp.EQ(this=exp.to_identifier(name), expression=exp.Boolean(this=value))
             for name, value in (("union_by_name", True), ("hive_partitioning", False))]  # fmt: skip
    return exp.Select().from_(exp.Anonymous(this="read_parquet", expressions=[listed, *named]))


def _filtered(files: Sequence[str], columns: Columns, window: Window) -> exp.Select:
    rows = _source(files)
    for name, wanted in window.filters.items():
        words = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        if words.strip():
            rows = rows.where(_condition(_known(name, columns), columns[name], words.strip()))
    return rows


def _order(columns: Columns, window: Window) -> list[exp.Ordered]:
    """Nulls last either way; equal rows in the order of the file."""
    from sqlglot import exp

    key = exp.column(_known(window.sort or "", columns), quoted=True)
    places = [] if _hides_place(columns) else [exp.column(name) for name in PLACE]
    first = exp.Ordered(this=key, desc=window.descending, nulls_first=False)
    return [first, *(exp.Ordered(this=place, nulls_first=False) for place in places)]


def _condition(name: str, kind: str, words: str) -> exp.Expr:
    from sqlglot import exp

    column = exp.column(name, quoted=True)
    if words.casefold() in ("null", "!null", "not null"):
        missing = column.is_(exp.null())
        return missing if words.casefold() == "null" else exp.not_(missing)
    sign = _SIGN.match(words)
    if sign is not None:
        return _compared(column, sign[1], words[sign.end() :], name, kind)
    if _TEXT.match(kind) or _NESTED.match(kind):
        return _contains(column, words)
    between = _RANGE.fullmatch(words)
    if between is not None:
        low, high = (_value(part, name, kind) for part in between.groups())
        return exp.and_(exp.GTE(this=column, expression=low), exp.LTE(this=column.copy(), expression=high))
    if _is_value(words, kind):
        return exp.EQ(this=column, expression=_value(words, name, kind))
    return _contains(column, words)


def _compared(column: exp.Column, sign: str, words: str, name: str, kind: str) -> exp.Expr:
    from sqlglot import exp

    made: exp.Expr = getattr(exp, _SIGNS[sign])(this=column, expression=_value(words, name, kind))
    # What is missing is different from every value.
    return exp.or_(made, column.copy().is_(exp.null())) if _SIGNS[sign] == "NEQ" else made


def _contains(column: exp.Column, words: str) -> exp.Expr:
    from sqlglot import exp

    text = exp.Lower(this=exp.cast(column, "VARCHAR"))
    return exp.Contains(this=text, expression=exp.Lower(this=exp.Literal.string(words)))


def _value(words: str, name: str, kind: str) -> exp.Expr:
    from sqlglot import exp

    if _NESTED.match(kind):
        raise InvalidRequest(f"{name!r} holds lists or fields, which have no order.", hint="Write a text to look for.")
    if _TEXT.match(kind):
        return exp.Literal.string(words)
    if not _is_value(words, kind):
        raise InvalidRequest(f"{words!r} is no value of {name!r}, which is {kind}.", hint=_like(kind))
    return exp.cast(exp.Literal.string(words.replace(",", "") if _is_number(kind) else words), kind)


def _is_value(words: str, kind: str) -> bool:
    """Whether the words can be read as the type; what only looks so is told by the engine."""
    if _is_number(kind):
        return re.fullmatch(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?", words, re.IGNORECASE) is not None
    if kind.upper().startswith("BOOL"):
        return words.casefold() in ("true", "false")
    return re.fullmatch(r"\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", words) is not None


def _is_number(kind: str) -> bool:
    return re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL", kind.upper()) is not None


def _like(kind: str) -> str:
    if _is_number(kind):
        return "Write a number such as `>10` or `1..5`."
    return "Write `true` or `false`." if kind.upper().startswith("BOOL") else "Write a day such as `>=2026-01-31`."


def _known(name: str, columns: Columns) -> str:
    if name not in columns:
        raise InvalidRequest(f"There is no column {name!r}.", hint="Choose one of the columns that are shown.")
    return name


def _hides_place(columns: Columns) -> bool:
    return any(name.casefold() in PLACE for name in columns)


def _shown(name: str, kind: str) -> exp.Expr:
    """A long text is cut where it is read, so that a page of rows stays small."""
    from sqlglot import exp

    column = exp.column(name, quoted=True)
    if kind.upper() != "VARCHAR":
        return column
    return exp.alias_(exp.Left(this=column, expression=exp.Literal.number(LONGEST_TEXT)), name, quoted=True)


def _text(tree: exp.Select) -> str:
    return tree.sql(dialect="duckdb")
