"""Types of a bound tree in classes, and nodes that carry the type DuckDB would give them."""

from __future__ import annotations

from typing import TypeVar

from sqlglot import exp

Node = TypeVar("Node", bound=exp.Expr)
Kind = exp.DType

WHOLE = frozenset({Kind.TINYINT, Kind.SMALLINT, Kind.INT, Kind.BIGINT, Kind.INT128, Kind.UTINYINT, Kind.USMALLINT,
                   Kind.UINT, Kind.UBIGINT, Kind.UINT128})  # fmt: skip
FRACTION = frozenset({Kind.DOUBLE, Kind.FLOAT})
TEXT = frozenset({Kind.TEXT, Kind.VARCHAR, Kind.CHAR})
PLAIN_POINT = frozenset({Kind.TIMESTAMP, Kind.TIMESTAMPNTZ, Kind.DATETIME})
POINT = PLAIN_POINT | {Kind.TIMESTAMPTZ}


class Differs(Exception):
    """The construct means something else there, and there is no rule that says it otherwise."""


def kind_of(node: object) -> exp.DType:
    """The type's name; UNKNOWN where it is not known."""
    found = node.type if isinstance(node, exp.Expr) else None
    kind = found.this if isinstance(found, exp.DataType) else None
    return kind if isinstance(kind, exp.DType) else Kind.UNKNOWN


def is_whole(node: object) -> bool:
    """Whether the values are whole numbers."""
    return kind_of(node) in WHOLE


def is_decimal(node: object) -> bool:
    """Whether the values are decimals."""
    return kind_of(node) is Kind.DECIMAL


def is_fraction(node: object) -> bool:
    """Whether the values are binary fractions."""
    return kind_of(node) in FRACTION


def is_number(node: object) -> bool:
    """Whether the values are numbers."""
    return is_whole(node) or is_decimal(node) or is_fraction(node)


def is_text(node: object) -> bool:
    """Whether the values are text."""
    return kind_of(node) in TEXT


def is_day(node: object) -> bool:
    """Whether the values are days."""
    return kind_of(node) is Kind.DATE


def is_time(node: object) -> bool:
    """Whether the values are days or points in time."""
    return is_day(node) or kind_of(node) in POINT


def family(node: object) -> str:
    """What a value may be compared with: `number`, `text`, `time`, `boolean`, `null` or `unknown`."""
    if isinstance(node, exp.Null) or kind_of(node) is Kind.NULL:
        return "null"
    if is_number(node):
        return "number"
    if is_text(node):
        return "text"
    if is_time(node):
        return "time"
    return "boolean" if kind_of(node) is Kind.BOOLEAN else "unknown"


def of_type(node: Node, kind: exp.DType) -> Node:
    """The node, with the type set."""
    node.type = exp.DataType(this=kind)
    return node


def double(node: exp.Expr) -> exp.Expr:
    """The node as DOUBLE."""
    return node if is_fraction(node) else of_type(exp.cast(node, Kind.DOUBLE), Kind.DOUBLE)


def call(name: str, *arguments: exp.Expr, kind: exp.DType) -> exp.Expr:
    """A function by its name."""
    return of_type(exp.Anonymous(this=name, expressions=list(arguments)), kind)


def whole(number: int) -> exp.Expr:
    """A whole number written out."""
    literal = of_type(exp.Literal.number(abs(number)), Kind.INT)
    return of_type(exp.Neg(this=literal), Kind.INT) if number < 0 else literal


def require(condition: bool, message: str) -> None:
    """Raise Differs where the condition does not hold."""
    if not condition:
        raise Differs(message)
