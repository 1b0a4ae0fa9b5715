"""Find everything in a statement's tree that is on no list of what a statement may be made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sqlglot import exp

from lakebook.errors import Reason
from lakebook.query.guard.allowed import FUNCTIONS, NAMED, STRUCTURE, TABLE_FUNCTIONS, TYPES
from lakebook.query.guard.places import reason_at

# The parser takes these after a bracket, and the binder does not look at them there.
_OF_A_SELECT = ("where", "group", "having", "qualify", "windows")
_WORD = re.compile(r"\w+")


def strangers(nodes: Iterable[exp.Expr], dialect: str, source: str) -> Iterator[Reason]:
    """A reason for every node that no list of the dialect has."""
    named = NAMED[dialect]
    for node in nodes:
        message = _function_trouble(node, named) if isinstance(node, exp.Func) else _structure_trouble(node)
        if message:
            yield reason_at(node, message, source)


def _function_trouble(node: exp.Func, named: frozenset[str]) -> str | None:
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        name = str(node.name if isinstance(node, exp.Anonymous) else node.this).lower()
        return None if name in named else f"The function {name!r} may not be used."
    if type(node).__name__ in FUNCTIONS:
        return None
    return f"The function {node.sql_name().lower()!r} may not be used."


def _structure_trouble(node: exp.Expr) -> str | None:
    kind = type(node).__name__
    if kind not in STRUCTURE:
        return f"{_words(kind)} may not be used."
    if isinstance(node, exp.DataType):
        return _type_trouble(node)
    if isinstance(node, exp.Table):
        return _source_trouble(node)
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
        return "Functions may not be called with a schema or by a dot."
    if isinstance(node, exp.Var) and not _WORD.fullmatch(node.name):
        return f"{node.name!r} is no word."
    if isinstance(node, exp.Subquery) and any(node.args.get(clause) for clause in _OF_A_SELECT):
        return "A query in brackets takes no clause but ORDER BY, LIMIT and OFFSET."
    return _aggregate_in_where(node) if isinstance(node, exp.Where) else None


def _aggregate_in_where(node: exp.Where) -> str | None:
    if isinstance(node.parent, exp.Filter):
        return None
    for found in node.find_all(exp.AggFunc):
        if found.find_ancestor(exp.Query, exp.Window) is node.parent:
            return "A WHERE filters rows before they are summed up: put the condition on the aggregate into HAVING."
    return None


def _type_trouble(node: exp.DataType) -> str | None:
    kind = node.this
    name = kind.value if isinstance(kind, exp.DataType.Type) else str(kind)
    return None if name.upper() in TYPES else f"The type {node.sql('duckdb').lower()!r} may not be used."


def _source_trouble(node: exp.Table) -> str | None:
    if isinstance(node.this, exp.Identifier | exp.GenerateSeries | exp.Unnest | exp.Explode):
        return None
    if isinstance(node.this, exp.Anonymous) and node.this.name.lower() in TABLE_FUNCTIONS:
        return None
    return f"{node.this.sql('duckdb')[:60]!r} is no table that may be read."


def _words(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()
