"""The guard: one SELECT over known tables, made of what is on the lists, regenerated from its tree."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp, parse, tokenize
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.tokenizer_core import TokenType

from lakebook.errors import Reason, RefusedStatement
from lakebook.query.allowed import FUNCTIONS, NAMED, STRUCTURE, TABLE_FUNCTIONS, TYPES
from lakebook.query.exact import mark_aggregates, spell_averages, sum_exactly
from lakebook.query.names import bind_columns, bind_tables
from lakebook.query.places import reason_at
from lakebook.query.size import excesses
from lakebook.query.tables import Table

MAX_CHARACTERS = 100_000
_OURS = "set by the guard"

# The parser logs what it leaves unparsed, with the text; here such a statement is refused with a reason instead.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER, TokenType.RAW_STRING, TokenType.BYTE_STRING}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Guarded:
    """A statement that may run: the SQL regenerated from its tree, and the tables that it reads."""

    sql: str
    tables: tuple[Table, ...]
    statement: exp.Expr


def guard(sql: str, tables: Sequence[Table], *, row_limit: int | None = 10_000, dialect: str = "duckdb") -> Guarded:
    """The statement in the form in which it may run, with at most `row_limit` rows; raises RefusedStatement."""
    statement, used, reasons = _examine(sql, tables, dialect)
    if statement is None or reasons:
        raise RefusedStatement(reasons)
    if row_limit is not None:
        statement = limited(statement, row_limit)
    text = _text(statement)
    again, _, doubts = _examine(text, used, "duckdb")
    if again is None or doubts:
        raise RefusedStatement(doubts)
    return Guarded(text, tuple(used), statement)


def check(sql: str, tables: Sequence[Table], dialect: str = "duckdb") -> list[Reason]:
    """Why the statement would be refused; empty where it would run."""
    return _examine(sql, tables, dialect)[2]


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
    return Guarded(_text(wider), guarded.tables, wider)


def _text(statement: exp.Expr) -> str:
    return statement.sql("duckdb", pretty=True, comments=False)


def _examine(sql: str, tables: Sequence[Table], dialect: str) -> tuple[exp.Expr | None, list[Table], list[Reason]]:
    statement, reasons = _one_statement(sql, dialect)
    if statement is None:
        return None, [], reasons
    spell_averages(statement)
    reasons = list(_strangers(statement, sql))
    if reasons:
        return None, [], reasons
    used, reasons = bind_tables(statement, tables, sql)
    reasons.extend(excesses(statement, used, sql))
    if reasons:
        return None, used, reasons
    mark_aggregates(statement)
    typed, reasons = bind_columns(statement, used, sql)
    if not reasons:
        sum_exactly(statement, typed)
    return statement, used, reasons


def _one_statement(sql: str, dialect: str) -> tuple[exp.Expr | None, list[Reason]]:
    if len(sql) > MAX_CHARACTERS:
        return None, [Reason(f"The statement is longer than {MAX_CHARACTERS:,} characters.")]
    try:
        odd = _odd_character(sql, dialect)
        if odd:
            return None, [odd]
        found = [tree for tree in parse(sql, read=dialect) if tree is not None]
    except ParseError as error:
        return None, [_syntax(error)]
    except (TokenError, SqlglotError, RecursionError) as error:
        return None, [Reason(_first_line(error))]
    found = [tree for tree in found if not isinstance(tree, exp.Semicolon)]
    if not found:
        return None, [Reason("There is no statement here.")]
    if len(found) > 1:
        return None, [Reason(f"There are {len(found)} statements here; only one may run.")]
    if not isinstance(found[0], exp.Select | exp.SetOperation | exp.Pivot | exp.Subquery):
        return None, [Reason("Only a SELECT may run.", 1, 1)]
    return found[0], []


def _syntax(error: ParseError) -> Reason:
    first = error.errors[0] if error.errors else {}
    near = str(first.get("highlight") or "").strip()
    line, column = first.get("line"), first.get("col")
    if isinstance(column, int) and near:
        column = max(1, column - len(near) + 1)
    return Reason(f"This cannot be read as SQL{f' near {near!r}' if near else ''}.", line, column)


def _first_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "The statement is nested too deeply."
    text = str(error).splitlines()[0] if str(error) else "no reason given"
    return f"This cannot be read as SQL: {text.rstrip('.')}."


def _odd_character(sql: str, dialect: str) -> Reason | None:
    """Invisible and look-alike separators mean different things to different parsers: refused outside quotes."""
    quoted = [(token.start, token.end) for token in tokenize(sql, read=dialect) if token.token_type in _QUOTED]
    for place, character in enumerate(sql):
        if character in " \t\n\r" or (character.isascii() and character.isprintable()):
            continue
        if character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"):
            continue
        if not any(start <= place <= end for start, end in quoted):
            line = sql.count("\n", 0, place) + 1
            name = unicodedata.name(character, "a control character").lower()
            return Reason(f"There is {name} outside of quotes.", line, place - sql.rfind("\n", 0, place))
    return None


def _strangers(statement: exp.Expr, source: str) -> Iterator[Reason]:
    """Everything in the tree that is on no list."""
    for node in statement.walk():
        message = _function_trouble(node) if isinstance(node, exp.Func) else _structure_trouble(node)
        if message:
            yield reason_at(node, message, source)


def _function_trouble(node: exp.Func) -> str | None:
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        return None if name in NAMED else f"The function {name!r} may not be used."
    if isinstance(node, exp.AnonymousAggFunc):
        name = str(node.this).lower()
        return None if name in NAMED else f"The function {name!r} may not be used."
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
    if isinstance(node, exp.Where):
        return _aggregate_in_where(node)
    return None


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
    if isinstance(node.this, exp.Identifier):
        return None
    if isinstance(node.this, exp.GenerateSeries | exp.Unnest | exp.Explode):
        return None
    if isinstance(node.this, exp.Anonymous) and node.this.name.lower() in TABLE_FUNCTIONS:
        return None
    return f"{node.this.sql('duckdb')[:60]!r} is no table that may be read."


def _words(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()
