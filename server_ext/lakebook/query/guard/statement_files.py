"""Files of statements held against the guard: JSON lines of cases, or plain SQL, over tables described by DDL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from sqlglot import exp, parse
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError, TokenError
from sqlglot.tokenizer_core import TokenType

from lakebook.errors import InvalidRequest, RefusedStatement
from lakebook.query.guard.allowed import NAMED
from lakebook.query.guard.guarded import guard
from lakebook.query.tables import Column, Table

# What a table is called in DuckDB's dialect is what it is called in Postgres': the guard runs both in DuckDB.
_ENGINE = {"duckdb": "duckdb", "postgres": "duckdb", "snowflake": "snowflake", "spark": "spark"}


@dataclass(frozen=True)
class Case:
    """One statement of a file; `id` is the file's own, or the statement's number counted from 1."""

    id: str | int
    sql: str
    dialect: str


def cases_of(text: str, name: str, dialect: str = "duckdb") -> list[Case]:
    """The statements of a `.jsonl` file of `{id, sql, dialect}`, or of any other file as SQL; raises InvalidRequest."""
    if PurePath(name).suffix.lower() == ".jsonl":
        lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        return [_case(line, number, dialect) for number, line in lines]
    return [Case(number, sql, dialect) for number, sql in enumerate(_split(text, dialect), start=1)]


def _case(line: str, number: int, dialect: str) -> Case:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise InvalidRequest(f"Line {number} is not JSON.", hint="Write one `{id, sql}` a line.") from error
    if not isinstance(found, dict) or not isinstance(found.get("sql"), str):
        raise InvalidRequest(f"Line {number} has no text `sql`.", hint="Write one `{id, sql}` a line.")
    written_in = str(found.get("dialect") or dialect)
    if written_in not in NAMED:
        raise InvalidRequest(
            f"Line {number} names the dialect {written_in!r}.", hint=f"There are {', '.join(sorted(NAMED))}."
        )
    key = found.get("id")
    return Case(key if isinstance(key, str | int) else number, found["sql"], written_in)


def _split(text: str, dialect: str) -> Iterator[str]:
    """The parts between the semicolons that stand outside of quotes and comments; parts without a word are none."""
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(text)
    except TokenError:
        yield text  # a quote or a comment that never ends: one statement, which the guard refuses with its reason
        return
    start, words = 0, 0
    for token in tokens:
        if token.token_type is not TokenType.SEMICOLON:
            words += 1
            continue
        if words:
            yield text[start : token.start].strip()
        start, words = token.end + 1, 0
    if words:
        yield text[start:].strip()


@dataclass(frozen=True)
class Described:
    """Tables as DDL describes them: the identifiers keep whether they were quoted."""

    tables: tuple[tuple[exp.Identifier, tuple[tuple[exp.Identifier, str], ...]], ...]

    def in_dialect(self, dialect: str) -> list[Table]:
        """The tables under the names that the dialect stores for what was written."""
        return [
            Table(
                name=_stored(name, dialect),
                layer="bronze",
                dataset_id=name.name,
                version=0,
                row_count=0,
                files=(),
                columns=tuple(Column(_stored(column, dialect), data_type) for column, data_type in columns),
                engine=_ENGINE[dialect],
            )
            for name, columns in self.tables
        ]


def _stored(name: exp.Identifier, dialect: str) -> str:
    """Snowflake stores what is not quoted in capitals; the others compare names in any case."""
    return name.name.upper() if dialect == "snowflake" and not name.args.get("quoted") else name.name


def described(ddl: str, dialect: str = "duckdb") -> Described:
    """The tables that CREATE TABLE statements describe; every other statement is passed over, and none runs."""
    try:
        trees = parse(ddl, read=dialect)
    except SqlglotError as error:
        raise InvalidRequest(
            "The description of the tables cannot be read as SQL.", hint="Write CREATE TABLE statements."
        ) from error
    made = [tree.this for tree in trees if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema)]
    if not made:
        raise InvalidRequest("No table is described there.", hint="Write CREATE TABLE name (column TYPE, …).")
    return Described(tuple((schema.this.this, _columns(schema)) for schema in made))


def _columns(schema: exp.Schema) -> tuple[tuple[exp.Identifier, str], ...]:
    definitions = [each for each in schema.expressions if isinstance(each, exp.ColumnDef)]
    return tuple((each.this, _type(each.args.get("kind"))) for each in definitions)


def _type(kind: object) -> str:
    return kind.sql("duckdb") if isinstance(kind, exp.DataType) else "UNKNOWN"


def validated(case: Case, tables: Sequence[Table]) -> dict[str, Any]:
    """`{id, valid, errors}`: each error says why the guard refuses the statement, with line and column from 1."""
    try:
        guard(case.sql, tables, row_limit=None, dialect=case.dialect, engine=_ENGINE[case.dialect])
    except RefusedStatement as error:
        return {"id": case.id, "valid": False, "errors": [asdict(reason) for reason in error.reasons]}
    return {"id": case.id, "valid": True, "errors": []}
