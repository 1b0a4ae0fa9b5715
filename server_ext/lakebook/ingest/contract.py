"""The rules of a table's contract over the rows of a load, before anything is committed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.catalog.contract_models import Rule
from lakebook.catalog.contracts import rules_in_force
from lakebook.errors import ContractBroken, InvalidRequest
from lakebook.ingest.native import Processed
from lakebook.ingest.schema_fit import fit
from lakebook.ingest.staged_rows import own_rows
from lakebook.ingest.standing import own_from
from lakebook.rows import json_rows
from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from lakebook.ingest.load import Loading

SHOWN_ROWS = 3
SAID_RULES = 3
# What the native pass counts as a blank at the ends of a text.
BLANKS = " \t\n\f\r"


@dataclass
class Examined:
    """The rows of a load, and what is known of them."""

    connection: duckdb.DuckDBPyConnection
    processed: Processed
    types: dict[str, str]
    rows: int
    duplicates_before: int


def check_contract(call: Call, loading: Loading, processed: Processed, parquet: Path) -> None:
    """ContractBroken with the broken rules, how many rows break each and the first of them; nothing else happens."""
    rules = rules_for(call, loading.layer, loading.name)
    before, standing = own_from(call, loading), call.runtime.catalog.find(loading.layer, loading.name)
    duplicates = 0
    if before and standing is not None:
        duplicates = call.runtime.catalog.profile(standing["dataset_id"], standing["version"]).duplicate_rows
    types = {one["name"]: one["data_type"] for one in processed.columns}
    call.report(0.9, "checking the contract", rows=processed.row_count)
    with own_rows(parquet, before, call.runtime.settings.folder("tmp")) as connection:
        examined = Examined(connection, processed, types, processed.row_count - before, duplicates)
        broken = [told for rule in rules if (told := _broken(examined, rule)) is not None]
    if broken:
        raise _error(loading, broken)


def rules_for(call: Call, layer: str, name: str) -> list[Rule]:
    """The rules that a load under this name must keep; InvalidRequest where there are none."""
    found = call.runtime.catalog.find(layer, name)
    rules = [] if found is None else rules_in_force(call.runtime.database, found["dataset_id"])
    if not rules:
        raise InvalidRequest(
            f"{name} has no contract.",
            hint=f"Accept rules first: `lakebook contracts show {name}`, then `lakebook contracts accept {name} …`.",
        )
    return rules


def _broken(examined: Examined, rule: Rule) -> dict[str, Any] | None:
    """The rule with how many rows break it and the first of them, or None where it is kept."""
    processed, count, examples = examined.processed, 0, []
    if rule.column and rule.column not in examined.types:
        return _told(rule, examined.rows, [], f"{rule.column} is missing from the file")
    if rule.kind == "duplicates":
        count = max(0, processed.duplicate_rows - examined.duplicates_before)
    elif rule.kind == "rejected":
        count = processed.rejected_rows
    elif rule.kind == "deviation":
        count = processed.deviation_counts.get(str(rule.deviation), 0)
    elif any(name not in examined.types for name in rule.columns):
        return _told(rule, examined.rows, [], "its columns are not all in the file")
    else:
        condition = _condition(examined, rule)
        ((count,),) = examined.connection.execute(f"SELECT count(*) FROM own WHERE {condition}").fetchall()
        if rule.kind == "nulls" and count * 100 <= (rule.most or 0) * examined.rows:
            return None
        examples = _rows(examined.connection, condition) if count else []
    return _told(rule, count, examples) if count else None


def _condition(examined: Examined, rule: Rule) -> str:
    """Of the rows that break the rule."""
    column = quoted(rule.column)
    match rule.kind:
        case "type":
            return fit(rule.column, examined.types[rule.column], str(rule.data_type)).broken
        case "nulls":
            return f"{column} IS NULL"
        case "unique":
            names = ", ".join(map(quoted, rule.columns))
            given = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in rule.columns)
            twice = f"SELECT {names} FROM whole WHERE {given} GROUP BY {names} HAVING count(*) > 1"
            return f"({names}) IN ({twice})"
        case "range":
            kind = "TIMESTAMP" if str(rule.data_type).startswith(("DATE", "TIMESTAMP")) else "DOUBLE"
            low, high = (f"CAST({literal(str(bound))} AS {kind})" for bound in (rule.low, rule.high))
            return f"{column} IS NOT NULL AND coalesce(NOT TRY_CAST({column} AS {kind}) BETWEEN {low} AND {high}, true)"
        case "values":
            allowed = ", ".join(map(literal, rule.values or [])) or "NULL"
            return f"{column} IS NOT NULL AND CAST({column} AS VARCHAR) NOT IN ({allowed})"
        case _:
            return f"CAST({column} AS VARCHAR) <> trim(CAST({column} AS VARCHAR), {literal(BLANKS)})"


def _rows(connection: duckdb.DuckDBPyConnection, condition: str) -> list[dict[str, Any]]:
    answer = connection.execute(f"SELECT * FROM own WHERE {condition} LIMIT {SHOWN_ROWS}")
    names = [name for name, *_ in answer.description or ()]
    return json_rows([dict(zip(names, row, strict=True)) for row in answer.fetchall()])


def _told(rule: Rule, count: int, examples: list[dict[str, Any]], instead: str = "") -> dict[str, Any]:
    return {"rule_id": rule.rule_id, "description": rule.description, "column": rule.column, "count": count,
            "examples": examples, "instead": instead}  # fmt: skip


def _error(loading: Loading, broken: list[dict[str, Any]]) -> ContractBroken:
    said = [f"{one['description']}, but {one['instead'] or _counted(one)}" for one in broken[:SAID_RULES]]
    more = f"; and {len(broken) - SAID_RULES} more" if len(broken) > SAID_RULES else ""
    rules = "a rule" if len(broken) == 1 else f"{len(broken)} rules"
    return ContractBroken(
        f"{loading.source} breaks {rules} of the contract of {loading.name}: {'; '.join(said)}{more}. "
        f"Nothing was loaded.",
        hint=f"Mend the source, or drop the rule: `lakebook contracts drop {loading.name} {broken[0]['rule_id']}`.",
        details={"broken": broken},
    )


def _counted(one: dict[str, Any]) -> str:
    rows = "1 row does not keep it" if one["count"] == 1 else f"{one['count']:,} rows do not keep it"
    column = one["column"]
    shown = [str(row[column]) for row in one["examples"] if row.get(column) is not None] if column else []
    values = list(dict.fromkeys(shown))
    return f"{rows} (such as {', '.join(map(repr, values))})" if values else rows
