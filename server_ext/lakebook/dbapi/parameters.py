"""Values for the `?` of a statement: put into its tree as literals, never into its text."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlglot import exp, parse, tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from lakebook.dbapi.failures import InterfaceError, ProgrammingError

DIALECT = "duckdb"
MARK = "lakebook_value_"


def bound(statement: str, parameters: Sequence[Any]) -> str:
    """The statement with every `?` replaced, in order; raises ProgrammingError where they do not match."""
    try:
        named, count = _named(statement)
        trees = [tree for tree in parse(named, read=DIALECT) if tree is not None]
    except SqlglotError:
        raise ProgrammingError("The statement cannot be read, so its parameters cannot be bound.") from None
    if count != len(parameters):
        raise ProgrammingError(f"The statement has {count} parameters, {len(parameters)} values were given.")
    values = {f"{MARK}{place}": value for place, value in enumerate(parameters)}
    for mark in [mark for tree in trees for mark in tree.find_all(exp.Placeholder)]:
        if mark.name not in values:
            raise ProgrammingError(f"The parameter ${mark.name} has no value: write ? where values go.")
        mark.replace(literal(values[mark.name]))
    return "; ".join(tree.sql(DIALECT) for tree in trees)


def _named(statement: str) -> tuple[str, int]:
    """The statement with its question marks named after their order, which the tree alone does not keep."""
    places = [token.start for token in tokenize(statement, read=DIALECT) if token.token_type is TokenType.PLACEHOLDER]
    text, end = [], 0
    for number, place in enumerate(places):
        text += [statement[end:place], f"${MARK}{number} "]
        end = place + 1
    return "".join([*text, statement[end:]]), len(places)


def literal(value: Any) -> exp.Expr:
    """A value as a literal of its own type."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, float):
        return exp.cast(exp.Literal.string(repr(value)), exp.DType.DOUBLE)
    if isinstance(value, str):
        return exp.Literal.string(value)
    for kind, name in _MOMENTS:
        if isinstance(value, kind):
            return exp.cast(exp.Literal.string(str(value)), _zoned(value, name))
    what = type(value).__name__
    raise InterfaceError(f"A parameter cannot be a {what}: give text, a number, a truth value or a time.")


_MOMENTS = (
    (datetime.datetime, exp.DType.TIMESTAMP),
    (datetime.date, exp.DType.DATE),
    (datetime.time, exp.DType.TIME),
)


def _zoned(value: Any, name: exp.DType) -> exp.DType:
    has_zone = isinstance(value, datetime.datetime) and value.tzinfo is not None
    return exp.DType.TIMESTAMPTZ if has_zone else name


def _number(value: int | Decimal) -> exp.Expr:
    if isinstance(value, Decimal) and not value.is_finite():
        raise InterfaceError("A decimal parameter must be a finite number.")
    plain = exp.Literal.number(format(abs(value), "f") if isinstance(value, Decimal) else abs(value))
    return exp.Neg(this=plain) if value < 0 else plain
