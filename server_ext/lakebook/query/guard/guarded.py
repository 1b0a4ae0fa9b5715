"""The guard: one SELECT over known tables, made of what is on the lists, regenerated from its tree.

A statement is read in the dialect it is written in and regenerated in the dialect it runs in; the text that comes out
is read again in that dialect and held against the same lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from lakebook.errors import Reason, RefusedStatement
from lakebook.query.guard.exact import mark_aggregates, spell_averages, sum_exactly
from lakebook.query.guard.names import bind_columns, bind_tables, name_outputs
from lakebook.query.guard.retarget import NAMES, retargeted
from lakebook.query.guard.rules import Rules, apply_rules
from lakebook.query.guard.size import excesses
from lakebook.query.guard.statement import MAX_CHARACTERS, one_statement
from lakebook.query.guard.strangers import strangers
from lakebook.query.tables import Table

__all__ = ["MAX_CHARACTERS", "Guarded", "Rules", "check", "guard", "limited", "one_row_more"]

_OURS = "set by the guard"


@dataclass(frozen=True)
class Guarded:
    """A statement that may run: the SQL regenerated from its tree, the tables that it reads, its dialect."""

    sql: str
    tables: tuple[Table, ...]
    statement: exp.Expr
    dialect: str = "duckdb"


def guard(
    sql: str,
    tables: Sequence[Table],
    *,
    row_limit: int | None = 10_000,
    dialect: str = "duckdb",
    engine: str | None = None,
    rules: Rules | None = None,
) -> Guarded:
    """The statement as it may run, with at most `row_limit` rows; raises RefusedStatement.

    It runs where its tables are, or in `engine` where one is named.
    """
    found = _examine(sql, tables, dialect, engine)
    statement = found.statement
    if statement is None or found.reasons:
        raise RefusedStatement(found.reasons)
    if rules is not None:
        apply_rules(statement, found.used, rules, found.engine)
    if row_limit is not None:
        statement = limited(statement, row_limit)
    text = _text(statement, found.engine)
    doubts = _doubts(text, found.used, found.engine)
    if doubts:
        raise RefusedStatement(doubts)
    return Guarded(text, tuple(found.used), statement, found.engine)


def check(sql: str, tables: Sequence[Table], dialect: str = "duckdb", engine: str | None = None) -> list[Reason]:
    """Why the statement would be refused; empty where it would run."""
    return _examine(sql, tables, dialect, engine).reasons


def limited(statement: exp.Expr, row_limit: int) -> exp.Expr:
    """The statement with at most this many rows; a smaller limit of its own stays."""
    limit = statement.args.get("limit")
    number = limit.expression if isinstance(limit, exp.Limit) else None
    plain = limit is None or (isinstance(number, exp.Literal) and number.is_int and not limit.args.get("limit_options"))
    if isinstance(statement, exp.Query) and not isinstance(statement, exp.Pivot | exp.Subquery) and plain:
        if isinstance(number, exp.Literal) and int(number.name) <= row_limit:
            return statement
        statement.set("limit", _limit(row_limit))
        return statement
    whole = exp.Subquery(this=statement, alias=exp.TableAlias(this=exp.to_identifier("answer")))
    return exp.Select(expressions=[exp.Star()], from_=exp.From(this=whole), limit=_limit(row_limit))


def _limit(rows: int) -> exp.Limit:
    limit = exp.Limit(expression=exp.Literal.number(rows))
    limit.meta[_OURS] = True
    return limit


def one_row_more(guarded: Guarded, row_limit: int) -> Guarded:
    """The same statement with room for one row past the limit that the guard set; a limit of its own stays."""
    limit = guarded.statement.args.get("limit")
    if not isinstance(limit, exp.Limit) or limit.expression.name != str(row_limit) or not limit.meta.get(_OURS):
        return guarded
    wider = guarded.statement.copy()
    wider.set("limit", exp.Limit(expression=exp.Literal.number(row_limit + 1)))
    return Guarded(_text(wider, guarded.dialect), guarded.tables, wider, guarded.dialect)


def _text(statement: exp.Expr, dialect: str) -> str:
    return statement.sql(dialect, pretty=True, comments=False)


@dataclass
class _Examined:
    """What is known of a statement so far; it may run where there is a statement and no reason against it."""

    statement: exp.Expr | None
    reasons: list[Reason]
    used: list[Table] = field(default_factory=list)
    engine: str = "duckdb"


def _examine(sql: str, tables: Sequence[Table], dialect: str, engine: str | None) -> _Examined:
    statement, reasons = one_statement(sql, dialect)
    if statement is None:
        return _Examined(None, reasons)
    nodes = spell_averages(list(statement.walk()))
    reasons = list(strangers(nodes, dialect, sql))
    if reasons:
        return _Examined(None, reasons)
    used, reasons = bind_tables(nodes, tables, sql)
    runs_in = engine or next((table.engine for table in used), "duckdb")
    reasons.extend(excesses(nodes, sql))
    reasons.extend(_astray(used, dialect, runs_in))
    if reasons:
        return _Examined(None, reasons, used)
    if runs_in == "duckdb":
        return _for_duckdb(statement, nodes, used, sql)
    if runs_in == dialect:
        return _Examined(statement, bind_columns(statement, used, sql, dialect, typing=False)[1], used, runs_in)
    return _retargeted(statement, used, runs_in, sql)


def _for_duckdb(statement: exp.Expr, nodes: Sequence[exp.Expr], used: list[Table], sql: str) -> _Examined:
    """Names bound, figures made exact."""
    marked = mark_aggregates(nodes)
    typed, reasons = bind_columns(statement, used, sql, typing=bool(marked))
    if marked and not reasons:
        sum_exactly(marked, typed)
    return _Examined(statement, reasons, used)


def _retargeted(statement: exp.Expr, used: list[Table], engine: str, sql: str) -> _Examined:
    """Names bound, then said in the engine's dialect."""
    name_outputs(statement)
    typed, reasons = bind_columns(statement, used, sql)
    if reasons:
        return _Examined(None, reasons, used)
    return _Examined(*retargeted(statement, typed, used, engine, sql), used, engine)


def _astray(used: Sequence[Table], dialect: str, engine: str) -> Iterator[Reason]:
    """A statement that no single engine can run."""
    places = {table.engine: table.name for table in used}
    if len(places) > 1:
        where = " and ".join(f"{name!r} in {NAMES[each]}" for each, name in sorted(places.items()))
        yield Reason(f"No engine has all of these tables: {where}. Ingest those that are elsewhere.", 1, 1)
    if engine != "duckdb" and dialect not in ("duckdb", engine):
        yield Reason(f"A statement for {NAMES.get(dialect, dialect)} cannot run in {NAMES[engine]}.", 1, 1)


def _doubts(text: str, used: Sequence[Table], dialect: str) -> list[Reason]:
    """What is wrong with the regenerated text when it is read again; nothing, where the generator is right.

    Its columns are not bound a second time: they are those of the tree, and the engine binds them once more.
    """
    again, reasons = one_statement(text, dialect)
    if again is None:
        return reasons
    nodes = list(again.walk())
    reasons = list(strangers(nodes, dialect, text))
    if reasons:
        return reasons
    return [*bind_tables(nodes, used, text)[1], *excesses(nodes, text)]
