"""`lakebook validate --file`: every statement of a file held against the guard."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.arguments import Parser
from lakebook.errors import InvalidRequest
from lakebook_cli.ending import REFUSED, ended

if TYPE_CHECKING:
    from lakebook.query.guard.statement_files import Case


BY_FILE = (
    "--file FILE: Hold every statement of a file against the guard: JSON lines of {id, sql, dialect}, or statements "
    "parted by `;`. With it --tables FILE reads CREATE TABLE statements in place of the tables of the home."
)


def main(words: list[str]) -> int:
    """Print what the guard says of each statement; 1 where one is refused, 2 for wrong use."""
    return ended(lambda: parser().parse_args(words), _carry_out)


def _carry_out(options: Namespace) -> int:
    all_valid = True
    for verdict in _verdicts(options):
        print(json.dumps(verdict, ensure_ascii=False) if options.json else _in_words(verdict))
        all_valid = all_valid and bool(verdict["valid"])
    return 0 if all_valid else REFUSED


def parser() -> Parser:
    """The words that `lakebook validate --file` takes."""
    made = Parser(prog="lakebook validate", description="Hold every statement of a file against the guard.")
    made.add_argument("--file", required=True, help="JSON lines of {id, sql, dialect}, or statements parted by `;`.")
    made.add_argument("--tables", help="File of CREATE TABLE statements; without it, the tables of the home.")
    made.add_argument("--dialect", default="duckdb", choices=("duckdb", "postgres", "snowflake", "spark"),
                      help="SQL dialect of statements that name none.")  # fmt: skip
    made.add_argument("--home", default=None, help="Folder that holds everything lakebook keeps.")
    made.add_argument("--url", default=None, help="Address of a lakebook server to ask instead.")
    made.add_argument("--json", action="store_true", help="Print one {id, valid, errors} a line.")
    return made


def _verdicts(options: Namespace) -> Iterator[dict[str, Any]]:
    from lakebook.query.guard.statement_files import cases_of, described, validated

    cases = cases_of(_text(options.file), options.file, options.dialect)
    if options.tables is None:
        yield from _in_home(cases, options.url or options.home)
        return
    tables = described(_text(options.tables))
    for case in cases:
        yield validated(case, tables.in_dialect(case.dialect))


def _in_home(cases: list[Case], address: str | None) -> Iterator[dict[str, Any]]:
    import lakebook

    with lakebook.open(address) as lb:
        for case in cases:
            said = lb.validate(case.sql, dialect=case.dialect)
            yield {"id": case.id, "valid": said.valid, "errors": said.reasons}


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read as text.", hint="Check its name; it must be UTF-8.") from error


def _in_words(verdict: dict[str, Any]) -> str:
    if verdict["valid"]:
        return f"{verdict['id']}: valid"
    return "\n".join(f"{verdict['id']}: {_place(error)}{error['message']}" for error in verdict["errors"])


def _place(error: dict[str, Any]) -> str:
    return f"line {error['line']}, column {error['column']}: " if error.get("line") else ""
