"""Deterministic repair of a model's SQL: every step is said, and the whole is shown as a difference of two texts."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp, parse, parse_one
from sqlglot.errors import SqlglotError

from lakebook.errors import Reason
from lakebook.query.by_model.foreign import mend_functions
from lakebook.query.by_model.literals import mend_case, mend_comparisons, mend_formats, mend_quotes, mend_types
from lakebook.query.by_model.names import mend_columns, mend_tables
from lakebook.query.by_model.shapes import mend_conditions, mend_groups
from lakebook.query.by_model.sources import Values
from lakebook.query.by_model.spelling import respelled, tidied
from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import check

logging.getLogger("sqlglot").setLevel(logging.ERROR)

# Where a statement is no DuckDB's, the engines whose SQL it may be, the likelier first.
DIALECTS = ("tsql", "mysql", "snowflake", "bigquery")
MOST_CHARACTERS = 20_000


@dataclass(frozen=True)
class Repaired:
    """A statement that the guard lets run, what was changed in it, and what it was."""

    sql: str
    changes: tuple[str, ...]
    before: str

    @property
    def diff(self) -> str:
        """The change as a unified difference; empty where nothing was changed."""
        if not self.changes:
            return ""
        lines = difflib.unified_diff(
            self.before.splitlines(),
            self.sql.splitlines(),
            "as the model wrote it",
            "as it was mended",
            lineterm="",
            n=1,
        )
        return "\n".join(lines)


@dataclass(frozen=True)
class BeyondRepair:
    """A statement that cannot be mended without guessing, and why the guard refuses it."""

    sql: str
    reasons: tuple[Reason, ...]


def repaired(sql: str, domain: Domain, values: Values) -> Repaired | BeyondRepair:
    """The statement mended until the guard lets it run, or why it cannot be; a good one comes back as it is."""
    if len(sql) > MOST_CHARACTERS:
        return BeyondRepair(sql[:MOST_CHARACTERS], (Reason("The statement is longer than any that is mended."),))
    try:
        return _repaired(sql, domain, values)
    except (SqlglotError, RecursionError):
        return BeyondRepair(sql, (Reason("This cannot be read as SQL."),))


def _repaired(sql: str, domain: Domain, values: Values) -> Repaired | BeyondRepair:
    text, changes = tidied(sql, domain.tables)
    found = _read(text)
    if found is None:
        text, more = respelled(text, domain.tables)
        changes += more
        found = _read(text)
    if found is None:
        return BeyondRepair(sql, tuple(check(text, domain.tables)))
    tree, dialect = found
    if dialect != "duckdb":
        changes.append(f"read as {dialect}'s SQL")
    changes += _mended(tree, domain)
    reasons = check(_text(tree), domain.tables)
    if reasons:
        return BeyondRepair(sql, tuple(reasons))
    # Last, so that no value of a row can stand in a reason, which a model may be told.
    changes += mend_case(tree, domain.tables, values)
    return Repaired(_text(tree), tuple(changes), _laid_out(sql))


def _mended(tree: exp.Expr, domain: Domain) -> list[str]:
    tables = domain.tables
    steps: Sequence[Callable[[], list[str]]] = (
        lambda: mend_tables(tree, domain),
        lambda: mend_functions(tree, tables),
        lambda: mend_quotes(tree, tables),
        lambda: mend_columns(tree, domain),
        lambda: mend_formats(tree, tables),
        lambda: mend_comparisons(tree, tables),
        lambda: mend_types(tree, tables),
        lambda: mend_conditions(tree, tables),
        lambda: mend_groups(tree, tables),
    )
    return [change for step in steps for change in step()]


def _read(text: str) -> tuple[exp.Expr, str] | None:
    """The one statement and the dialect that could read it."""
    for dialect in ("duckdb", *DIALECTS):
        try:
            found = [tree for tree in parse(text, read=dialect) if tree is not None]
        except (SqlglotError, RecursionError):
            continue
        if len(found) != 1 or not isinstance(found[0], exp.Query):
            return None
        return (found[0] if dialect == "duckdb" else _in_duckdb(found[0])), dialect
    return None


def _in_duckdb(tree: exp.Expr) -> exp.Expr:
    """The tree as DuckDB would read it: another dialect's holds nodes of its own."""
    return parse_one(_text(tree), read="duckdb")


def _text(tree: exp.Expr) -> str:
    return tree.sql("duckdb", pretty=True, comments=False)


def _laid_out(sql: str) -> str:
    """The statement laid out as the mended one is, so that the difference shows what was changed and no line breaks."""
    found = _read(sql)
    return _text(found[0]) if found and found[1] == "duckdb" else sql.strip()
