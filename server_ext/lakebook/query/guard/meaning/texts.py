"""Text and comparisons: patterns, parts of text, what may stand beside what."""

from __future__ import annotations

from sqlglot import exp

from lakebook.query.guard.meaning.times import written
from lakebook.query.guard.meaning.typed import Differs, Kind, family, is_decimal, is_text, is_whole, of_type, require
from lakebook.query.guard.meaning.typed import whole as whole_number


def pattern(node: exp.Like | exp.ILike, _engine: str) -> exp.Expr:
    """A pattern written out; Spark reads a backslash as an escape and DuckDB as itself."""
    literal = node.expression
    require(is_text(node.this), "Only text has patterns.")
    require(isinstance(literal, exp.Literal) and literal.is_string, "A pattern must be written out.")
    require("\\" not in literal.name, "A pattern may not hold a backslash.")
    return of_type(node, Kind.BOOLEAN)


def compared(node: exp.Binary, _engine: str) -> exp.Expr:
    """Numbers beside numbers, text beside text, times beside times: engines convert the rest each in its way."""
    left, right = family(node.this), family(node.expression)
    if left == "time" and right == "text":
        node.set("expression", written(node.expression, node.this))
    elif left == "text" and right == "time":
        node.set("this", written(node.this, node.expression))
    else:
        beside(node.this, node.expression)
    return of_type(node, Kind.BOOLEAN)


def beside(left: exp.Expr, right: exp.Expr) -> None:
    """Raise where two values are not of the same family."""
    families = {family(left), family(right)} - {"null"}
    require("unknown" not in families, "The type of a value that is compared is not known.")
    require(len(families) <= 1, f"A {' is compared with a '.join(sorted(families))}: engines convert it differently.")


def among(node: exp.In, _engine: str) -> exp.Expr:
    """`IN` of values or of a query with one column."""
    values = node.expressions
    if family(node.this) == "time":
        node.set("expressions", [written(each, node.this) if family(each) == "text" else each for each in values])
    for each in node.expressions:
        beside(node.this, each)
    query = node.args.get("query")
    inner = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(inner, exp.Query):
        beside(node.this, inner.selects[0])
    return of_type(node, Kind.BOOLEAN)


def between(node: exp.Between, _engine: str) -> exp.Expr:
    """Both ends belong to it."""
    for name in ("low", "high"):
        end = node.args[name]
        if family(node.this) == "time" and family(end) == "text":
            node.set(name, written(end, node.this))
        else:
            beside(node.this, end)
    return of_type(node, Kind.BOOLEAN)


def joined(node: exp.DPipe, _engine: str) -> exp.Expr:
    """`||` of text; NULL on either side gives NULL."""
    require(is_text(node.this) and is_text(node.expression), "`||` takes text only: numbers are written differently.")
    return of_type(node, Kind.TEXT)


def concatenated(node: exp.Concat, _engine: str) -> exp.Expr:
    """`concat` of text; DuckDB passes over NULL."""
    require(all(is_text(each) for each in node.expressions), "`concat` takes text only.")
    empty = exp.Literal.string("")
    parts = [exp.Coalesce(this=each, expressions=[empty.copy()]) for each in node.expressions]
    return of_type(exp.Concat(expressions=parts, safe=False, coalesce=False), Kind.TEXT)


def cast_text(node: exp.Cast, _engine: str) -> exp.Expr:
    """Whole numbers, decimals, days and booleans are written alike; binary fractions and times are not."""
    source = node.this
    alike = is_whole(source) or is_decimal(source) or is_text(source) or family(source) in ("boolean", "null")
    day = source.type is not None and source.is_type(Kind.DATE)
    require(alike or day, "Binary fractions and times are written as text differently.")
    return node


def part_of_text(node: exp.Func, _engine: str) -> exp.Expr:
    """From a written place, counted from 1, and of a written length."""
    for name in ("start", "length", "expression"):
        place = node.args.get(name)
        if isinstance(place, exp.Expr):
            require(isinstance(place, exp.Literal) and place.is_int and int(place.name) >= (name == "start"),
                    "Places and lengths in text must be written out, and none is below 1.")  # fmt: skip
    require(is_text(node.this), "Only text has parts.")
    return of_type(node, Kind.TEXT)


def text(node: exp.Func, _engine: str) -> exp.Expr:
    """Functions of text that give text."""
    arguments = [each for each in node.iter_expressions() if isinstance(each, exp.Expr)]
    require(all(is_text(each) for each in arguments), "Text is needed here.")
    return of_type(node, Kind.TEXT)


def trimmed(node: exp.Trim, _engine: str) -> exp.Expr:
    """Without the spaces around it."""
    require(node.expression is None and is_text(node.this), "Only spaces are trimmed alike.")
    return of_type(node, Kind.TEXT)


def length(node: exp.Length, _engine: str) -> exp.Expr:
    """How many characters a text has."""
    require(is_text(node.this), "Only text has a length.")
    return of_type(node, Kind.BIGINT)


def contained(node: exp.Func, _engine: str) -> exp.Expr:
    """Whether a text holds, begins or ends with another."""
    require(is_text(node.this) and is_text(node.expression), "Text is needed here.")
    return of_type(node, Kind.BOOLEAN)


def place_in_list(node: exp.Anonymous, _engine: str) -> exp.Expr:
    """`list_position` in a written list: the place counted from 1."""
    listed, value = node.expressions if len(node.expressions) == 2 else (None, None)
    if node.name.lower() != "list_position" or not isinstance(listed, exp.Array):
        raise Differs(f"The function {node.name.lower()!r} has no equal.")
    require(all(isinstance(each, exp.Literal) for each in listed.expressions), "The list must be written out.")
    ifs = [exp.If(this=each, true=whole_number(place)) for place, each in enumerate(listed.expressions, start=1)]
    return of_type(exp.Case(this=value, ifs=ifs), Kind.INT)
